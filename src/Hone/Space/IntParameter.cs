namespace Hone.Space;

/// <summary>A whole-number parameter, on a linear or log scale, in steps of 1 or more.</summary>
public sealed record IntParameter : NumericParameter
{
    private const long Largest = 1L << 53;

    /// <param name="name">Unique within the space.</param>
    /// <param name="low">Smallest value, at least -2^53; above 0 on a log scale.</param>
    /// <param name="high">Largest value, included; at most 2^53.</param>
    /// <param name="log">Whether equal ratios are equally likely.</param>
    /// <param name="step">Distance of neighbouring values from <paramref name="low"/>, at least 1.</param>
    /// <exception cref="SearchSpaceException">The range is empty, too large or not positive on a log scale, or the step below 1.</exception>
    public IntParameter(string name, long low, long high, bool log = false, long step = 1)
        : base(name, low, high, log, step)
    {
        if (low < -Largest || high > Largest)
        {
            throw new SearchSpaceException($"Parameter '{name}': the range [{low}, {high}] must lie within -2^53 and 2^53.");
        }

        High = low + ((high - low) / step * step);
    }

    /// <inheritdoc/>
    public override ParameterValue Value(double code) => ParameterValue.Of((long)code);

    /// <inheritdoc/>
    public override double? CodeOf(ParameterValue value) =>
        value.Kind is ValueKind.Float or ValueKind.Integer && Contains(value.Number) ? value.Number : null;

    /// <inheritdoc/>
    public override bool Contains(double code) => code == Math.Floor(code) && base.Contains(code);

    /// <inheritdoc/>
    public override string Describe() =>
        $"int [{Show(Low)}, {Show(High)}]{(Log ? " log" : "")}{(Step is { } step and > 1 ? $" step {Show(step)}" : "")}";
}
