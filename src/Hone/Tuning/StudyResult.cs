using Hone.Budgets;
using Hone.Trials;

namespace Hone.Tuning;

/// <summary>What a study has come to, all its sessions together.</summary>
public sealed record StudyResult
{
    /// <summary>Name of the study.</summary>
    public required string Study { get; init; }

    /// <summary>How the study stands.</summary>
    public required StudyState State { get; init; }

    /// <summary>Why tuning ended, in words.</summary>
    public required string Reason { get; init; }

    /// <summary>Trials that completed.</summary>
    public int Complete { get; init; }

    /// <summary>Trials ended by a rule or the budget.</summary>
    public int Stopped { get; init; }

    /// <summary>Trials that failed for good.</summary>
    public int Failed { get; init; }

    /// <summary>Trials that never began because they would not have fitted.</summary>
    public int Vetoed { get; init; }

    /// <summary>The complete, feasible trial with the best value of the first objective; null if there is none.</summary>
    public TrialResult? Best { get; init; }

    /// <summary>The trials that no other beats in all objectives; just the best one if there is a single objective.</summary>
    public IReadOnlyList<TrialResult> Front { get; init; } = [];

    /// <summary>What was spent.</summary>
    public required Spending Spent { get; init; }

    /// <summary>Steps saved by stopping: an estimate, see <see cref="Savings"/>.</summary>
    public long SavedSteps { get; init; }

    /// <summary>CPU seconds saved by stopping: an estimate, see <see cref="Savings"/>.</summary>
    public double SavedCpuSeconds { get; init; }

    /// <summary>
    /// Share of the slots' time, in this session, in which a trial ran, from 0 to 1; counted while there was something left to start.
    /// </summary>
    public double Utilization { get; init; }
}

