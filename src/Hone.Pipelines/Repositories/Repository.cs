using Hone.Pipelines.Files;
using Hone.Pipelines.Objects;

namespace Hone.Pipelines.Repositories;

/// <summary>A folder whose data and stages are versioned, as DVC's commands find it: the one that holds <c>.dvc</c>.</summary>
/// <remarks>Opening is cheap: options, cache and state are read when they are first used. Thread-safe once those have been used.</remarks>
public sealed class Repository : IDisposable
{
    private readonly Lazy<Config> _config;
    private readonly Lazy<DataCache> _cache;
    private readonly Lazy<StateDatabase> _state;

    private Repository(string root)
    {
        Root = root;
        DvcFolder = Path.Combine(root, ".dvc");
        _config = new Lazy<Config>(() => Config.Read(DvcFolder));
        _state = new Lazy<StateDatabase>(() => StateDatabase.Open(Path.Combine(HoneFolder, "state")));
        _cache = new Lazy<DataCache>(() => new DataCache(
            Config.GetPath("cache", "dir") ?? Path.Combine(DvcFolder, "cache"), State, CacheOptions.From(Config)));
    }

    /// <summary>The folder of the repository, absolute, without a slash at its end.</summary>
    public string Root { get; }

    /// <summary>Its folder <c>.dvc</c>.</summary>
    public string DvcFolder { get; }

    /// <summary>What is neither kept in Git nor of worth after a command: locks and the like.</summary>
    public string TemporaryFolder => Path.Combine(DvcFolder, "tmp");

    /// <summary>What Hone alone keeps: the state, what is known of remotes.</summary>
    public string HoneFolder => Path.Combine(TemporaryFolder, "hone");

    /// <summary>The options.</summary>
    public Config Config => _config.Value;

    /// <summary>The cache.</summary>
    public DataCache Cache => _cache.Value;

    /// <summary>The known contents of files.</summary>
    public StateDatabase State => _state.Value;

    /// <summary>Whether the repository lives without Git.</summary>
    public bool HasNoScm => Config.IsTrue("core", "no_scm");

    /// <summary>Finds the repository that a folder belongs to.</summary>
    /// <exception cref="PipelineException">There is none.</exception>
    public static Repository Find(string folder) => RootOf(folder) is { } root
        ? new Repository(root)
        : throw new PipelineException($"'{folder}' is in no data repository: there is no folder .dvc here or above. Make one with hone init", PipelineFault.WrongInput);

    /// <summary>Whether a folder belongs to a repository.</summary>
    public static bool Exists(string folder) => RootOf(folder) is not null;

    /// <summary>The repository with this very root.</summary>
    internal static Repository At(string root) => new(root);

    /// <summary>A path below the root, with <c>/</c> and without a leading one; the root itself is an empty text.</summary>
    /// <exception cref="PipelineException">It lies outside of the repository.</exception>
    public string RelativePath(string path)
    {
        var full = Path.GetFullPath(path, Root);
        return full == Root ? ""
            : full.StartsWith(Root == "/" ? "/" : Root + "/", StringComparison.Ordinal) ? full[(Root == "/" ? 1 : Root.Length + 1)..].TrimEnd('/')
            : throw new PipelineException($"'{path}' lies outside of the repository '{Root}'; only what is inside can be tracked", PipelineFault.WrongInput);
    }

    private static string? RootOf(string folder)
    {
        for (var at = Path.GetFullPath(folder); at is not null; at = Path.GetDirectoryName(at))
        {
            if (Posix.Stat(Path.Combine(at, ".dvc"), follow: true) is { IsFolder: true })
            {
                return at;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_state.IsValueCreated)
        {
            _state.Value.Dispose();
        }
    }
}
