using Hone.Pipelines.Files;
using Hone.Pipelines.Repositories;
using Hone.Pipelines.Tracking;

namespace Hone.Pipelines.Stages;

/// <summary>All stages of a repository, how they hang together, and what is recorded of them.</summary>
/// <remarks>Read once; what changes on disk afterwards is not seen, but for <see cref="RecordAsync"/>. Thread-safe.</remarks>
public sealed class Pipeline : IDisposable
{
    private readonly Repository _repository;
    private readonly Dictionary<string, (LockFile File, FileStamp? Stamp)> _locks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _added = new(StringComparer.Ordinal);
    private readonly Dictionary<(string File, string Name), int> _places = [];
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _recording = new(1);

    private Pipeline(Repository repository, IReadOnlyList<PipelineFile> files, StageGraph graph, PipelineFiles parameters, RepositoryIndex tracked)
    {
        _repository = repository;
        Tracked = tracked;
        Files = files;
        Graph = graph;
        Parameters = parameters;
        foreach (var stage in graph.Ordered(graph.Stages.ToHashSet()).Where(stage => !stage.IsTracked))
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

    /// <summary>What <c>.dvc</c> files track.</summary>
    internal RepositoryIndex Tracked { get; }

    /// <summary>Reads the pipeline of a repository, wherever in it its files lie.</summary>
    /// <exception cref="PipelineException">Something in a file is wrong, or the stages contradict each other.</exception>
    public static Pipeline Load(Repository repository)
    {
        ArgumentNullException.ThrowIfNull(repository);
        var paths = new List<string>();
        var index = RepositoryIndex.Read(repository, path =>
        {
            paths.Add(path);
            return [];
        });
        var sources = PipelineFiles.In(repository.Root);
        var files = paths.Select(path => PipelineFileReader.Read(sources, path, ArgumentStyle.From(repository.Config))).ToList();
        var stages = files.SelectMany(file => file.Stages).Concat(index.Files.Select(StageOf));
        return new Pipeline(repository, files, StageGraph.Of([.. stages]), sources, index);
    }

    /// <summary>What is recorded of a stage; null if it never ran.</summary>
    /// <exception cref="PipelineException">The lock file cannot be read.</exception>
    public LockedStage? Locked(Stage stage)
    {
        ArgumentNullException.ThrowIfNull(stage);
        lock (_lock)
        {
            return stage.IsTracked ? null : Lock(stage.LockFile).Find(stage.Name);
        }
    }

    /// <summary>What changed of some stages since they ran last; those of which nothing did are left out.</summary>
    /// <param name="stages">The stages.</param>
    /// <param name="folder">From where paths are told, from the repository's root.</param>
    /// <exception cref="PipelineException">Something cannot be read.</exception>
    public IReadOnlyList<StageStatus> Status(IEnumerable<Stage> stages, string folder)
    {
        var comparison = new StageComparison(new StageData(_repository), Parameters);
        return [.. stages.Where(stage => !stage.IsTracked).Select(stage => comparison.Status(stage, Locked(stage), folder)).Where(status => !status.IsClean)];
    }

    /// <summary>Reads a stage's record anew if another process wrote its lock file since it was read.</summary>
    /// <returns>Whether it did.</returns>
    public bool Refresh(Stage stage)
    {
        ArgumentNullException.ThrowIfNull(stage);
        lock (_lock)
        {
            return _locks.TryGetValue(stage.LockFile, out var known) && known.Stamp != Stamp(stage.LockFile) && _locks.Remove(stage.LockFile);
        }
    }

    /// <summary>Records a stage. The lock file is read anew, so that what another process recorded meanwhile stays.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="locked">What is to be recorded.</param>
    /// <param name="ignored">The outputs that Git ignores already; the other cached ones are named in a <c>.gitignore</c>.</param>
    /// <param name="time">The clock of the waiting for the repository.</param>
    /// <returns>Whether the lock file changed.</returns>
    /// <remarks>
    /// New stages stand at the end in the order in which they would run one by one, whichever of them ended first.
    /// </remarks>
    /// <exception cref="PipelineException">The file cannot be read or written.</exception>
    public async Task<bool> RecordAsync(Stage stage, LockedStage locked, IReadOnlySet<string> ignored, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(stage);
        await _recording.WaitAsync();
        try
        {
            // What ran must be recorded, however long another command takes.
            using var held = await RepositoryLock.TakeAsync(_repository, time, Timeout.InfiniteTimeSpan);
            lock (_lock)
            {
                Ignore(stage, ignored);
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
        var isWritten = SafeFile.WriteText(Path.Combine(_repository.Root, stage.LockFile), changed.Write());
        _locks[stage.LockFile] = (changed, Stamp(stage.LockFile));
        return isWritten;
    }

    private void Ignore(Stage stage, IReadOnlySet<string> ignored)
    {
        foreach (var output in stage.Outputs.Where(output => output.IsCached && !ignored.Contains(output.Path)))
        {
            GitIgnoreFile.Add(_repository.Root, output.Path);
        }
    }

    private static Stage StageOf(DvcFile file) => new()
    {
        Name = file.Path,
        File = file.Path,
        Folder = file.Folder,
        Commands = [],
        Outputs = [.. file.Outputs.Select(output => new StageOutput(output.Path, output.Path) { IsCached = output.IsCached })],
    };

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
            var stamp = Stamp(path);
            known = (SafeFile.ReadText(Path.Combine(_repository.Root, path)) is { } text ? LockFile.Read(text, path) : LockFile.Empty, stamp);
            _locks.Add(path, known);
        }

        return known.File;
    }

    private FileStamp? Stamp(string path) => Posix.Stat(Path.Combine(_repository.Root, path), follow: true);
}
