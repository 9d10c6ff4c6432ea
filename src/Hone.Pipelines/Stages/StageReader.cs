using System.Globalization;
using Hone.Pipelines.Values;

namespace Hone.Pipelines.Stages;

/// <summary>Reads an entry of <c>stages</c>: one stage, or a group of them.</summary>
internal sealed class StageReader(PipelineFiles files, string file, Variables variables, ArgumentStyle style)
{
    private static readonly string[] Keys =
        ["cmd", "wdir", "deps", "params", "outs", "metrics", "plots", "frozen", "always_changed", "desc", "meta", "vars", "matrix"];

    private static readonly string[] GroupKeys = ["foreach", "do"];

    /// <summary>The stages of an entry, in order.</summary>
    public IEnumerable<Stage> Read(string name, Section entry)
    {
        if (name.Length == 0)
        {
            throw entry.Place.Wrong("a stage has an empty name");
        }

        if (entry.Get("foreach") is { } each)
        {
            entry.Only(GroupKeys);
            var body = entry.Get("do") ?? throw entry.Place.Wrong("'do' is missing: what foreach is to repeat");
            body.Only(Keys[..^1]);
            return Distinct(Each(each.Resolved(new Interpolation(variables, style))), name, body, entry);
        }

        entry.Only([.. Keys, .. GroupKeys]);
        if (entry.Get("do") is { } alone)
        {
            throw alone.Place.Wrong("'do' without foreach");
        }

        return entry.Get("matrix") is { } matrix
            ? Distinct(Matrix(matrix.Resolved(new Interpolation(variables, style))), name, entry, entry)
            : [Read(name, null, entry, variables)];
    }

    private List<Stage> Distinct(IEnumerable<(string Key, Variables Variables)> members, string name, Section body, Section entry)
    {
        var stages = new List<Stage>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, known) in members)
        {
            if (!seen.Add(key))
            {
                throw entry.Place.Wrong($"two stages would be named '{name}@{key}'");
            }

            stages.Add(Read($"{name}@{key}", name, body, known));
        }

        return stages;
    }

    private IEnumerable<(string Key, Variables Variables)> Each(Section each)
    {
        switch (each.Value)
        {
            case ValueMap map:
                return map.Entries.Select(entry => (entry.Key, variables.Over("key", new TextValue(entry.Key)).Over("item", entry.Value)));
            case ValueList list:
                var isPlain = list.Items.All(item => item.IsPlain);
                return list.Items.Select((item, i) => (isPlain ? Word(item) : Index(i), variables.Over("item", item)));
            default:
                throw each.Place.Wrong($"{each.Value.Kind} stands here; expected a list or a mapping to repeat for");
        }
    }

    private IEnumerable<(string Key, Variables Variables)> Matrix(Section matrix)
    {
        IEnumerable<(string Key, List<KeyValuePair<string, Value>> Item)> all = [("", [])];
        foreach (var (axis, values) in matrix.Map().Entries)
        {
            var items = matrix.Get(axis)!.Value.Items();
            all = [.. all.SelectMany(one => items.Select((item, i) => (
                (one.Key.Length == 0 ? "" : one.Key + "-") + (item.Value.IsPlain ? Word(item.Value) : axis + Index(i)),
                one.Item.Append(KeyValuePair.Create(axis, item.Value)).ToList())))];
        }

        return all.Select(one => (one.Key, variables.Over("key", new TextValue(one.Key)).Over("item", new ValueMap(one.Item))));
    }

    private static string Word(Value value) => value is NothingValue ? "None" : value.ToString()!;

    private static string Index(int i) => i.ToString(CultureInfo.InvariantCulture);

    private Stage Read(string name, string? group, Section body, Variables known)
    {
        var own = body.Place with { Key = $"stages.{name}" };
        var interpolation = new Interpolation(known, style);
        var wdir = body.Get("wdir") is { } at ? at.Resolved(interpolation).Text() : ".";
        var folder = PipelinePaths.Combine(PipelinePaths.Folder(file), wdir);
        if (PipelinePaths.IsOutside(folder))
        {
            throw body.Get("wdir")!.Value.Place.Wrong($"'{wdir}' lies outside of the repository");
        }

        if (body.Get("vars") is { } local)
        {
            interpolation = new Interpolation(new VariablesReader(files, folder).Read(local, known), style);
        }

        var command = body.Get("cmd") ?? throw own.Wrong("'cmd' is missing: the command to run");
        var paths = new StagePathReader(folder, interpolation);
        return new Stage
        {
            Name = name,
            Group = group,
            File = file,
            Line = body.Place.Line,
            Folder = folder,
            Commands = Commands(command, interpolation),
            IsCommandList = command.Value is ValueList,
            Dependencies = paths.Dependencies(body.Get("deps")),
            Parameters = paths.Parameters(body.Get("params")),
            Outputs =
            [
                .. paths.Outputs(body.Get("outs"), OutputUse.Plain),
                .. paths.Outputs(body.Get("metrics"), OutputUse.Metric),
                .. paths.Outputs(body.Get("plots"), OutputUse.Plot),
            ],
            IsFrozen = body.Get("frozen") is { } frozen && frozen.Resolved(interpolation).Flag(),
            IsAlwaysChanged = body.Get("always_changed") is { } always && always.Resolved(interpolation).Flag(),
            Description = body.Get("desc") is { Value: TextValue text } ? text.Text : "",
        };
    }

    private static IReadOnlyList<string> Commands(Section command, Interpolation interpolation)
    {
        IReadOnlyList<Section> lines = command.Value is ValueList ? command.Items() : [command];
        return lines.Count > 0
            ? [.. lines.Select(line => interpolation.Text(line.Text(), line.Place, isCommand: true))]
            : throw command.Place.Wrong("an empty list stands here; expected commands");
    }
}
