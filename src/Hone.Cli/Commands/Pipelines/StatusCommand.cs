using System.CommandLine;
using Hone.Pipelines.Remotes;
using Hone.Pipelines.Repositories;
using Hone.Pipelines.Stages;
using Hone.Pipelines.Tracking;
using Hone.Pipelines.Verbs;
using Hone.Pipelines.Workspaces;

namespace Hone.Cli.Commands.Pipelines;

/// <summary><c>hone status</c>: which outputs differ from their records.</summary>
internal sealed class StatusCommand
{
    private readonly Argument<string[]> _targets = new("TARGETS") { Description = "Outputs, .dvc files or stages; all if none is named.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<bool> _cloud = new("--cloud", "-c") { Description = "Compare the cache with the remote instead." };
    private readonly Option<string?> _remote = new("--remote", "-r") { Description = "The remote, with --cloud.", HelpName = "NAME" };
    private readonly Option<int> _jobs = new("--jobs", "-j") { Description = "How many objects at once; 0 chooses.", HelpName = "N" };
    private readonly PipelineContext _context;

    public StatusCommand(PipelineContext context)
    {
        _context = context;
        Command = new Command("status", "Tells which outputs differ from their records.") { _targets, _cloud, _remote, _jobs };
        Command.SetAction(RunAsync);
    }

    /// <summary>The verb.</summary>
    public Command Command { get; }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using var repository = PipelineContext.Open();
        var index = _context.Index(repository);
        var targets = Targets.Find(repository, index, parsed.GetValue(_targets)!);
        if (parsed.GetValue(_cloud) || parsed.GetValue(_remote) is not null)
        {
            return await CompareAsync(parsed, repository, targets, cancellationToken);
        }

        var changes = Changes(repository, targets);
        var stages = Stages(repository, parsed.GetValue(_targets) is not { Length: > 0 }, targets);
        if (_context.Common.IsQuiet(parsed))
        {
            return changes.Count + stages.Count > 0 ? ExitCode.Failed : ExitCode.Done;
        }

        _context.Output.WriteLine(_context.Common.IsJson(parsed) ? Json(changes, stages)
            : changes.Count + stages.Count > 0 ? string.Join('\n', [.. Text(changes), .. stages.Select(StageText.Of)])
            : index.Outputs.Count == 0 ? "There are no data or pipelines tracked in this project yet."
            : "Data and pipelines are up to date.");
        return ExitCode.Done;
    }

    private async Task<int> CompareAsync(ParseResult parsed, Repository repository, IEnumerable<Target> targets, CancellationToken cancellationToken)
    {
        var remote = Remote.Open(repository.Config, parsed.GetValue(_remote));
        var words = await new Transfer(repository, remote, parsed.GetValue(_jobs), cancellationToken).CompareAsync(targets);
        if (_context.Common.IsQuiet(parsed))
        {
            return words.Count > 0 ? ExitCode.Failed : ExitCode.Done;
        }

        if (_context.Common.IsJson(parsed))
        {
            var json = new PythonJson().Open('{');
            words.ToList().ForEach(word => json.Key(word.Path).Text(word.Word));
            _context.Output.WriteLine(json.Close('}').ToString());
        }
        else
        {
            _context.Output.WriteLine(words.Count == 0
                ? $"Cache and remote '{parsed.GetValue(_remote) ?? repository.Config.Get("core", "remote")}' are in sync."
                : string.Join('\n', words.Select(word => $"\t{word.Word + ":",-20}{word.Path}")));
        }

        return ExitCode.Done;
    }

    private static List<(string Owner, List<(string Path, string Word)> Outputs)> Changes(Repository repository, IEnumerable<Target> targets)
    {
        var reader = new ContentReader(repository);
        var changes = new List<(string Owner, List<(string Path, string Word)> Outputs)>();
        foreach (var owned in targets.Where(target => !target.Output.IsFromStage).Select(target => target.Output).Distinct().GroupBy(output => output.Owner))
        {
            var changed = owned
                .Select(output => (Path: Shown(repository, output.Path), Change: Status.Of(repository, output, reader)))
                .Where(output => output.Change != OutputChange.None)
                .Select(output => (output.Path, Word(output.Change)))
                .ToList();
            if (changed.Count > 0)
            {
                changes.Add((Shown(repository, owned.Key), changed));
            }
        }

        return changes;
    }

    private static string Shown(Repository repository, string path) => Path.GetRelativePath(Environment.CurrentDirectory, Path.Combine(repository.Root, path));

    private static string Word(OutputChange change) => change switch
    {
        OutputChange.NotInCache => "not in cache",
        OutputChange.New => "new",
        OutputChange.Modified => "modified",
        _ => "deleted",
    };

    private static IReadOnlyList<StageStatus> Stages(Repository repository, bool isAll, IReadOnlyList<Target> targets)
    {
        using var pipeline = Pipeline.Load(repository);
        var named = targets.Where(target => target.Output.IsFromStage).Select(target => target.Output.Owner).ToHashSet(StringComparer.Ordinal);
        return pipeline.Status(pipeline.Graph.Stages.Where(stage => isAll || named.Contains(stage.Address)), repository.RelativePath(Environment.CurrentDirectory));
    }

    private static IEnumerable<string> Text(List<(string Owner, List<(string Path, string Word)> Outputs)> changes) =>
        changes.Select(change => $"{change.Owner}:\n\tchanged outs:\n" + string.Join('\n', change.Outputs.Select(output => $"\t\t{output.Word + ":",-20}{output.Path}")));

    private static string Json(List<(string Owner, List<(string Path, string Word)> Outputs)> changes, IReadOnlyList<StageStatus> stages)
    {
        var json = new PythonJson().Open('{');
        foreach (var (owner, outputs) in changes)
        {
            json.Key(owner).Open('[').Open('{').Key("changed outs").Open('{');
            outputs.ForEach(output => json.Key(output.Path).Text(output.Word));
            json.Close('}').Close('}').Close(']');
        }

        foreach (var stage in stages)
        {
            json.Key(stage.Stage.Address).Raw(stage.ToValue().ToString());
        }

        return json.Close('}').ToString();
    }
}
