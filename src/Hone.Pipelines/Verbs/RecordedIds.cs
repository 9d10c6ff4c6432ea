using Hone.Pipelines.Files;
using Hone.Pipelines.Objects;
using Hone.Pipelines.Repositories;
using Hone.Pipelines.Yaml;

namespace Hone.Pipelines.Verbs;

/// <summary>All ids that records name, outputs and dependencies alike, read without understanding the records further.</summary>
internal static class RecordedIds
{
    /// <summary>Whether a file is a record.</summary>
    public static bool IsRecord(string path) =>
        path.EndsWith(".dvc", StringComparison.Ordinal) || path == "dvc.lock" || path.EndsWith("/dvc.lock", StringComparison.Ordinal);

    /// <summary>The ids in the workspace's records.</summary>
    public static IEnumerable<ObjectId> InWorkspace(Repository repository)
    {
        foreach (var path in Records(repository.Root, "", IgnoreScope.OfRoot(repository.Root, ".dvcignore")))
        {
            foreach (var id in In(SafeFile.ReadText(Path.Combine(repository.Root, path)) ?? "", path))
            {
                yield return id;
            }
        }
    }

    /// <summary>The ids in a record's text.</summary>
    /// <exception cref="PipelineException">It is no YAML.</exception>
    public static IEnumerable<ObjectId> In(string text, string name) => Of(YamlReader.Read(text, name));

    private static IEnumerable<ObjectId> Of(YamlNode node) => node switch
    {
        YamlMap map => map.Entries.SelectMany(entry => entry is { Key.Text: "md5", Value: YamlScalar scalar } && ObjectId.TryParse(scalar.Text, out var id) ? [id] : Of(entry.Value)),
        YamlList list => list.Items.SelectMany(Of),
        _ => [],
    };

    private static IEnumerable<string> Records(string root, string folder, IgnoreScope scope)
    {
        foreach (var entry in FolderReader.Read(Path.Combine(root, folder)) ?? [])
        {
            var path = folder.Length == 0 ? entry.Name : folder + "/" + entry.Name;
            if (scope.Ignores(path, entry.IsFolder))
            {
                continue;
            }

            if (entry.IsFolder)
            {
                foreach (var below in Records(root, path, scope.Enter(root, path, ".dvcignore", exists: true)))
                {
                    yield return below;
                }
            }
            else if (IsRecord(path) && entry.Name != ".dvc")
            {
                yield return path;
            }
        }
    }
}
