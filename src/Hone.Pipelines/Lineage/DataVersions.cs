using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Hone.Pipelines.Repositories;
using Hone.Pipelines.Stages;
using Hone.Pipelines.Tracking;
using Hone.Pipelines.Values;
using Hone.Pipelines.Workspaces;

namespace Hone.Pipelines.Lineage;

/// <summary>Which versions of code, pipeline and data a piece of work reads; kept as tags of its runs.</summary>
/// <remarks>
/// A command that <c>hone repro</c> runs is told by its environment what the stage reads. Any other command in a repository is known by the
/// commit and by the tracked paths that it names.
/// </remarks>
public sealed record DataVersions
{
    /// <summary>The tag with the commit that Git had checked out.</summary>
    public const string CommitTag = "hone.git.commit";

    /// <summary>The tag with the stage, as <c>hone repro</c> calls it.</summary>
    public const string StageTag = "hone.pipeline.stage";

    /// <summary>The tag with the MD5 of the stage's entry in <c>dvc.lock</c>, its outputs by their paths alone: they are not made yet when it is taken.</summary>
    public const string LockTag = "hone.pipeline.lock";

    /// <summary>What stands before a path below the repository's root: together the tag with the MD5 of what lay there, with <c>.dir</c> behind it for a folder.</summary>
    public const string DataTag = "hone.data.";

    internal const string StageVariable = "HONE_STAGE";
    internal const string LockVariable = "HONE_STAGE_LOCK";
    internal const string DataVariable = "HONE_STAGE_DATA";

    // Linux takes 128 KiB for one variable.
    private const int LongestVariable = 100_000;

    /// <summary>The commit; null without Git, or before its first commit.</summary>
    public string? Commit { get; init; }

    /// <summary>The stage; null if the work is none.</summary>
    public string? Stage { get; init; }

    /// <summary>What the stage was; null if the work is none.</summary>
    public string? Lock { get; init; }

    /// <summary>The MD5 of each path that is read, by path.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Data { get; init; } = [];

    /// <summary>All of it as tags.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Tags =>
    [
        .. Named(CommitTag, Commit), .. Named(StageTag, Stage), .. Named(LockTag, Lock), .. Data.Select(one => KeyValuePair.Create(DataTag + one.Key, one.Value)),
    ];

    /// <summary>Reads it from a run's tags; null if none of them is one of these.</summary>
    public static DataVersions? Of(IEnumerable<KeyValuePair<string, string>> tags)
    {
        var all = tags.ToDictionary(tag => tag.Key, tag => tag.Value, StringComparer.Ordinal);
        var versions = new DataVersions
        {
            Commit = all.GetValueOrDefault(CommitTag),
            Stage = all.GetValueOrDefault(StageTag),
            Lock = all.GetValueOrDefault(LockTag),
            Data =
            [
                .. all.Where(tag => tag.Key.StartsWith(DataTag, StringComparison.Ordinal)).Select(tag => KeyValuePair.Create(tag.Key[DataTag.Length..], tag.Value))
                    .OrderBy(one => one.Key, StringComparer.Ordinal),
            ],
        };
        return versions.Tags.Count > 0 ? versions : null;
    }

    /// <summary>What the work of this process reads; null outside of a repository.</summary>
    /// <param name="folder">Where it works.</param>
    /// <param name="paths">What it may read, absolute or relative to the folder; only what is tracked counts. A stage's are known without.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="PipelineException">A record in the repository cannot be read.</exception>
    public static async Task<DataVersions?> ReadAsync(string folder, IEnumerable<string> paths, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(paths);
        if (!Repository.Exists(folder))
        {
            return null;
        }

        using var repository = Repository.Find(folder);
        var commit = Git.Of(repository) is { } git ? await git.ResolveAsync("HEAD", cancellationToken) : null;

        // A stage's command may work in another repository than the stage's own.
        var stage = Environment.GetEnvironmentVariable("DVC_ROOT") == repository.Root ? Environment.GetEnvironmentVariable(StageVariable) : null;
        return string.IsNullOrEmpty(stage)
            ? new DataVersions { Commit = commit, Data = Tracked(repository, folder, paths, cancellationToken) }
            : new DataVersions { Commit = commit, Stage = stage, Lock = Environment.GetEnvironmentVariable(LockVariable), Data = OfStage() };
    }

    /// <summary>What a stage's command is told by its environment.</summary>
    internal static IEnumerable<KeyValuePair<string, string>> Variables(Stage stage, LockedStage inputs)
    {
        yield return new(StageVariable, stage.Address);
        yield return new(LockVariable, LockOf(inputs));
        var data = new ValueMap([.. stage.Dependencies
            .Select(path => KeyValuePair.Create<string, Value>(path.Path, new TextValue(inputs.Dependency(path.Written)?.Id ?? "")))
            .OrderBy(one => one.Key, StringComparer.Ordinal)]);
        var text = JsonText.Write(data);
        yield return new(DataVariable, text.Length <= LongestVariable ? text : "{}");
    }

    /// <summary>What <see cref="LockTag"/> says of a stage's record.</summary>
#pragma warning disable CA5351 // MD5 is DVC's name for a content, not a protection.
    internal static string LockOf(LockedStage record) => Convert.ToHexStringLower(MD5.HashData(
        Encoding.ASCII.GetBytes(JsonText.Write(record.ToValue(hasSizes: false, hasOutputIds: false), isSorted: true))));
#pragma warning restore CA5351

    private static IEnumerable<KeyValuePair<string, string>> Named(string tag, string? value) => value is null ? [] : [KeyValuePair.Create(tag, value)];

    private static List<KeyValuePair<string, string>> OfStage()
    {
        if (Environment.GetEnvironmentVariable(DataVariable) is not { Length: > 0 } text)
        {
            return [];
        }

        try
        {
            using var json = JsonDocument.Parse(text);
            return [.. json.RootElement.EnumerateObject().Select(one => KeyValuePair.Create(one.Name, one.Value.GetString() ?? ""))];
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            // Names that are no text, or a variable that somebody else set.
            return [];
        }
    }

    private static List<KeyValuePair<string, string>> Tracked(Repository repository, string folder, IEnumerable<string> paths, CancellationToken cancellationToken)
    {
        var index = RepositoryIndex.Read(repository, path => StageOutputs.Of(repository, path));
        var reader = new ContentReader(repository, cancellationToken);
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            var full = Path.GetFullPath(path, Path.GetFullPath(folder));
            if (full.StartsWith(repository.Root + "/", StringComparison.Ordinal) && index.FindAround(repository.RelativePath(full)) is { } output
                && !found.ContainsKey(output.Path) && reader.Read(output.Path) is { } content)
            {
                found.Add(output.Path, content.Id.ToString());
            }
        }

        return [.. found];
    }
}
