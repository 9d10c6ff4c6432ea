namespace Hone.Budgets;

/// <summary>What a study may spend. A limit that is null does not bind.</summary>
public sealed record Budget
{
    /// <summary>Trials proposed, whatever becomes of them; at least 1.</summary>
    public int? Trials { get; init; }

    /// <summary>Wall time of tuning, summed over the sessions of a continued study.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>Training steps, summed over all trials and attempts.</summary>
    public long? Steps { get; init; }

    /// <summary>CPU time, summed over all trials and attempts.</summary>
    public TimeSpan? Cpu { get; init; }

    /// <summary>GPU time: wall time of trials weighted by <c>system/gpu_percent</c>.</summary>
    public TimeSpan? Gpu { get; init; }

    /// <summary>Energy in joules, summed over all trials and attempts.</summary>
    public double? EnergyJoules { get; init; }

    /// <summary>The first limit that is spent, in words with both numbers; null if none is.</summary>
    public string? Exhausted(Spending spent)
    {
        ArgumentNullException.ThrowIfNull(spent);
        return Over("trials", spent.Trials, Trials, "")
            ?? Over("time", spent.Wall.TotalSeconds, Time?.TotalSeconds, " s")
            ?? ExhaustedWhileRunning(spent);
    }

    /// <summary>As <see cref="Exhausted"/>, but only of the limits that end running trials too: all but the count of trials.</summary>
    public string? ExhaustedWhileRunning(Spending spent)
    {
        ArgumentNullException.ThrowIfNull(spent);
        return Over("time", spent.Wall.TotalSeconds, Time?.TotalSeconds, " s")
            ?? Over("steps", spent.Steps, Steps, "")
            ?? Over("cpu", spent.CpuSeconds, Cpu?.TotalSeconds, " s")
            ?? Over("gpu", spent.GpuSeconds, Gpu?.TotalSeconds, " s")
            ?? Over("energy", spent.EnergyJoules, EnergyJoules, " J");
    }

    private static string? Over(string name, double? spent, double? limit, string unit) => spent >= limit
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"budget: {name} {spent:0.###} of {limit:0.###}{unit} spent")
        : null;
}
