using System.Globalization;
using Hone.Pipelines.Files;
using Hone.Pipelines.Objects;
using Hone.Pipelines.Repositories;
using Hone.Pipelines.Workspaces;
using Hone.Pipelines.Yaml;

namespace Hone.Pipelines.Tracking;

/// <summary>A <c>.dvc</c> file: the record of outputs that no stage makes.</summary>
public sealed class DvcFile
{
    private static readonly string[] Keys = ["cmd", "wdir", "deps", "outs", "md5", "desc", "meta", "frozen", "always_changed", "hash"];
    private static readonly string[] OutKeys =
    [
        "md5", "etag", "checksum", "size", "nfiles", "isexec", "hash", "path", "cache", "metric", "plot", "persist", "remote", "push", "desc",
        "type", "labels", "meta", "files", "version_id", "cloud",
    ];

    private readonly YamlDocument _document;

    private DvcFile(string path, string folder, YamlDocument document, IReadOnlyList<TrackedOutput> outputs)
    {
        Path = path;
        Folder = folder;
        _document = document;
        Outputs = outputs;
    }

    /// <summary>Below the repository's root, with <c>/</c>.</summary>
    public string Path { get; }

    /// <summary>The folder that its paths are relative to, below the root.</summary>
    public string Folder { get; }

    /// <summary>What it records.</summary>
    public IReadOnlyList<TrackedOutput> Outputs { get; }

    /// <summary>Where the output was imported from; null if it was not.</summary>
    public string? ImportedFrom => Root["deps"] is YamlList { Items: [YamlMap dependency, ..] } ? (dependency["path"] as YamlScalar)?.Text : null;

    /// <summary>The recorded state of what it was imported from.</summary>
    internal YamlMap? Dependency => Root["deps"] is YamlList { Items: [YamlMap dependency, ..] } ? dependency : null;

    private YamlMap Root => (YamlMap)_document.Root;

    /// <summary>Reads a file; null if there is none.</summary>
    /// <param name="repository">The repository it lies in.</param>
    /// <param name="path">Below the root.</param>
    /// <exception cref="PipelineException">It is not a <c>.dvc</c> file. The message has the line and what was expected.</exception>
    public static DvcFile? Read(Repository repository, string path)
    {
        if (SafeFile.ReadText(System.IO.Path.Combine(repository.Root, path)) is not { } text)
        {
            return null;
        }

        var document = YamlDocument.Read(text, path);
        if (document.Root is not YamlMap root)
        {
            throw new PipelineException($"{path}: this is no .dvc file: expected a mapping with 'outs'", PipelineFault.WrongInput);
        }

        CheckKeys(path, root, Keys);
        var folder = FolderOf(path);
        folder = root["wdir"] is YamlScalar { Text: var wdir } ? repository.RelativePath(System.IO.Path.Combine(folder, wdir)) : folder;
        var outputs = root["outs"] switch
        {
            YamlList list => list.Items.Select(item => Output(repository, path, folder, item)).ToArray(),
            null or YamlScalar { Kind: YamlKind.Null } => [],
            var other => throw Wrong(path, other, "'outs' must be a list"),
        };
        return new DvcFile(path, folder, document, outputs);
    }

    /// <summary>The text of the file that records a content, as DVC writes it: a new one, or this one with what changed.</summary>
    /// <param name="old">The file as it is; null for a new one.</param>
    /// <param name="name">The output's path relative to the file.</param>
    /// <param name="content">What it holds.</param>
    /// <param name="description">A text to keep with a new record; null for none.</param>
    public static string TextWith(DvcFile? old, string name, Content content, string? description = null)
    {
        var record = Record(content);
        if (old is null)
        {
            record.With("path", name);
            return YamlDocument.Write(new YamlMap().With("outs", new YamlList(description is null ? record : record.With("desc", description))));
        }

        var root = new YamlMap();
        foreach (var entry in old.Root.Entries)
        {
            root[entry.Key.Text] = entry.Key.Text == "outs" ? new YamlList(((YamlList)entry.Value).Items.Select(item => Merge((YamlMap)item, name, record))) : entry.Value;
        }

        return old._document.Changed(root);
    }

    /// <summary>The text of the file with another path for an output.</summary>
    internal string TextWithPath(string from, string to)
    {
        var root = new YamlMap();
        foreach (var entry in Root.Entries)
        {
            root[entry.Key.Text] = entry.Key.Text != "outs" ? entry.Value : new YamlList(((YamlList)entry.Value).Items.Select(item => Renamed((YamlMap)item, from, to)));
        }

        return _document.Changed(root);
    }

    /// <summary>The folder of a path below the root.</summary>
    internal static string FolderOf(string path) => path.LastIndexOf('/') is >= 0 and var slash ? path[..slash] : "";

    /// <summary>A recorded content as DVC orders its keys.</summary>
    internal static YamlMap Record(Content content)
    {
        var record = new YamlMap().With("md5", content.Id.ToString()).With("size", YamlScalar.Of(content.Size));
        if (content.FileCount is { } count)
        {
            record.With("nfiles", YamlScalar.Of((long)count));
        }

        if (content.IsExecutable)
        {
            record.With("isexec", YamlScalar.Of(true));
        }

        return record.With("hash", "md5");
    }

    private static YamlMap Renamed(YamlMap item, string from, string to)
    {
        var result = new YamlMap();
        foreach (var entry in item.Entries)
        {
            result[entry.Key.Text] = entry.Key.Text == "path" && ((YamlScalar)entry.Value).Text == from ? YamlScalar.Of(to) : entry.Value;
        }

        return result;
    }

    private static YamlMap Merge(YamlMap item, string name, YamlMap record)
    {
        if ((item["path"] as YamlScalar)?.Text.TrimEnd('/') != name)
        {
            return item;
        }

        var result = new YamlMap();
        foreach (var entry in item.Entries)
        {
            if (entry.Key.Text is not ("md5" or "size" or "nfiles" or "isexec" or "hash"))
            {
                result[entry.Key.Text] = entry.Value;
            }
            else if (record[entry.Key.Text] is { } value)
            {
                result[entry.Key.Text] = value;
            }
        }

        foreach (var entry in record.Entries)
        {
            result[entry.Key.Text] = entry.Value;
        }

        return result;
    }

    private static TrackedOutput Output(Repository repository, string file, string folder, YamlNode node)
    {
        var map = node as YamlMap ?? throw Wrong(file, node, "an output must be a mapping with 'path'");
        CheckKeys(file, map, OutKeys);
        if (map["path"] is not YamlScalar { Kind: not YamlKind.Null } path)
        {
            throw Wrong(file, map, "an output has no 'path'");
        }

        return new TrackedOutput
        {
            Path = repository.RelativePath(System.IO.Path.Combine(folder, path.Text)),
            Owner = file,
            Id = Id(file, map["md5"]),
            Size = (long?)Number(file, map["size"]),
            FileCount = (int?)Number(file, map["nfiles"]),
            IsExecutable = map["isexec"] is YamlScalar { Boolean: true },
            IsLegacy = map["hash"] is null,
            IsCached = map["cache"] is not YamlScalar { Text: "false" },
            IsPushed = map["push"] is not YamlScalar { Text: "false" },
            Remote = (map["remote"] as YamlScalar)?.Text,
        };
    }

    private static ObjectId? Id(string file, YamlNode? node) => node switch
    {
        null or YamlScalar { Kind: YamlKind.Null } => null,
        YamlScalar scalar when ObjectId.TryParse(scalar.Text, out var id) => id,
        _ => throw Wrong(file, node, "'md5' must be 32 hexadecimal digits, with '.dir' behind them for a folder"),
    };

    private static double? Number(string file, YamlNode? node) => node switch
    {
        null => null,
        YamlScalar { Kind: YamlKind.Integer } number => double.Parse(number.Text, CultureInfo.InvariantCulture),
        _ => throw Wrong(file, node, "a whole number is expected"),
    };

    private static void CheckKeys(string file, YamlMap map, string[] known)
    {
        foreach (var (key, _) in map.Entries)
        {
            if (!known.Contains(key.Text))
            {
                throw Wrong(file, key, $"'{key.Text}' is no key of a .dvc file; expected one of {string.Join(", ", known)}");
            }
        }
    }

    private static PipelineException Wrong(string file, YamlNode at, string message) => new($"{file}:{at.Line}:{at.Column}: {message}", PipelineFault.WrongInput);
}
