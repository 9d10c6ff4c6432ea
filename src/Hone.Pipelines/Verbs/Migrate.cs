using Hone.Pipelines.Files;
using Hone.Pipelines.Objects;
using Hone.Pipelines.Repositories;
using Hone.Pipelines.Tracking;
using Hone.Pipelines.Workspaces;

namespace Hone.Pipelines.Verbs;

/// <summary>Takes objects from DVC 2's place and names to the present ones. The old objects stay.</summary>
public static class Migrate
{
    /// <summary>Copies the objects, and rewrites the records that name them if that is asked for.</summary>
    /// <param name="repository">The repository; its lock is held by the caller.</param>
    /// <param name="index">What it records.</param>
    /// <param name="updatesRecords">Whether <c>.dvc</c> files are rewritten.</param>
    /// <param name="cancellationToken">Ends the work between two objects.</param>
    /// <returns>How many objects were copied, and the records that changed.</returns>
    /// <exception cref="PipelineException">An object cannot be read.</exception>
    public static (int Objects, IReadOnlyList<string> Records) Run(
        Repository repository, RepositoryIndex index, bool updatesRecords, CancellationToken cancellationToken = default)
    {
        var names = new Dictionary<string, ObjectId>(StringComparer.Ordinal);
        foreach (var path in OldObjects(repository.Cache.Root).ToList())
        {
            cancellationToken.ThrowIfCancellationRequested();
            names[Path.GetFileName(Path.GetDirectoryName(path)!) + Path.GetFileName(path)] = repository.Cache.Keep(path).Id;
        }

        var records = new List<string>();
        foreach (var output in updatesRecords ? index.Outputs.Where(output => output is { IsLegacy: true, IsFromStage: false, Id: not null }) : [])
        {
            if (index.FileOf(output) is { } file && ContentOf(repository, output, names) is { } content)
            {
                var name = file.Folder.Length == 0 ? output.Path : Path.GetRelativePath("/" + file.Folder, "/" + output.Path);
                SafeFile.WriteText(Path.Combine(repository.Root, file.Path), DvcFile.TextWith(file, name, content));
                records.Add(file.Path);
            }
        }

        return (names.Count, records);
    }

    private static Content? ContentOf(Repository repository, TrackedOutput output, Dictionary<string, ObjectId> names)
    {
        var id = output.Id!.Value;
        if (!id.IsFolder)
        {
            return names.TryGetValue(id.ToString(), out var file)
                ? new Content(file, Size(repository, file), null, output.IsExecutable, null)
                : null;
        }

        if (repository.Cache.ReadManifest(id, isLegacy: true) is not { } old || !old.Entries.All(entry => names.ContainsKey(entry.Id.ToString())))
        {
            return null;
        }

        var manifest = Manifest.Of(old.Entries.Select(entry => new ManifestEntry(entry.Path, names[entry.Id.ToString()])));
        repository.Cache.Write(manifest.Id, manifest.Json.Span);
        return new Content(manifest.Id, manifest.Entries.Sum(entry => Size(repository, entry.Id)), manifest.Entries.Count, false, manifest);
    }

    private static long Size(Repository repository, ObjectId id) => Posix.Stat(repository.Cache.PathOf(id), follow: true)?.Size ?? 0;

    private static IEnumerable<string> OldObjects(string cache) =>
        from folder in FolderReader.Read(cache) ?? []
        where folder.IsFolder && folder.Name.Length == 2 && folder.Name.All(char.IsAsciiHexDigitLower)
        from entry in FolderReader.Read(Path.Combine(cache, folder.Name)) ?? []
        where entry.IsFile && !entry.Name.EndsWith(".dir", StringComparison.Ordinal) && !SafeFile.IsTemporary(entry.Name)
        select Path.Combine(cache, folder.Name, entry.Name);
}
