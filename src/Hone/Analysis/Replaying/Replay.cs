using Hone.Simulation;
using Hone.Space;
using Hone.Stopping;
using Hone.Tuning;

namespace Hone.Analysis.Replaying;

/// <summary>Decides a recorded study again under other stopping rules, in virtual time and with the tuner's own loop.</summary>
/// <remarks>
/// <para>
/// Every recorded trial repeats its values and times. Trials begin in their recorded order, each when a slot is free and has waited as long
/// as it did in the record. So a rule that stops earlier lets the later trials begin earlier, as it would have; and under the study's
/// own rules everything repeats itself: the same trials are stopped at the same step by the same rule for the same reason.
/// </para>
/// <para>
/// That is exact if the record has the order in which the tuner took the reports (<see cref="TrialRecord.Order"/>), and otherwise if the
/// recorded times order them; it needs the rules to be the same and each trial to have had one attempt. A rule that looks at the clock (a
/// deadline) acts on time in a replay, where it acted some milliseconds late in the study.
/// </para>
/// <para>
/// What a replay cannot know: which configurations a sampler that learns would have proposed instead, and what becomes of trials whose end
/// was not recorded (<see cref="ReplayResult.Unknown"/>). Study with <c>stop: []</c> to have the ground truth. The budget does not act in a
/// replay.
/// </para>
/// </remarks>
public static class Replay
{
    /// <summary>Replays a study under several rule sets, each by itself.</summary>
    /// <param name="record">The study, read with histories.</param>
    /// <param name="sets">The rule sets; an entry with all the rules of others is their combination.</param>
    /// <param name="options">How; null: as recorded.</param>
    /// <param name="cancellationToken">Gives up between two rule sets.</param>
    /// <returns>One result a rule set, in their order.</returns>
    /// <exception cref="ArgumentException">No trial of the study has begun, or one was read without its history.</exception>
    public static async Task<IReadOnlyList<ReplayResult>> RunAsync(
        StudyRecord record, IReadOnlyList<RuleSet> sets, ReplayOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(sets);
        options ??= new ReplayOptions();
        if (options.Slots is { } slots)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(slots, 1, nameof(options));
        }

        var results = new List<ReplayResult>();
        var study = new RecordedStudy(record, options.Slots);
        foreach (var set in sets)
        {
            cancellationToken.ThrowIfCancellationRequested();
            results.Add(await RunAsync(study, set, options));
        }

        return results;
    }

    /// <summary>The results that no other beats in saving and in regret: what there is to choose from.</summary>
    /// <param name="results">Of one study.</param>
    /// <param name="saved">Which saving counts, e.g. <c>result => result.SavedShare.Cpu</c>; null where it is not known.</param>
    /// <returns>
    /// The one that saves most first, each one with less regret than the one before. Results without a regret are left out.
    /// </returns>
    public static IReadOnlyList<ReplayResult> Frontier(IEnumerable<ReplayResult> results, Func<ReplayResult, double?> saved)
    {
        ArgumentNullException.ThrowIfNull(results);
        ArgumentNullException.ThrowIfNull(saved);
        var frontier = new List<ReplayResult>();
        var known = results.Where(result => result.Regret is not null && saved(result) is not null);
        foreach (var result in known.OrderByDescending(saved).ThenBy(result => result.Regret))
        {
            if (frontier.Count == 0 || result.Regret < frontier[^1].Regret)
            {
                frontier.Add(result);
            }
        }

        return frontier;
    }

    private static async Task<ReplayResult> RunAsync(RecordedStudy study, RuleSet set, ReplayOptions options)
    {
        var time = new VirtualTime();
        await using var pool = new RecordedPool(study, time, options.StopDelay);
        var journal = new ReplayJournal(study, pool);
        using var tuner = new Tuner(Study(study, set.Rules), pool, journal, time);
        await tuner.RunAsync(CancellationToken.None);
        return new ReplayOutcome(study, pool, journal).Result(set.Name);
    }

    private static Study Study(RecordedStudy study, IReadOnlyList<IStoppingRule> rules) => new()
    {
        Name = study.Record.Name,
        Space = new SearchSpace([new ConstantParameter("trial", 1)]),
        Objectives = study.Record.Objectives,
        Constraints = study.Record.Constraints,
        Sampler = new RecordedOptions(study.Trials),
        Rules = rules,
        Retries = new RetryPolicy { Retries = 0 },
    };
}
