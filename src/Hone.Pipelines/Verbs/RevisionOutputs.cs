using Hone.Pipelines.Objects;
using Hone.Pipelines.Repositories;
using Hone.Pipelines.Tracking;
using Hone.Pipelines.Workspaces;
using Hone.Pipelines.Yaml;

namespace Hone.Pipelines.Verbs;

/// <summary>What outputs held at a time: by path, those of folders with a slash at the end and their files as well.</summary>
internal static class RevisionOutputs
{
    /// <summary>What the records of a revision name.</summary>
    public static async Task<Dictionary<string, ObjectId>> ReadAsync(Repository repository, string revision, CancellationToken cancellationToken)
    {
        var git = Git.Of(repository) ?? throw new PipelineException("this repository lives without Git: there are no revisions to compare", PipelineFault.WrongInput);
        if (await git.ResolveAsync(revision, cancellationToken) is not { } commit)
        {
            return revision == "HEAD" ? [] : throw new PipelineException($"Git knows no revision '{revision}'", PipelineFault.WrongInput);
        }

        var files = await git.FilesAsync(commit, path => RecordedIds.IsRecord(path) || Path.GetFileName(path) == "dvc.yaml", cancellationToken);
        var outputs = new Dictionary<string, ObjectId>(StringComparer.Ordinal);
        foreach (var (path, text) in files.Where(file => RecordedIds.IsRecord(file.Key)))
        {
            var root = YamlReader.Read(text, $"{path} in {revision}") as YamlMap;
            var folder = DvcFile.FolderOf(path);
            if (path.EndsWith(".dvc", StringComparison.Ordinal))
            {
                Add(repository, Join(folder, root?["wdir"]), root?["outs"], outputs);
                continue;
            }

            var stages = files.TryGetValue(Join(folder, YamlScalar.Of("dvc.yaml")), out var yaml) ? (YamlReader.Read(yaml, "dvc.yaml") as YamlMap)?["stages"] as YamlMap : null;
            foreach (var (name, stage) in (root?["stages"] as YamlMap)?.Entries ?? [])
            {
                var definition = stages?[name.Text.Split('@')[0]] as YamlMap;
                var wdir = definition?["wdir"] ?? (definition?["do"] as YamlMap)?["wdir"];
                Add(repository, Join(folder, wdir), (stage as YamlMap)?["outs"], outputs);
            }
        }

        return outputs;
    }

    /// <summary>What the outputs of an index hold in the workspace now.</summary>
    public static Dictionary<string, ObjectId> OfWorkspace(Repository repository, RepositoryIndex index, CancellationToken cancellationToken)
    {
        var reader = new ContentReader(repository, cancellationToken);
        var outputs = new Dictionary<string, ObjectId>(StringComparer.Ordinal);
        foreach (var output in index.Outputs)
        {
            if (reader.Read(output.Path, output.IsLegacy) is { } content)
            {
                Add(output.Path, content.Id, content.Manifest, outputs);
            }
        }

        return outputs;
    }

    private static void Add(Repository repository, string folder, YamlNode? outs, Dictionary<string, ObjectId> outputs)
    {
        foreach (var item in (outs as YamlList)?.Items.OfType<YamlMap>() ?? [])
        {
            if (item["path"] is YamlScalar path && item["md5"] is YamlScalar md5 && ObjectId.TryParse(md5.Text, out var id))
            {
                Add(Join(folder, path).TrimEnd('/'), id, id.IsFolder ? repository.Cache.ReadManifest(id) : null, outputs);
            }
        }
    }

    private static void Add(string path, ObjectId id, Manifest? manifest, Dictionary<string, ObjectId> outputs)
    {
        outputs[id.IsFolder ? path + "/" : path] = id;
        foreach (var entry in manifest?.Entries ?? [])
        {
            outputs[string.Concat(path, "/", entry.Path)] = entry.Id;
        }
    }

    private static string Join(string folder, YamlNode? path) => path is YamlScalar { Kind: not YamlKind.Null } text
        ? Path.GetFullPath(Path.Combine("/", folder, text.Text)).TrimStart('/')
        : folder;
}
