namespace Hone.Trials;

/// <summary>Where a trial stands.</summary>
public enum TrialState
{
    /// <summary>Proposed, not yet begun; or to be tried again.</summary>
    Waiting,

    /// <summary>On a worker.</summary>
    Running,

    /// <summary>Ended by itself, with a value for every objective.</summary>
    Complete,

    /// <summary>Ended by a stopping rule or by the budget.</summary>
    Stopped,

    /// <summary>Ended without a value that counts: it crashed, hung, diverged or never reported the objective.</summary>
    Failed,

    /// <summary>Never begun, because it was predicted not to fit.</summary>
    Vetoed,
}
