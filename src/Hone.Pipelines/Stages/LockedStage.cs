using System.Numerics;
using Hone.Pipelines.Values;

namespace Hone.Pipelines.Stages;

/// <summary>A file or folder as a lock file records it.</summary>
/// <param name="Path">As it stands in <c>dvc.yaml</c>, from the stage's folder.</param>
/// <param name="Id">The md5 of its content; of a folder, that of its manifest with <c>.dir</c> after it; null if none is recorded.</param>
/// <param name="Size">In bytes; null if it is not recorded.</param>
/// <param name="Files">How many files a folder holds; null for a file.</param>
/// <param name="IsExecutable">Whether the file may be executed.</param>
/// <param name="HasHashName">Whether the entry names its hash; if not, DVC 2 wrote it, and text was hashed with its line ends changed.</param>
public sealed record LockedPath(string Path, string? Id, long? Size, long? Files, bool IsExecutable = false, bool HasHashName = true)
{
    internal ValueMap ToValue(bool hasSizes)
    {
        var entries = new List<KeyValuePair<string, Value>> { new("path", new TextValue(Path)) };
        if (HasHashName && Id is not null)
        {
            entries.Add(new("hash", new TextValue("md5")));
        }

        if (Id is not null)
        {
            entries.Add(new("md5", new TextValue(Id)));
        }

        if (hasSizes && Size is { } size)
        {
            entries.Add(new("size", new WholeValue(new BigInteger(size))));
        }

        if (hasSizes && Files is { } files)
        {
            entries.Add(new("nfiles", new WholeValue(new BigInteger(files))));
        }

        if (IsExecutable)
        {
            entries.Add(new("isexec", new FlagValue(true)));
        }

        return new ValueMap(entries);
    }

    internal static LockedPath Read(Section entry)
    {
        if (entry.Value is TextValue bare)
        {
            return new LockedPath(bare.Text, null, null, null);
        }

        return new LockedPath(
            (entry.Get("path") ?? throw entry.Place.Wrong("'path' is missing")).Text(),
            entry.Get("md5")?.Text(),
            Number(entry.Get("size")),
            Number(entry.Get("nfiles")),
            entry.Get("isexec")?.Flag() ?? false,
            entry.Get("hash") is not null);
    }

    private static long? Number(Section? section) => section is not { } given ? null
        : given.Value is WholeValue whole && whole.Number >= 0 && whole.Number <= long.MaxValue ? (long)whole.Number
        : throw given.Place.Wrong($"{given.Value.Kind} stands here; expected a whole number");
}

/// <summary>A stage as a lock file records it: what it was when it ran last.</summary>
/// <param name="Command">A text, or a list of texts.</param>
/// <param name="Dependencies">Sorted by path.</param>
/// <param name="Parameters">By file, as it stands in <c>dvc.yaml</c>: <c>params.yaml</c> first, then by name; names sorted within.</param>
/// <param name="Outputs">Sorted by path; metrics and plots are among them.</param>
public sealed record LockedStage(
    Value Command,
    IReadOnlyList<LockedPath> Dependencies,
    IReadOnlyList<KeyValuePair<string, ValueMap>> Parameters,
    IReadOnlyList<LockedPath> Outputs)
{
    /// <summary>A record with everything in its order.</summary>
    public static LockedStage Of(
        Value command, IEnumerable<LockedPath> dependencies, IEnumerable<KeyValuePair<string, ValueMap>> parameters, IEnumerable<LockedPath> outputs) =>
        new(
            command,
            [.. dependencies.OrderBy(path => path.Path, CodePointOrder.Instance)],
            [.. parameters.OrderBy(file => file.Key != ParametersFile.Usual).ThenBy(file => file.Key, CodePointOrder.Instance).Select(Sorted)],
            [.. outputs.OrderBy(path => path.Path, CodePointOrder.Instance)]);

    /// <summary>What was recorded of a dependency; null if it was none.</summary>
    public LockedPath? Dependency(string written) => Dependencies.FirstOrDefault(path => path.Path == written);

    /// <summary>What was recorded of an output; null if it was none.</summary>
    public LockedPath? Output(string written) => Outputs.FirstOrDefault(path => path.Path == written);

    /// <summary>The recorded parameters of a file; null if there were none.</summary>
    public ValueMap? ParametersOf(string written) => Parameters.FirstOrDefault(file => file.Key == written).Value;

    internal ValueMap ToValue(bool hasSizes = true, bool hasOutputIds = true)
    {
        var entries = new List<KeyValuePair<string, Value>> { new("cmd", Command) };
        if (Dependencies.Count > 0)
        {
            entries.Add(new("deps", new ValueList([.. Dependencies.Select(path => path.ToValue(hasSizes))])));
        }

        if (Parameters.Count > 0)
        {
            entries.Add(new("params", new ValueMap([.. Parameters.Select(file => KeyValuePair.Create<string, Value>(file.Key, file.Value))])));
        }

        if (Outputs.Count > 0)
        {
            entries.Add(new("outs", new ValueList([.. Outputs.Select(path => hasOutputIds ? (Value)path.ToValue(hasSizes) : new TextValue(path.Path))])));
        }

        return new ValueMap(entries);
    }

    internal static LockedStage Read(Section entry) => new(
        (entry.Get("cmd") ?? throw entry.Place.Wrong("'cmd' is missing")).Value,
        Paths(entry.Get("deps")),
        entry.Get("params") is { } parameters
            ? [.. parameters.Map().Keys.Select(file => KeyValuePair.Create(file, parameters.Get(file)!.Value.Map()))]
            : [],
        Paths(entry.Get("outs")));

    private static List<LockedPath> Paths(Section? section) => [.. (section?.Items() ?? []).Select(LockedPath.Read)];

    private static KeyValuePair<string, ValueMap> Sorted(KeyValuePair<string, ValueMap> file) =>
        KeyValuePair.Create(file.Key, new ValueMap([.. file.Value.Entries.OrderBy(entry => entry.Key, CodePointOrder.Instance)]));
}
