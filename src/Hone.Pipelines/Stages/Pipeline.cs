using Hone.Pipelines.Files;
using Hone.Pipelines.Repositories;

namespace Hone.Pipelines.Stages;

/// <summary>All stages of a repository, how they hang together, and what is recorded of them.</summary>
/// <remarks>Read once; what changes on disk afterwards is not seen, but for <see cref="RecordAsync"/>. Thread-safe.</remarks>
public sealed class Pipeline : IDisposable
{
    private readonly Repository _repository;
    private readonly Dictionary<string, LockFile> _locks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _added = new(StringComparer.Ordinal);
    private readonly Dictionary<(string File, string Name), int> _places = [];
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _recording = new(1);

    private Pipeline(Repository repository, IReadOnlyList<PipelineFile> files, StageGraph graph, PipelineFiles parameters)
    {
        _repository = repository;
        Files = files;
        Graph = graph;
        Parameters = parameters;
        foreach (var stage in graph.Ordered(graph.Stages.ToHashSet()))
        {
            _places.Add((stage.LockFile, stage.Name), _places.Count);
        }
    }

    /// <summary>The pipeline files, that of the root first.</summary>
    public IReadOnlyList<PipelineFile> Files { get; }

    /// <summary>How the stages hang together.</summary>
    public StageGraph Graph { get; }

    /// <summary>The parameters files, as they were when they were first asked for.</summary>
    public PipelineFiles Parameters { get; }

    /// <summary>Reads the pipeline of a repository.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="paths">Its pipeline files, from its root.</param>
    /// <exception cref="PipelineException">Something in a file is wrong, or the stages contradict each other.</exception>
    public static Pipeline Load(Repository repository, IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(repository);
        var sources = PipelineFiles.In(repository.Root);
        var style = new ArgumentStyle(
            repository.Config.Get("parsing", "bool") == "boolean_optional", repository.Config.Get("parsing", "list") == "append");
        var files = paths
            .OrderBy(path => PipelinePaths.Folder(path).Length > 0).ThenBy(path => path, StringComparer.Ordinal)
            .Select(path => PipelineFileReader.Read(sources, path, style)).ToList();
        return new Pipeline(repository, files, StageGraph.Of([.. files.SelectMany(file => file.Stages)]), sources);
    }

    /// <summary>Reads the pipeline of a repository, wherever in it its files lie.</summary>
    /// <exception cref="PipelineException">Something in a file is wrong, or the stages contradict each other.</exception>
    public static Pipeline Load(Repository repository)
    {
        ArgumentNullException.ThrowIfNull(repository);
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 };
        return Load(repository, Directory.EnumerateFiles(repository.Root, PipelineFile.Name, options)
            .Select(path => Path.GetRelativePath(repository.Root, path)).Where(path => !path.StartsWith('.')));
    }

    /// <summary>What is recorded of a stage; null if it never ran.</summary>
    /// <exception cref="PipelineException">The lock file cannot be read.</exception>
    public LockedStage? Locked(Stage stage)
    {
        ArgumentNullException.ThrowIfNull(stage);
        lock (_lock)
        {
            return Lock(stage.LockFile).Find(stage.Name);
        }
    }

    /// <summary>Records a stage. The lock file is read anew, so that what another process recorded meanwhile stays.</summary>
    /// <returns>Whether the file changed.</returns>
    /// <remarks>
    /// New stages stand at the end in the order in which they would run one by one, whichever of them ended first.
    /// </remarks>
    /// <exception cref="PipelineException">The file cannot be read or written.</exception>
    public async Task<bool> RecordAsync(Stage stage, LockedStage locked, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(stage);
        await _recording.WaitAsync();
        try
        {
            // What ran must be recorded, however long another command takes.
            using var held = await RepositoryLock.TakeAsync(_repository, time, Timeout.InfiniteTimeSpan);
            lock (_lock)
            {
                return Record(stage, locked);
            }
        }
        finally
        {
            _recording.Release();
        }
    }

    /// <summary>The stages that a word names: a stage, a group, a pipeline file, an output, or one of these in another file, <c>sub/dvc.yaml:train</c>.</summary>
    /// <param name="target">What the user wrote.</param>
    /// <param name="folder">Where the user is, from the repository's root.</param>
    /// <exception cref="PipelineException">It names nothing.</exception>
    public IReadOnlyList<Stage> Find(string target, string folder)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(folder);
        var colon = target.LastIndexOf(':');
        var file = PipelinePaths.Combine(folder, colon > 0 ? target[..colon] : PipelineFile.Name);
        var name = target[(colon + 1)..];
        var named = Graph.Stages.Where(stage => stage.File == file && (stage.Name == name || stage.Group == name)).ToList();
        if (named.Count > 0)
        {
            return named;
        }

        var path = PipelinePaths.Combine(folder, target);
        List<Stage> found = [.. Graph.Stages.Where(stage => stage.File == path)];
        if (found.Count == 0)
        {
            found = [.. Graph.Stages.Where(stage => stage.Outputs.Any(output => PipelinePaths.IsWithin(path, output.Path)))];
        }

        return found.Count > 0 ? found : throw new PipelineException(Unknown(target, file), PipelineFault.WrongInput);
    }

    /// <inheritdoc/>
    public void Dispose() => _recording.Dispose();

    private bool Record(Stage stage, LockedStage locked)
    {
        _locks.Remove(stage.LockFile);
        var known = Lock(stage.LockFile);
        if (!_added.TryGetValue(stage.LockFile, out var added))
        {
            _added.Add(stage.LockFile, added = new HashSet<string>(StringComparer.Ordinal));
        }

        if (known.Find(stage.Name) is null)
        {
            added.Add(stage.Name);
        }

        var place = Place(stage.LockFile, stage.Name);
        var changed = known.With(stage.Name, locked, name => added.Contains(name) && Place(stage.LockFile, name) > place);
        _locks[stage.LockFile] = changed;
        return SafeFile.WriteText(Path.Combine(_repository.Root, stage.LockFile), changed.Write());
    }

    private int Place(string file, string name) => _places.GetValueOrDefault((file, name), int.MaxValue);

    private string Unknown(string target, string file)
    {
        var names = Graph.Stages.Where(stage => stage.File == file).Select(stage => stage.Group ?? stage.Name).Distinct().ToList();
        return $"there is no stage, group or output '{target}'; " + (names.Count == 0
            ? Graph.Stages.Count == 0 ? "the repository has no dvc.yaml with stages" : $"'{file}' has no stages"
            : $"the stages of '{file}' are {string.Join(", ", names)}");
    }

    private LockFile Lock(string path)
    {
        if (!_locks.TryGetValue(path, out var known))
        {
            known = SafeFile.ReadText(Path.Combine(_repository.Root, path)) is { } text ? LockFile.Read(text, path) : LockFile.Empty;
            _locks.Add(path, known);
        }

        return known;
    }
}
