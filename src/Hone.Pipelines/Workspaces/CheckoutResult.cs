namespace Hone.Pipelines.Workspaces;

/// <summary>What a checkout did. Paths are below the root; those of folders end in a slash.</summary>
/// <param name="Added">Outputs that were not there.</param>
/// <param name="Modified">Outputs that were there with another content.</param>
/// <param name="Deleted">Outputs that were removed.</param>
/// <param name="Failures">One message for each output that could not be put there; it is as it was before.</param>
public sealed record CheckoutResult(IReadOnlyList<string> Added, IReadOnlyList<string> Modified, IReadOnlyList<string> Deleted, IReadOnlyList<string> Failures);
