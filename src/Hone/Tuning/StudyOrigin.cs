namespace Hone.Tuning;

/// <summary>What the study's file says beyond the study, in its own words: a store keeps it for questions that are asked later.</summary>
public sealed record StudyOrigin
{
    /// <summary>
    /// What is the same for all trials of a built-in learner, by names as in a study file, <c>learner</c>, <c>data</c> and <c>folds</c>
    /// among them; empty if any other program trains.
    /// </summary>
    public IReadOnlyDictionary<string, string> Training { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// The stopping rules as YAML, on one line, such as <c>[{median: {after: 300}}]</c>: read again with the study's first objective, they are
    /// the study's rules. Null if the rules were not written but made.
    /// </summary>
    public string? Stop { get; init; }
}
