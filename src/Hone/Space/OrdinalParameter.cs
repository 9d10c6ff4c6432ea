namespace Hone.Space;

/// <summary>A parameter with listed values that have an order, such as sizes: neighbours in the list are taken to behave alike.</summary>
public sealed record OrdinalParameter : ListParameter
{
    /// <param name="name">Unique within the space.</param>
    /// <param name="values">The values in their order; at least one, each once.</param>
    /// <exception cref="SearchSpaceException">No values, or one of them twice.</exception>
    public OrdinalParameter(string name, params IReadOnlyList<ParameterValue> values) : base(name, values) { }

    /// <inheritdoc/>
    public override string Describe() => $"values {List()}";
}
