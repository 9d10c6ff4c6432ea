namespace Hone.Tuning;

/// <summary>How a study stands.</summary>
public enum StudyState
{
    /// <summary>A tuner works on it, or one was killed at it.</summary>
    Running,

    /// <summary>Nothing is left to try: the budget is spent or the sampler has no more configurations.</summary>
    Finished,

    /// <summary>Ended by the user before that. It can be continued.</summary>
    Interrupted,
}

