using Hone.Space;

namespace Hone.Ablation;

/// <summary>A building block that a plan leaves out to see what it contributes.</summary>
/// <remarks>
/// What leaving it out means is data: parameters that take other values (a default, another model), names that are added to a parameter that
/// lists them (<c>without</c>, <c>ignore</c>), or neither, for a switch that the program itself reads from <c>HONE_ABLATED</c>.
/// </remarks>
public sealed record AblationComponent
{
    /// <summary>Unique within the plan; no comma, since arms are called after their components, with commas between.</summary>
    public required string Name { get; init; }

    /// <summary>The parameters that take another value without the component.</summary>
    public IReadOnlyList<KeyValuePair<string, ParameterValue>> Sets { get; init; } = [];

    /// <summary>The names that are added to parameters which list what is left out, by parameter.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Adds { get; init; } = [];
}

/// <summary>The base without some components; every seed trains it once.</summary>
/// <param name="Name">The components that are left out, with commas between; empty for the base.</param>
/// <param name="LeftOut">Their places among the plan's components, rising.</param>
public sealed record AblationArm(string Name, IReadOnlyList<int> LeftOut);

/// <summary>A question to a plan: a weighted sum of what arms reach with the same seed.</summary>
/// <remarks>
/// Weights are those of a loss: of a component, without it minus with it, so that more than 0 says that it helps. Of two components, what
/// is lost without both, beyond what is lost without each.
/// </remarks>
/// <param name="Name">As shown.</param>
/// <param name="Components">One component or two, by their places.</param>
/// <param name="Weights">Arms, by their places, and their weights, which sum to 0.</param>
public sealed record AblationContrast(string Name, IReadOnlyList<int> Components, IReadOnlyList<(int Arm, double Weight)> Weights)
{
    /// <summary>Whether it asks what two components do together.</summary>
    public bool IsInteraction => Components.Count == 2;
}
