using Hone.Tracking.Client;
using Hone.Trials;
using Hone.Workers.SystemMetrics;

namespace Hone.Cli.Commands.Runs;

/// <summary>Logs what a command reports and what is measured of it.</summary>
/// <remarks>
/// Reports keep their steps, and so do the times of a step. The rest is measured between reports too: it is numbered from 1, a number a
/// reading, and its times say when.
/// </remarks>
internal sealed class MeasuredCommand(HoneRun run, TimeSpan interval, TimeProvider time)
{
    private readonly Lock _gate = new();
    private long _loggedAt;
    private long _readings;

    /// <summary>Takes a report.</summary>
    /// <param name="step">The step.</param>
    /// <param name="values">What the command says of it.</param>
    /// <param name="measured">What was measured then.</param>
    public void Report(long step, IReadOnlyList<MetricValue> values, IReadOnlyList<MetricValue> measured)
    {
        foreach (var (name, value) in values)
        {
            try
            {
                run.LogMetric(name, value, step);
            }
            catch (ArgumentException)
            {
                // A name that no server takes. The line stands in the output all the same.
            }
        }

        foreach (var (name, value) in measured)
        {
            if (name is SystemMetric.StepSeconds or SystemMetric.MeanStepSeconds or SystemMetric.StepCpuSeconds)
            {
                run.LogMetric(name, value, step);
            }
        }
    }

    /// <summary>Takes a reading, unless the last one was just now.</summary>
    public void Sample(IReadOnlyList<MetricValue> values)
    {
        lock (_gate)
        {
            if (_readings == 0 || time.GetElapsedTime(_loggedAt) >= interval)
            {
                Log(values);
            }
        }
    }

    /// <summary>Takes the last reading.</summary>
    public void End(IReadOnlyList<MetricValue> values)
    {
        lock (_gate)
        {
            Log(values);
        }
    }

    private void Log(IReadOnlyList<MetricValue> values)
    {
        _loggedAt = time.GetTimestamp();
        _readings++;
        foreach (var (name, value) in values)
        {
            if (name is not SystemMetric.MeanStepSeconds)
            {
                run.LogMetric(name, value, _readings);
            }
        }
    }
}
