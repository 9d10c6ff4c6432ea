namespace Hone.Space;

/// <summary>A parameter with listed values that have no order, such as names of algorithms.</summary>
public sealed record CategoricalParameter : ListParameter
{
    /// <param name="name">Unique within the space.</param>
    /// <param name="choices">The choices; at least one, each once.</param>
    /// <exception cref="SearchSpaceException">No choices, or one of them twice.</exception>
    public CategoricalParameter(string name, params IReadOnlyList<ParameterValue> choices) : base(name, choices) { }

    /// <inheritdoc/>
    public override string Describe() => $"choice {List()}";
}
