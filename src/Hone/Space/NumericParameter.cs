namespace Hone.Space;

/// <summary>A parameter with an order and a distance: a float or an int.</summary>
public abstract record NumericParameter : Parameter
{
    private protected NumericParameter(string name, double low, double high, bool log, double? step)
        : base(name)
    {
        if (!double.IsFinite(low) || !double.IsFinite(high))
        {
            throw new SearchSpaceException($"Parameter '{name}': the range [{Show(low)}, {Show(high)}] must be finite.");
        }

        if (low > high)
        {
            throw new SearchSpaceException($"Parameter '{name}': low {Show(low)} is above high {Show(high)}. Swap them.");
        }

        if (log && low <= 0)
        {
            throw new SearchSpaceException(
                $"Parameter '{name}': low {Show(low)} cannot be on a log scale. Raise it above 0, or drop log.");
        }

        if (step is { } s && !(s > 0 && double.IsFinite(s)))
        {
            throw new SearchSpaceException($"Parameter '{name}': step {Show(s)} must be above 0.");
        }

        Low = low;
        High = high;
        Log = log;
        Step = step;
    }

    /// <summary>Smallest value.</summary>
    public double Low { get; }

    /// <summary>Largest value; with a step, the largest on the grid from <see cref="Low"/> that is not above the one given.</summary>
    public double High { get; private protected init; }

    /// <summary>Whether equal ratios, not equal differences, are equally likely.</summary>
    public bool Log { get; }

    /// <summary>Distance of neighbouring values, counted from <see cref="Low"/>; null: continuous.</summary>
    public double? Step { get; }

    /// <inheritdoc/>
    public override long? Count => Step is { } step ? (long)Math.Round((High - Low) / step) + 1 : Low == High ? 1 : null;

    /// <inheritdoc/>
    public override bool Contains(double code)
    {
        if (!(code >= Low && code <= High))
        {
            return false;
        }

        return Step is not { } step || Math.Abs(Snap(code) - code) <= 1e-9 * Math.Max(step, Math.Abs(code));
    }

    /// <inheritdoc/>
    public override double FromUnit(double unit)
    {
        if (Step is not { } step)
        {
            var value = Log ? Math.Exp(Math.Log(Low) + (unit * (Math.Log(High) - Math.Log(Low)))) : Low + (unit * (High - Low));
            return Math.Clamp(value, Low, High);
        }

        if (!Log)
        {
            return CodeAt(Math.Min((long)(unit * Count!.Value), Count.Value - 1));
        }

        // Each grid value owns the cell half a step to either side, measured on the log scale.
        var from = Math.Log(Math.Max(Low - (step / 2), Low / 2));
        var to = Math.Log(High + (step / 2));
        return Snap(Math.Exp(from + (unit * (to - from))));
    }

    /// <inheritdoc/>
    public override double CodeAt(long index)
    {
        if (Count is not { } count)
        {
            throw new InvalidOperationException($"Parameter '{Name}' is continuous: give it a step to count its values.");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, count);
        return index == count - 1 ? High : Low + (index * (Step ?? 0));
    }

    /// <summary>The value on the grid nearest to a number, within the range; the number itself, clamped, if there is no step.</summary>
    public double Snap(double number)
    {
        if (Step is not { } step)
        {
            return Math.Clamp(number, Low, High);
        }

        var index = (long)Math.Round((Math.Clamp(number, Low, High) - Low) / step);
        return CodeAt(Math.Min(index, Count!.Value - 1));
    }
}
