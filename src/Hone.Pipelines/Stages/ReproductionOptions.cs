namespace Hone.Pipelines.Stages;

/// <summary>How to reproduce.</summary>
public sealed record ReproductionOptions
{
    /// <summary>How many stages may run at once, at least 1.</summary>
    public int Jobs { get; init; } = 1;

    /// <summary>Whether stages run even if nothing changed.</summary>
    public bool IsForced { get; init; }

    /// <summary>Whether the stages that need one that ran are forced, too.</summary>
    public bool ForcesDownstream { get; init; }

    /// <summary>Whether only to tell what would be done.</summary>
    public bool IsDry { get; init; }

    /// <summary>Whether the stages that do not need a failed one go on.</summary>
    public bool KeepsGoing { get; init; }

    /// <summary>Whether outputs are recorded but not put into the cache.</summary>
    public bool SkipsCache { get; init; }

    /// <summary>Whether what earlier runs made is not looked for.</summary>
    public bool SkipsRunCache { get; init; }

    /// <summary>Whether data that is missing, but recorded, is no change.</summary>
    public bool AllowsMissing { get; init; }

    /// <summary>Whether what the commands write goes where this process writes, rather than line by line through the events.</summary>
    public bool SharesTerminal { get; init; }
}

/// <summary>What became of a stage.</summary>
public enum StageOutcome
{
    /// <summary>Nothing changed.</summary>
    Unchanged,

    /// <summary>Its outputs came from the cache: it ran like this before.</summary>
    Restored,

    /// <summary>It ran.</summary>
    Ran,

    /// <summary>It is frozen, and its outputs were recorded as they are.</summary>
    Recorded,

    /// <summary>It would run.</summary>
    WouldRun,

    /// <summary>It failed.</summary>
    Failed,

    /// <summary>It did not run, since something it needs failed, or since the work was interrupted or another stage failed.</summary>
    Skipped,
}

/// <summary>What happens while stages are reproduced. Events of stages that run at once are interleaved, but never come at once.</summary>
/// <param name="Stage">The stage.</param>
public abstract record StageEvent(Stage Stage);

/// <summary>A stage begins to run.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record StageStarted(Stage Stage, string Reason) : StageEvent(Stage);

/// <summary>A command of a stage begins.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Command">The command.</param>
public sealed record CommandStarted(Stage Stage, string Command) : StageEvent(Stage);

/// <summary>A command wrote a line.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Line">Without its end.</param>
/// <param name="IsError">Whether it came by standard error.</param>
public sealed record CommandWrote(Stage Stage, string Line, bool IsError) : StageEvent(Stage);

/// <summary>A stage waits for another process that runs it.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Process">The number of the process; 0 if it is not known.</param>
public sealed record StageWaits(Stage Stage, int Process) : StageEvent(Stage);

/// <summary>A stage is done with.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Detail">What failed, or where the outputs came from; empty if there is nothing to say.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="IsRecordChanged">Whether the lock file was written.</param>
public sealed record StageEnded(Stage Stage, StageOutcome Outcome, string Detail, TimeSpan Elapsed, bool IsRecordChanged) : StageEvent(Stage);
