using Hone.Pipelines.Values;

namespace Hone.Pipelines.Comparing;

/// <summary>What became of a parameter or a metric between two versions.</summary>
/// <param name="Name">E.g. <c>train.lr</c>.</param>
/// <param name="Old">Null if it was not there.</param>
/// <param name="New">Null if it is there no more.</param>
public sealed record ValueChange(string Name, Value? Old, Value? New)
{
    /// <summary>New less old; null unless both are numbers.</summary>
    public Value? Difference => (Old, New) switch
    {
        (WholeValue a, WholeValue b) => new WholeValue(b.Number - a.Number),
        (RealValue or WholeValue, RealValue or WholeValue) => new RealValue(Number(New) - Number(Old)),
        _ => null,
    };

    /// <summary>Whether the two are the same by DVC's rules.</summary>
    public bool IsSame => Old is not null && New is not null && Old.IsSameAs(New);

    /// <summary>The changes between two files' content, by name.</summary>
    /// <param name="before">Null: there was no such file.</param>
    /// <param name="after">Null: there is no such file.</param>
    /// <param name="isAll">Whether to list also what did not change.</param>
    public static IReadOnlyList<ValueChange> Between(Value? before, Value? after, bool isAll)
    {
        var (old, current) = (Flat(before), Flat(after));
        var names = current.Keys.Concat(old.Keys.Where(name => !current.ContainsKey(name)));
        return [.. names.Select(name => new ValueChange(name, old.GetValueOrDefault(name), current.GetValueOrDefault(name))).Where(change => isAll || !change.IsSame)];
    }

    /// <summary>The values of a tree of mappings under dotted names; a list is one value.</summary>
    public static OrderedDictionary<string, Value> Flat(Value? value)
    {
        var flat = new OrderedDictionary<string, Value>(StringComparer.Ordinal);
        Flatten(flat, value, "");
        return flat;
    }

    private static void Flatten(OrderedDictionary<string, Value> flat, Value? value, string name)
    {
        if (value is ValueMap map && (map.Entries.Count > 0 || name.Length == 0))
        {
            foreach (var (key, inner) in map.Entries)
            {
                Flatten(flat, inner, name.Length == 0 ? key : $"{name}.{key}");
            }
        }
        else if (value is not null)
        {
            flat[name] = value;
        }
    }

    private static double Number(Value? value) => value switch
    {
        WholeValue whole => (double)whole.Number,
        RealValue real => real.Number,
        _ => double.NaN,
    };
}
