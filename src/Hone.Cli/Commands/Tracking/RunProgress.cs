using System.Globalization;

namespace Hone.Cli.Commands.Tracking;

/// <summary>Tells now and then how many runs are done, once it takes longer than a moment.</summary>
/// <param name="output">Where to tell it; null: nowhere.</param>
/// <param name="time">The clock.</param>
/// <param name="what">What is done, e.g. <c>runs imported</c>.</param>
internal sealed class RunProgress(TextWriter? output, TimeProvider time, string what) : IProgress<(int Done, int All)>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private long _told = time.GetTimestamp();

    /// <inheritdoc/>
    public void Report((int Done, int All) value)
    {
        if (output is not null && value.Done < value.All && time.GetElapsedTime(_told) >= Pause)
        {
            _told = time.GetTimestamp();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{value.Done} of {value.All} {what}"));
        }
    }
}
