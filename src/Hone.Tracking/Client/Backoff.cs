namespace Hone.Tracking.Client;

/// <summary>How long to leave a server alone that could not take something: twice as long each time, and not as long as everybody else.</summary>
/// <param name="random">Spreads the waits over their upper half, so that those who lost the server together do not come back together.</param>
internal sealed class Backoff(Random random)
{
    /// <summary>The first wait, at most.</summary>
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest wait.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private TimeSpan _next = First;

    /// <summary>The next wait.</summary>
    /// <param name="asked">How long the server asked to be left alone; null: it did not. Heeded up to ten times the longest wait.</param>
    public TimeSpan Next(TimeSpan? asked)
    {
        var wait = _next * (1 - (random.NextDouble() / 2));
        _next = 2 * _next < Longest ? 2 * _next : Longest;
        return asked is not { } least || least < wait ? wait : least < 10 * Longest ? least : 10 * Longest;
    }

    /// <summary>The server has taken something.</summary>
    public void Reset() => _next = First;
}
