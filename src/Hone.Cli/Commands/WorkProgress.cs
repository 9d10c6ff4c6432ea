using System.Globalization;

namespace Hone.Cli.Commands;

/// <summary>Tells now and then how far work with a known number of parts is, once it takes longer than a moment. Thread-safe.</summary>
/// <param name="output">Where to tell it; null: nowhere.</param>
/// <param name="time">The clock.</param>
/// <param name="total">How many parts there are.</param>
/// <param name="what">What the parts are, e.g. <c>metrics analysed</c>.</param>
internal sealed class WorkProgress(TextWriter? output, TimeProvider time, int total, string what)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private readonly Lock _lock = new();
    private long _told = time.GetTimestamp();
    private int _done;

    /// <summary>One more part is done.</summary>
    public void Advance()
    {
        lock (_lock)
        {
            _done++;
            if (output is not null && _done < total && time.GetElapsedTime(_told) >= Pause)
            {
                _told = time.GetTimestamp();
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_done} of {total} {what}"));
            }
        }
    }
}
