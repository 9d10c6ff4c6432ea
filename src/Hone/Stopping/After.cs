using Hone.Trials;

namespace Hone.Stopping;

/// <summary>How far a trial must be before a rule judges it: both limits must have passed. The default lets it judge at once.</summary>
/// <param name="Steps">Training steps.</param>
/// <param name="Time">Time since the attempt began.</param>
public readonly record struct After(long Steps, TimeSpan Time)
{
    /// <summary>Whether the trial is that far.</summary>
    public bool HasPassed(Trial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        return trial.Step >= Steps && trial.Elapsed >= Time;
    }
}
