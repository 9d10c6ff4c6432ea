using Hone.Trials;
using Hone.Tuning;

namespace Hone.Tracking.Tests.Store;

/// <summary>Random events in any order in which trials are proposed before anything else happens to them.</summary>
internal static class RandomEvents
{
    private static readonly double[] Odd =
        [double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.MaxValue, double.Epsilon, 0, -1, 0.1, 1e15, 1e19];

    private static readonly string[] Texts = ["", "exit status 1: ValueError: ☃", "a 'quoted' \"text\"; DROP TABLE runs", "nul\0inside", "two\nlines"];

    private static readonly string[] Metrics = ["loss", "système/mémoire ☃", "a b'c", "system/cpu_seconds", ""];

    public static List<StudyEvent> Of(Random random, int count)
    {
        var events = new List<StudyEvent>();
        var trials = 0;
        while (events.Count < count)
        {
            var at = new DateTimeOffset(Some.Noon.Ticks + random.NextInt64(-1_000_000_000_000, 1_000_000_000_000), TimeSpan.Zero);
            events.Add(trials == 0 || random.Next(5) == 0
                ? new TrialProposed(at, ++trials, Some.Space.Sample(random))
                : Next(random, at, random.Next(1, trials + 1)));
        }

        return events;
    }

    private static StudyEvent Next(Random random, DateTimeOffset at, int trial) => random.Next(9) switch
    {
        0 => new TrialStarted(at, trial, random.Next(1, 4)),
        1 => new StopDecided(at, trial, State(random), Text(random), Text(random)),
        2 => new TrialRequeued(at, trial, Text(random), at.AddTicks(random.Next()), random.Next(2) == 0),
        3 => new TrialEnded(at, trial, State(random), Text(random), Numbers(random), Number(random), TimeSpan.FromTicks(random.NextInt64(1L << 50))),
        4 => random.Next(2) == 0
            ? new SessionBegan(at)
            : new SessionEnded(at, (StudyState)random.Next(3), Some.Spent(trial) with { EnergyJoules = Number(random) }),
        _ => new TrialReported(at, trial, random.Next(1, 4), random.NextInt64(1L << 40), Values(random), TimeSpan.FromTicks(random.NextInt64(1L << 50))),
    };

    private static TrialState State(Random random) => (TrialState)random.Next(2, 6);

    private static string Text(Random random) => Texts[random.Next(Texts.Length)];

    private static double Number(Random random) => random.Next(3) == 0 ? Odd[random.Next(Odd.Length)] : (random.NextDouble() - 0.5) * 1e6;

    private static double[] Numbers(Random random) => [.. Enumerable.Range(0, random.Next(4)).Select(_ => Number(random))];

    private static MetricValue[] Values(Random random) =>
        [.. Enumerable.Range(0, random.Next(6)).Select(_ => new MetricValue(Metrics[random.Next(Metrics.Length)], Number(random)))];
}
