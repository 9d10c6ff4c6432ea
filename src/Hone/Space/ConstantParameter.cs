namespace Hone.Space;

/// <summary>A parameter with one value: it is passed to the trial and recorded, and nothing is searched.</summary>
public sealed record ConstantParameter : ListParameter
{
    /// <param name="name">Unique within the space.</param>
    /// <param name="value">The value.</param>
    public ConstantParameter(string name, ParameterValue value) : base(name, [value]) { }

    /// <inheritdoc/>
    public override string Describe() => $"constant {Values[0]}";
}
