using Hone.Analysis;

namespace Hone.Tracking.Store;

/// <summary>The best that a stored study has found.</summary>
/// <param name="Study">The study.</param>
/// <param name="Trials">
/// With one objective the best trial that counts, the earlier one of equals. With several the trials that no other one beats in every
/// objective, by the first objective, the best first. Empty if no trial counts.
/// </param>
public sealed record StudyBest(StudySummary Study, IReadOnlyList<TrialRecord> Trials)
{
    /// <summary>
    /// Of each of the trials, by its number, the models that its program logged to MLflow, as its clients load them, e.g. <c>models:/digits/3</c>; a
    /// trial that logged none is not there.
    /// </summary>
    public IReadOnlyDictionary<int, IReadOnlyList<string>> Models { get; init; } = new Dictionary<int, IReadOnlyList<string>>();
}
