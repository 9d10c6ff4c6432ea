namespace Hone.Space;

/// <summary>Makes a parameter active only where another parameter has one of some values.</summary>
/// <param name="Parent">Name of the parameter that decides. It must be discrete: int, ordinal, categorical or constant.</param>
/// <param name="Values">The parent's values under which the child is active; at least one.</param>
public sealed record Condition(string Parent, IReadOnlyList<ParameterValue> Values);
