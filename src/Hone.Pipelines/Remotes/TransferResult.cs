namespace Hone.Pipelines.Remotes;

/// <summary>What a transfer did.</summary>
/// <param name="FileCount">Objects that were sent or got.</param>
/// <param name="Failures">One message for each that could not be.</param>
public sealed record TransferResult(int FileCount, IReadOnlyList<string> Failures);
