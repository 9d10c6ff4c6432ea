namespace Hone.Budgets;

/// <summary>What a study has spent so far, over all its sessions, trials and attempts.</summary>
public sealed record Spending
{
    /// <summary>Trials proposed.</summary>
    public int Trials { get; init; }

    /// <summary>Wall time of tuning.</summary>
    public TimeSpan Wall { get; init; }

    /// <summary>Training steps.</summary>
    public long Steps { get; init; }

    /// <summary>CPU seconds of the trials; null if no trial could be measured.</summary>
    public double? CpuSeconds { get; init; }

    /// <summary>GPU seconds of the trials; null if no trial could be measured.</summary>
    public double? GpuSeconds { get; init; }

    /// <summary>Joules used by the trials; null if no trial could be measured.</summary>
    public double? EnergyJoules { get; init; }
}
