using System.Globalization;
using System.Numerics;
using Hone.Pipelines.Yaml;

namespace Hone.Pipelines.Values;

/// <summary>A value of a parameters file, a metrics file or <c>dvc.yaml</c>: what YAML, JSON and TOML have in common. Immutable.</summary>
/// <remarks>Compare with <see cref="IsSameAs"/>, which is how DVC compares: <c>1</c>, <c>1.0</c> and <c>true</c> are the same value.</remarks>
public abstract class Value
{
    /// <summary>The line on which it begins, from 1; 0 if it was not read from a file.</summary>
    public int Line { get; init; }

    /// <summary>Whether it is a text, a number, a truth value or nothing, rather than a list or a mapping.</summary>
    public bool IsPlain => this is not (ValueList or ValueMap);

    /// <summary>What it is, for messages, e.g. <c>a list</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>Whether two values are equal as Python compares: numbers and truth values by their size, NaN never, mappings in any order.</summary>
    public bool IsSameAs(Value other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return (this, other) switch
        {
            (NothingValue, NothingValue) => true,
            (TextValue a, TextValue b) => a.Text == b.Text,
            (ValueList a, ValueList b) => a.Items.Count == b.Items.Count && a.Items.Zip(b.Items).All(pair => pair.First.IsSameAs(pair.Second)),
            (ValueMap a, ValueMap b) => a.Entries.Count == b.Entries.Count
                && a.Entries.All(entry => b.Find(entry.Key) is { } counterpart && entry.Value.IsSameAs(counterpart)),
            (RealValue a, RealValue b) => a.Number == b.Number,
            (RealValue a, _) => Whole(other) is { } whole && a.IsWhole(whole),
            (_, RealValue b) => Whole(this) is { } whole && b.IsWhole(whole),
            _ => Whole(this) is { } first && Whole(other) is { } second && first == second,
        };
    }

    private static BigInteger? Whole(Value value) => value switch
    {
        WholeValue whole => whole.Number,
        FlagValue flag => flag.IsTrue ? BigInteger.One : BigInteger.Zero,
        _ => null,
    };
}

/// <summary>No value: <c>null</c>.</summary>
public sealed class NothingValue : Value
{
    /// <inheritdoc/>
    public override string Kind => "nothing";

    /// <inheritdoc/>
    public override string ToString() => "null";
}

/// <summary><c>true</c> or <c>false</c>.</summary>
/// <param name="isTrue">Which of the two.</param>
public sealed class FlagValue(bool isTrue) : Value
{
    /// <summary>Which of the two.</summary>
    public bool IsTrue { get; } = isTrue;

    /// <inheritdoc/>
    public override string Kind => "a truth value";

    /// <inheritdoc/>
    public override string ToString() => IsTrue ? "true" : "false";
}

/// <summary>A whole number of any size.</summary>
/// <param name="number">The number.</param>
public sealed class WholeValue(BigInteger number) : Value
{
    /// <summary>The number.</summary>
    public BigInteger Number { get; } = number;

    /// <inheritdoc/>
    public override string Kind => "a whole number";

    /// <inheritdoc/>
    public override string ToString() => Number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A number with a point or an exponent.</summary>
/// <param name="number">The number; NaN and the infinities are allowed.</param>
public sealed class RealValue(double number) : Value
{
    /// <summary>The number.</summary>
    public double Number { get; } = number;

    /// <inheritdoc/>
    public override string Kind => "a number";

    /// <summary>As Python writes it, e.g. <c>1.0</c> and <c>1e-05</c>.</summary>
    public override string ToString() =>
        double.IsNaN(Number) ? "nan" : double.IsInfinity(Number) ? (Number > 0 ? "inf" : "-inf") : YamlNumbers.Show(Number);

    internal bool IsWhole(BigInteger whole) => double.IsInteger(Number) && new BigInteger(Number) == whole;
}

/// <summary>A text.</summary>
/// <param name="text">The text.</param>
public sealed class TextValue(string text) : Value
{
    /// <summary>The text.</summary>
    public string Text { get; } = text;

    /// <inheritdoc/>
    public override string Kind => "a text";

    /// <inheritdoc/>
    public override string ToString() => Text;
}

/// <summary>A list.</summary>
/// <param name="items">In order.</param>
public sealed class ValueList(IReadOnlyList<Value> items) : Value
{
    /// <summary>In order.</summary>
    public IReadOnlyList<Value> Items { get; } = items;

    /// <inheritdoc/>
    public override string Kind => "a list";

    /// <summary>As JSON.</summary>
    public override string ToString() => JsonText.Write(this);
}

/// <summary>A mapping of texts to values that keeps the order in which they were written.</summary>
public sealed class ValueMap : Value
{
    private readonly Dictionary<string, int> _places;
    private readonly IReadOnlyList<int>? _lines;

    /// <param name="entries">Without two of the same key.</param>
    /// <param name="lines">On which line each key stands; null if it was not read from a file.</param>
    /// <exception cref="ArgumentException">A key stands twice.</exception>
    public ValueMap(IReadOnlyList<KeyValuePair<string, Value>> entries, IReadOnlyList<int>? lines = null)
    {
        ArgumentNullException.ThrowIfNull(entries);
        Entries = entries;
        _lines = lines;
        _places = new Dictionary<string, int>(entries.Count, StringComparer.Ordinal);
        for (var i = 0; i < entries.Count; i++)
        {
            _places.Add(entries[i].Key, i);
        }
    }

    /// <summary>Nothing in it.</summary>
    public static ValueMap Empty { get; } = new([]);

    /// <summary>In the order in which they were written.</summary>
    public IReadOnlyList<KeyValuePair<string, Value>> Entries { get; }

    /// <summary>The keys, in order.</summary>
    public IEnumerable<string> Keys => Entries.Select(entry => entry.Key);

    /// <inheritdoc/>
    public override string Kind => "a mapping";

    /// <summary>The value of a key; null if it is not there.</summary>
    public Value? Find(string key) => _places.TryGetValue(key, out var place) ? Entries[place].Value : null;

    /// <summary>The line on which a key stands; that of the mapping if it is not known.</summary>
    public int LineOf(string key) => _lines is not null && _places.TryGetValue(key, out var place) ? _lines[place] : Line;

    /// <summary>As JSON.</summary>
    public override string ToString() => JsonText.Write(this);
}
