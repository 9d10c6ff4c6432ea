namespace Hone.Workers.SystemMetrics;

/// <summary>How long to wait until a trial is read again: short while it moves, long while it does not.</summary>
internal sealed class SampleInterval
{
    private const double Move = 0.05;
    private const double SmallestMovePercent = 5; // of a core: less is noise of short intervals

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private double _memory = double.NaN;
    private double _cpuPercent = double.NaN;

    /// <summary>From 50 ms to 2 s.</summary>
    public TimeSpan Length { get; private set; } = Shortest;

    /// <summary>Doubles the interval, or halves it if a value has moved by more than 5 % since the last call.</summary>
    public void Adapt(double memory, double cpuPercent)
    {
        var moved = Moved(_memory, memory, 0) || Moved(_cpuPercent, cpuPercent, SmallestMovePercent);
        _memory = memory;
        _cpuPercent = cpuPercent;
        Length = moved ? Max(Length / 2, Shortest) : Length + Length > Longest ? Longest : Length + Length;
    }

    private static bool Moved(double from, double to, double least) =>
        Math.Abs(to - from) is var move && move > least && move > Move * Math.Max(Math.Abs(from), Math.Abs(to));

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
