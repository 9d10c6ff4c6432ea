namespace Hone.Space;

/// <summary>A floating-point parameter, on a linear or log scale, continuous or in steps.</summary>
public sealed record FloatParameter : NumericParameter
{
    /// <param name="name">Unique within the space.</param>
    /// <param name="low">Smallest value; above 0 on a log scale.</param>
    /// <param name="high">Largest value, included.</param>
    /// <param name="log">Whether equal ratios are equally likely.</param>
    /// <param name="step">Distance of neighbouring values from <paramref name="low"/>; null: continuous.</param>
    /// <exception cref="SearchSpaceException">The range is empty, not finite or not positive on a log scale, or the step not positive.</exception>
    public FloatParameter(string name, double low, double high, bool log = false, double? step = null)
        : base(name, low, high, log, step)
    {
        if (step is { } s)
        {
            High = low + (Math.Floor(((high - low) / s) + 1e-9) * s);
        }
    }

    /// <inheritdoc/>
    public override ParameterValue Value(double code) => ParameterValue.Of(code);

    /// <inheritdoc/>
    public override double? CodeOf(ParameterValue value) =>
        value.Kind is ValueKind.Float or ValueKind.Integer && Contains(value.Number) ? value.Number : null;

    /// <inheritdoc/>
    public override string Describe() =>
        $"float [{Show(Low)}, {Show(High)}]{(Log ? " log" : "")}{(Step is { } step ? $" step {Show(step)}" : "")}";
}
