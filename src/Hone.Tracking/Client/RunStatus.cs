namespace Hone.Tracking.Client;

/// <summary>How a run ended.</summary>
public enum RunStatus
{
    /// <summary>It did what it was to do.</summary>
    Finished,

    /// <summary>It broke.</summary>
    Failed,

    /// <summary>It was ended from outside.</summary>
    Killed,
}
