namespace Hone.Space;

/// <summary>A parameter whose values are listed: ordinal, categorical or constant. Its code is the position in the list.</summary>
public abstract record ListParameter : Parameter
{
    private protected ListParameter(string name, IReadOnlyList<ParameterValue> values)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count == 0)
        {
            throw new SearchSpaceException($"Parameter '{name}' has no values. List at least one.");
        }

        for (var i = 0; i < values.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (Same(values[i], values[j]))
                {
                    throw new SearchSpaceException($"Parameter '{name}' lists the value {values[i]} twice. Drop one.");
                }
            }
        }

        Values = values;
    }

    /// <summary>The values, in declared order.</summary>
    public IReadOnlyList<ParameterValue> Values { get; }

    /// <inheritdoc/>
    public override long? Count => Values.Count;

    /// <inheritdoc/>
    public override ParameterValue Value(double code) => Values[(int)code];

    /// <inheritdoc/>
    public override double? CodeOf(ParameterValue value)
    {
        for (var i = 0; i < Values.Count; i++)
        {
            if (Same(Values[i], value))
            {
                return i;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public override bool Contains(double code) => code >= 0 && code < Values.Count && code == Math.Floor(code);

    /// <inheritdoc/>
    public override double FromUnit(double unit) => Math.Min((long)(unit * Values.Count), Values.Count - 1);

    /// <inheritdoc/>
    public override double CodeAt(long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Values.Count);
        return index;
    }

    private protected string List() => $"[{string.Join(", ", Values)}]";

    // 1 and 1.0 are one value to whoever writes or reads a file.
    private static bool Same(ParameterValue a, ParameterValue b) =>
        a == b || (a.Kind is ValueKind.Float or ValueKind.Integer && b.Kind is ValueKind.Float or ValueKind.Integer && a.Number == b.Number);
}
