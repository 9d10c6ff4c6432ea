using Hone.Ablation;
using Hone.Analysis;
using Hone.Simulation;
using Hone.Space;
using Hone.Trials;
using Hone.Tuning;

namespace Hone.Tests.Ablation;

/// <summary>A plan over a program whose components contribute what is known, run by the real tuner in virtual time.</summary>
/// <param name="worth">By how much the loss rises without each component.</param>
/// <param name="seed">Of all chance.</param>
internal sealed class SyntheticPlan(double[] worth, ulong seed)
{
    private static readonly Objective Loss = new("loss");

    /// <summary>What is lost beyond that without both of two components.</summary>
    public Dictionary<(int, int), double> Together { get; init; } = [];

    /// <summary>Spread that all arms share with a seed.</summary>
    public double Shared { get; init; } = 1;

    /// <summary>Spread of the difference of two arms.</summary>
    public double Spread { get; init; } = 1;

    public AblationOptions Options { get; init; } = new();

    public int Slots { get; init; } = 4;

    /// <summary>What a trial loses by what was tuned in it, by arm.</summary>
    public Func<int, Configuration, double> Tuned { get; init; } = (_, _) => 0;

    /// <summary>Which trials fail, by arm and pair.</summary>
    public Func<int, int, bool> Fails { get; init; } = (_, _) => false;

    public AblationPlan Plan => new([.. worth.Select((_, i) => new AblationComponent { Name = $"c{i}" })], Options, []);

    /// <summary>Runs the plan to its end, or until so many trials were proposed; goes on with what the journal holds.</summary>
    public async Task<AblationResult> RunAsync(IStudyJournal? journal = null, int? trials = null)
    {
        var plan = Plan;
        var kept = journal ?? new InMemoryJournal();
        await TuneAsync(plan, kept, trials);
        var study = new StudyRecord { Name = "synthetic", State = StudyState.Finished, Objectives = [Loss], Spent = new(), Trials = [.. await TrialsAsync(plan, kept)] };
        return AblationResult.Of(plan, study, ["cost", "unknown"]);
    }

    /// <summary>Runs the plan and gives its verdicts alone, without intervals, which take far longer.</summary>
    public async Task<IReadOnlyList<ContrastVerdict>> VerdictsAsync()
    {
        var plan = Plan;
        var journal = new InMemoryJournal();
        await TuneAsync(plan, journal, null);
        var trials = await TrialsAsync(plan, journal);
        var race = new Race(plan, PairedTable.Of(plan, trials.Select(t => (Configuration.Of(plan.Space, t.Parameters), t.Values[0])), Goal.Minimize));
        race.Advance();
        return race.Verdicts;
    }

    private async Task TuneAsync(AblationPlan plan, IStudyJournal journal, int? trials)
    {
        var time = new VirtualTime();
        var study = new Study
        {
            Name = "synthetic",
            Space = plan.Space,
            Objectives = [Loss],
            Sampler = new AblationSamplerOptions(plan),
            Budget = new() { Trials = trials },
            Retries = new() { Retries = 0 },
        };
        await using var pool = new SimulatedWorkerPool(Slots, time, order => Attempt(plan, order));
        using var tuner = new Tuner(study, pool, journal, time);
        await tuner.RunAsync(CancellationToken.None);
    }

    private static async Task<List<TrialRecord>> TrialsAsync(AblationPlan plan, IStudyJournal journal)
    {
        var records = new List<TrialRecord>();
        var proposed = new Dictionary<int, Configuration>();
        await foreach (var entry in journal.ReadAsync(CancellationToken.None))
        {
            switch (entry)
            {
                case TrialProposed begun:
                    proposed[begun.Trial] = begun.Configuration;
                    break;
                case TrialEnded ended:
                    records.Add(new TrialRecord
                    {
                        Number = ended.Trial,
                        State = ended.State,
                        Parameters = [.. proposed[ended.Trial].Values],
                        Metrics = [new("cost", plan.Arms[plan.Find(proposed[ended.Trial]).Arm].LeftOut.Contains(0) ? 1 : 2)],
                        Values = ended.Values,
                    });
                    break;
            }
        }

        return records;
    }

    // Durations differ, so that trials end in another order than they begin.
    private SimulatedAttempt Attempt(AblationPlan plan, TrialOrder order)
    {
        var (arm, pair) = plan.Find(order.Configuration);
        var own = new SeededRandom(SeededRandom.Derive(seed, (ulong)arm + 1, (ulong)pair));
        var shared = new SeededRandom(SeededRandom.Derive(seed, 0, (ulong)pair));
        var left = plan.Arms[arm].LeftOut;
        var loss = (Shared * shared.NextNormal()) + (Spread / Math.Sqrt(2) * own.NextNormal()) + left.Sum(i => worth[i])
            + Tuned(arm, order.Configuration)
            + Together.Where(pairOf => left.Contains(pairOf.Key.Item1) && left.Contains(pairOf.Key.Item2)).Sum(pairOf => pairOf.Value);
        var duration = TimeSpan.FromSeconds(10 + (20 * own.NextDouble()));
        return Fails(arm, pair)
            ? new SimulatedAttempt([], duration, AttemptOutcome.Crashed, "exit status 1")
            : new SimulatedAttempt([new SimulatedReport(duration, 1, [new MetricValue("loss", loss)])], duration);
    }
}
