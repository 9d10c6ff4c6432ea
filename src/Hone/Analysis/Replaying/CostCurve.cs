namespace Hone.Analysis.Replaying;

/// <summary>What a recorded trial had cost at any time since its start, between readings in proportion to time.</summary>
internal sealed class CostCurve
{
    private readonly RecordedReport[] _reports;
    private readonly List<(double Seconds, double Value)> _cpu;
    private readonly List<(double Seconds, double Value)> _joules;
    private readonly List<(double Seconds, double Value)> _memory;

    public CostCurve(RecordedReport[] reports, TimeSpan duration)
    {
        _reports = reports;
        _cpu = Counter(reports, "system/cpu_seconds", duration);
        _joules = Counter(reports, "system/energy_joules", duration);
        _memory = Integral(Readings(reports, "system/memory_megabytes"), duration);
    }

    public Cost At(TimeSpan time)
    {
        long steps = 0;
        foreach (var report in _reports)
        {
            if (report.SinceStart > time)
            {
                break;
            }

            steps = Math.Max(steps, report.Step);
        }

        var seconds = time.TotalSeconds;
        return new Cost(steps, seconds, Interpolate(_cpu, seconds), Interpolate(_memory, seconds), Interpolate(_joules, seconds));
    }

    private static List<(double Seconds, double Value)> Readings(RecordedReport[] reports, string metric)
    {
        var readings = new List<(double, double)>();
        foreach (var report in reports)
        {
            foreach (var (name, value) in report.Values)
            {
                if (name == metric && double.IsFinite(value))
                {
                    readings.Add((report.SinceStart.TotalSeconds, value));
                }
            }
        }

        return readings;
    }

    // From 0 at the start; after the last reading it goes on at the mean rate, since the trial went on working.
    private static List<(double Seconds, double Value)> Counter(RecordedReport[] reports, string metric, TimeSpan duration)
    {
        var readings = Readings(reports, metric);
        if (readings.Count > 0)
        {
            var (seconds, value) = readings[^1];
            readings.Insert(0, (0, 0));
            if (seconds > 0 && duration.TotalSeconds > seconds)
            {
                readings.Add((duration.TotalSeconds, value * duration.TotalSeconds / seconds));
            }
        }

        return readings;
    }

    // The first reading counts from the start on, the last one to the end.
    private static List<(double Seconds, double Value)> Integral(List<(double Seconds, double Value)> readings, TimeSpan duration)
    {
        if (readings.Count == 0)
        {
            return readings;
        }

        readings.Insert(0, (0, readings[0].Value));
        readings.Add((Math.Max(duration.TotalSeconds, readings[^1].Seconds), readings[^1].Value));
        var sums = new List<(double, double)>(readings.Count) { (0, 0) };
        var sum = 0.0;
        for (var i = 1; i < readings.Count; i++)
        {
            sum += (readings[i].Seconds - readings[i - 1].Seconds) * (readings[i].Value + readings[i - 1].Value) / 2;
            sums.Add((readings[i].Seconds, sum));
        }

        return sums;
    }

    private static double? Interpolate(List<(double Seconds, double Value)> points, double seconds)
    {
        if (points.Count == 0)
        {
            return null;
        }

        var after = points.FindIndex(point => point.Seconds > seconds);
        if (after <= 0)
        {
            return points[after < 0 ? ^1 : 0].Value;
        }

        var (from, to) = (points[after - 1], points[after]);
        return from.Value + ((to.Value - from.Value) * (seconds - from.Seconds) / (to.Seconds - from.Seconds));
    }
}
