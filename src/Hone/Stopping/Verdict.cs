namespace Hone.Stopping;

/// <summary>Whether a trial goes on, and if not, why not in words.</summary>
/// <param name="Stops">Whether the trial is to end.</param>
/// <param name="Reason">The numbers that decided, for a person to read; empty if the trial goes on.</param>
public readonly record struct Verdict(bool Stops, string Reason)
{
    /// <summary>The trial goes on.</summary>
    public static Verdict Continue { get; } = new(false, "");

    /// <summary>The trial ends.</summary>
    public static Verdict Stop(string reason) => new(true, reason);
}
