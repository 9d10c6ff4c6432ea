namespace Hone.Tracking.Client;

/// <summary>What became of what was logged to a run.</summary>
/// <param name="IsComplete">Whether the server has all of it.</param>
/// <param name="Left">How many bytes the server does not have.</param>
/// <param name="Spool">The file in which they stand for the next process; null: there is none.</param>
public sealed record RunEnding(bool IsComplete, long Left, string? Spool);
