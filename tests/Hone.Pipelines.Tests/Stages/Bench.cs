using Hone.Pipelines.Repositories;
using Hone.Pipelines.Stages;
using Hone.Pipelines.Values;

namespace Hone.Pipelines.Tests.Stages;

/// <summary>A repository on which pipelines are tried.</summary>
internal sealed class Bench : IDisposable
{
    private readonly TemporaryFolder _folder;

    private Bench(TemporaryFolder folder) => _folder = folder;

    public string Path => _folder.Path;

    /// <summary>Every event of every reproduction.</summary>
    public List<StageEvent> Events { get; } = [];

    /// <summary>Whether a stage waits for another process.</summary>
    public bool Waits { get; private set; }

    public static Bench Golden(string name) => new(Tests.Golden.Unpack(name));

    public static Bench With(string pipeline, params IEnumerable<(string Name, string Text)> files)
    {
        var bench = new Bench(new TemporaryFolder());
        bench._folder.Write(".dvc/config", "[core]\n    no_scm = True\n");
        bench._folder.Write("dvc.yaml", pipeline);
        foreach (var (name, text) in files)
        {
            bench._folder.Write(name, text);
        }

        return bench;
    }

    public string Read(string name) => _folder.Read(name);

    public void Write(string name, string text) => _folder.Write(name, text);

    public bool Has(string name) => File.Exists(_folder[name]) || Directory.Exists(_folder[name]);

    public string Status()
    {
        using var repository = Repository.Find(Path);
        using var pipeline = Pipeline.Load(repository);
        var records = new StageComparison(new StageData(repository), pipeline.Parameters);
        return JsonText.Write(new ValueMap([.. pipeline.Graph.Stages
            .Where(stage => !stage.IsTracked)
            .Select(stage => records.Status(stage, pipeline.Locked(stage)))
            .Where(status => !status.IsClean)
            .Select(status => KeyValuePair.Create<string, Value>(status.Stage.Address, status.ToValue()))]));
    }

    /// <summary>Reproduces; what became of each stage, as <c>name outcome</c>.</summary>
    public Task<IReadOnlyList<string>> ReproAsync(params string[] targets) => ReproAsync(new ReproductionOptions(), targets);

    public async Task<IReadOnlyList<string>> ReproAsync(ReproductionOptions options, params string[] targets)
    {
        var ends = await EndsAsync(options, CancellationToken.None, targets);
        return [.. ends.Select(end => $"{end.Stage.Address} {end.Outcome}{(end.Outcome == StageOutcome.Failed ? ": " + end.Detail : "")}")];
    }

    public async Task<IReadOnlyList<StageEnded>> EndsAsync(ReproductionOptions options, CancellationToken cancellationToken, params string[] targets)
    {
        using var repository = Repository.Find(Path);
        using var pipeline = Pipeline.Load(repository);
        var plan = targets.Length == 0
            ? pipeline.Graph.Ordered(pipeline.Graph.Stages.ToHashSet())
            : pipeline.Graph.WithUpstream(targets.SelectMany(target => pipeline.Find(target, "")));
        return await new Reproduction(repository, pipeline, options, See, TimeProvider.System).RunAsync(plan, cancellationToken);
    }

    /// <summary>The message with which the pipeline is refused.</summary>
    public string Refusal()
    {
        using var repository = Repository.Find(Path);
        return Assert.Throws<PipelineException>(() => Pipeline.Load(repository)).Message;
    }

    public IReadOnlyList<Stage> Stages()
    {
        using var repository = Repository.Find(Path);
        using var pipeline = Pipeline.Load(repository);
        return pipeline.Graph.Stages;
    }

    public PipelineLoan Load()
    {
        var repository = Repository.Find(Path);
        return new PipelineLoan(repository, Pipeline.Load(repository));
    }

    /// <summary>The names of all files below a folder, sorted.</summary>
    public IReadOnlyList<string> Files(string folder) => Directory.Exists(_folder[folder])
        ? [.. Directory.EnumerateFiles(_folder[folder], "*", SearchOption.AllDirectories)
            .Select(file => System.IO.Path.GetRelativePath(_folder[folder], file)).Order(StringComparer.Ordinal)]
        : [];

    public void Dispose() => _folder.Dispose();

    private void See(StageEvent happened)
    {
        lock (Events)
        {
            Events.Add(happened);
            Waits |= happened is StageWaits;
        }
    }

    internal sealed record PipelineLoan(Repository Repository, Pipeline Pipeline) : IDisposable
    {
        public void Dispose()
        {
            Pipeline.Dispose();
            Repository.Dispose();
        }
    }
}
