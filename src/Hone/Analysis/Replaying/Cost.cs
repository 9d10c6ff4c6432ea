namespace Hone.Analysis.Replaying;

/// <summary>What trials cost. A kind of cost that no trial recorded is null, never 0.</summary>
/// <param name="Steps">Training steps.</param>
/// <param name="WallSeconds">Time on a slot, in seconds.</param>
/// <param name="CpuSeconds">From <c>system/cpu_seconds</c>.</param>
/// <param name="MegabyteSeconds">The integral of <c>system/memory_megabytes</c> over the trial's time, by trapezoids.</param>
/// <param name="Joules">From <c>system/energy_joules</c>.</param>
public sealed record Cost(double Steps, double WallSeconds, double? CpuSeconds, double? MegabyteSeconds, double? Joules)
{
    /// <summary>Nothing, and nothing measured.</summary>
    public static Cost None { get; } = new(0, 0, null, null, null);

    /// <summary>Both together; a kind that only one has recorded is that one's.</summary>
    public static Cost operator +(Cost a, Cost b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        return new(
            a.Steps + b.Steps, a.WallSeconds + b.WallSeconds, Sum(a.CpuSeconds, b.CpuSeconds),
            Sum(a.MegabyteSeconds, b.MegabyteSeconds), Sum(a.Joules, b.Joules));
    }

    /// <summary>What <paramref name="a"/> cost more than <paramref name="b"/>.</summary>
    public static Cost operator -(Cost a, Cost b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        return new(
            a.Steps - b.Steps, a.WallSeconds - b.WallSeconds, a.CpuSeconds - b.CpuSeconds,
            a.MegabyteSeconds - b.MegabyteSeconds, a.Joules - b.Joules);
    }

    /// <summary>Both together.</summary>
    public static Cost Add(Cost left, Cost right) => left + right;

    /// <summary>The difference.</summary>
    public static Cost Subtract(Cost left, Cost right) => left - right;

    /// <summary>Each kind as a share of the whole's, e.g. 0.6; null where the whole has nothing of it.</summary>
    public CostShare Of(Cost whole)
    {
        ArgumentNullException.ThrowIfNull(whole);
        return new(
            Share(Steps, whole.Steps), Share(WallSeconds, whole.WallSeconds), Share(CpuSeconds, whole.CpuSeconds),
            Share(MegabyteSeconds, whole.MegabyteSeconds), Share(Joules, whole.Joules));
    }

    private static double? Sum(double? a, double? b) => a is null ? b : b is null ? a : a + b;

    private static double? Share(double? part, double? whole) => whole > 0 ? part / whole : null;
}

/// <summary>Shares of a cost, from 0 to 1; null where there is nothing to have a share of.</summary>
/// <param name="Steps">Of the training steps.</param>
/// <param name="Wall">Of the time on slots.</param>
/// <param name="Cpu">Of the CPU time.</param>
/// <param name="MegabyteSeconds">Of the memory, integrated over time.</param>
/// <param name="Joules">Of the energy.</param>
public sealed record CostShare(double? Steps, double? Wall, double? Cpu, double? MegabyteSeconds, double? Joules);
