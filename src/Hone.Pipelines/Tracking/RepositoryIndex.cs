using Hone.Pipelines.Files;
using Hone.Pipelines.Repositories;

namespace Hone.Pipelines.Tracking;

/// <summary>All outputs that a repository records.</summary>
/// <remarks>Tracked folders, and folders that Git ignores, are not searched for records.</remarks>
public sealed class RepositoryIndex
{
    private readonly Dictionary<string, TrackedOutput> _byPath = new(StringComparer.Ordinal);
    private readonly List<TrackedOutput> _outputs = [];
    private readonly List<DvcFile> _files = [];

    private RepositoryIndex()
    {
    }

    /// <summary>The <c>.dvc</c> files, folder by folder.</summary>
    public IReadOnlyList<DvcFile> Files => _files;

    /// <summary>The outputs, those of <c>.dvc</c> files first within a folder.</summary>
    public IReadOnlyList<TrackedOutput> Outputs => _outputs;

    /// <summary>Reads all records of a repository.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="stages">The outputs of a <c>dvc.yaml</c>, by its path below the root; null to leave stages out.</param>
    /// <exception cref="PipelineException">A record cannot be read, or two claim the same path.</exception>
    public static RepositoryIndex Read(Repository repository, Func<string, IEnumerable<TrackedOutput>>? stages = null)
    {
        var index = new RepositoryIndex();
        index.Visit(
            repository, "", IgnoreScope.OfRoot(repository.Root, ".dvcignore"),
            repository.HasNoScm ? null : IgnoreScope.OfRoot(repository.Root, ".gitignore"), stages);
        return index;
    }

    /// <summary>The output at a path; null if it is not tracked by itself.</summary>
    public TrackedOutput? Find(string path) => _byPath.GetValueOrDefault(path);

    /// <summary>The output that a path lies in or is; null if there is none.</summary>
    public TrackedOutput? FindAround(string path)
    {
        for (var at = path; ; at = DvcFile.FolderOf(at))
        {
            if (_byPath.TryGetValue(at, out var output))
            {
                return output;
            }

            if (at.Length == 0)
            {
                return null;
            }
        }
    }

    /// <summary>The file that records an output; null for a stage's.</summary>
    public DvcFile? FileOf(TrackedOutput output) => _files.Find(file => file.Path == output.Owner);

    /// <summary>Adds an output.</summary>
    /// <exception cref="PipelineException">Another one has the same path.</exception>
    private void Add(TrackedOutput output)
    {
        if (!_byPath.TryAdd(output.Path, output))
        {
            throw new PipelineException(
                $"'{output.Path}' is an output of both '{_byPath[output.Path].Owner}' and '{output.Owner}'; remove it from one", PipelineFault.WrongInput);
        }

        _outputs.Add(output);
    }

    private void Visit(
        Repository repository, string folder, IgnoreScope scope, IgnoreScope? git, Func<string, IEnumerable<TrackedOutput>>? stages)
    {
        if (FolderReader.Read(Path.Combine(repository.Root, folder)) is not { } entries)
        {
            return;
        }

        if (folder.Length > 0)
        {
            scope = scope.Enter(repository.Root, folder, ".dvcignore", entries.Exists(entry => entry.Name == ".dvcignore"));
            git = git?.Enter(repository.Root, folder, ".gitignore", entries.Exists(entry => entry.Name == ".gitignore"));
        }

        entries.Sort((a, b) => PathText.Compare(a.Name, b.Name));
        foreach (var entry in entries.Where(entry => !entry.IsFolder))
        {
            var path = Join(folder, entry.Name);
            var isRecord = entry.Name.EndsWith(".dvc", StringComparison.Ordinal) && entry.Name.Length > 4;
            if ((isRecord || entry.Name == "dvc.yaml") && !scope.Ignores(path, isFolder: false))
            {
                Record(repository, path, isRecord, stages);
            }
        }

        foreach (var entry in entries.Where(entry => entry.IsFolder || entry.IsUnknown))
        {
            var path = Join(folder, entry.Name);
            if (!_byPath.ContainsKey(path) && !scope.Ignores(path, isFolder: true) && git?.Ignores(path, isFolder: true) != true
                && Posix.Stat(Path.Combine(repository.Root, path, ".dvc")) is null)
            {
                Visit(repository, path, scope, git, stages);
            }
        }
    }

    private void Record(Repository repository, string path, bool isDvcFile, Func<string, IEnumerable<TrackedOutput>>? stages)
    {
        if (!isDvcFile)
        {
            (stages?.Invoke(path) ?? []).ToList().ForEach(Add);
        }
        else if (DvcFile.Read(repository, path) is { } file)
        {
            _files.Add(file);
            file.Outputs.ToList().ForEach(Add);
        }
    }

    private static string Join(string folder, string name) => folder.Length == 0 ? name : string.Concat(folder, "/", name);
}
