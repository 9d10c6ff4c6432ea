namespace Hone.Workers.SystemMetrics;

/// <summary>Turns a trial's reports into times of its steps.</summary>
/// <remarks>
/// <para>The first report only starts the clock: what was before it is start-up. A report may be any number of steps after the one before; its
/// time is spread evenly over them. A step that is repeated or lower than the last one gives no time and changes nothing.</para>
/// <para>Warm-up (compilation, caches, loading) is left out of the mean: it lasts until the median of five reports' step times differs by
/// less than a tenth from the median of the next five. While that has not come to pass, the mean is that of the last ten reports at most.</para>
/// <para>Not thread-safe. Allocates nothing after it is made.</para>
/// </remarks>
public sealed class StepClock
{
    private const int Window = 5;
    private const double Tolerance = 0.1;

    private readonly long[] _steps = new long[2 * Window];
    private readonly double[] _seconds = new double[2 * Window];
    private int _count;
    private bool _warm;
    private long _sumSteps;
    private double _sumSeconds;
    private bool _started;
    private long _lastStep;
    private TimeSpan _lastElapsed;
    private long _cpuStep;
    private double? _cpuSeconds;

    /// <summary>Mean wall time of a step over the trial without its warm-up; null before two reports of different steps.</summary>
    public double? MeanStepSeconds => _sumSteps == 0 ? null : _sumSeconds / _sumSteps;

    /// <summary>Books a report.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="elapsed">Time since the trial's start, on a clock that only rises.</param>
    /// <param name="cpuSeconds">CPU time of the trial so far; null if it is not known at this report.</param>
    public StepTimes Report(long step, TimeSpan elapsed, double? cpuSeconds)
    {
        if (_started && step <= _lastStep)
        {
            return new StepTimes(null, MeanStepSeconds, null);
        }

        double? stepSeconds = null;
        if (_started)
        {
            var steps = step - _lastStep;
            var seconds = Math.Max(0, (elapsed - _lastElapsed).TotalSeconds);
            stepSeconds = seconds / steps;
            Book(steps, seconds);
        }

        _started = true;
        _lastStep = step;
        _lastElapsed = elapsed;
        return new StepTimes(stepSeconds, MeanStepSeconds, BookCpu(step, cpuSeconds));
    }

    private double? BookCpu(long step, double? cpuSeconds)
    {
        if (cpuSeconds is not { } now)
        {
            return null;
        }

        double? stepCpuSeconds = _cpuSeconds is { } before ? Math.Max(0, now - before) / (step - _cpuStep) : null;
        _cpuStep = step;
        _cpuSeconds = now;
        return stepCpuSeconds;
    }

    private void Book(long steps, double seconds)
    {
        _sumSteps += steps;
        _sumSeconds += seconds;
        if (_warm)
        {
            return;
        }

        if (_count == _steps.Length)
        {
            // Still warming up: the oldest report leaves the window and the mean.
            Array.Copy(_steps, 1, _steps, 0, --_count);
            Array.Copy(_seconds, 1, _seconds, 0, _count);
        }

        _steps[_count] = steps;
        _seconds[_count++] = seconds;
        SumWindow();
        if (_count == _steps.Length)
        {
            var before = Median(0);
            _warm = Math.Abs(Median(Window) - before) < Tolerance * before;
        }
    }

    // Summed anew, since subtracting what left would leave rounding behind.
    private void SumWindow()
    {
        _sumSteps = 0;
        _sumSeconds = 0;
        for (var i = 0; i < _count; i++)
        {
            _sumSteps += _steps[i];
            _sumSeconds += _seconds[i];
        }
    }

    private double Median(int first)
    {
        Span<double> times = stackalloc double[Window];
        for (var i = 0; i < Window; i++)
        {
            times[i] = _seconds[first + i] / _steps[first + i];
        }

        times.Sort();
        return times[Window / 2];
    }
}
