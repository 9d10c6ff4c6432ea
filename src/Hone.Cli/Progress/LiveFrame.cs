using System.Globalization;
using Hone.Budgets;
using Hone.Trials;
using Hone.Workers.SystemMetrics;

namespace Hone.Cli.Progress;

/// <summary>Lays out one picture of a study that is being tuned, for a terminal of some size.</summary>
/// <param name="board">How the study stands.</param>
/// <param name="columns">Columns of the terminal.</param>
/// <param name="rows">Rows of the terminal; the picture never has more.</param>
/// <param name="hasColor">Whether colors are used.</param>
internal sealed class LiveFrame(ProgressBoard board, int columns, int rows, bool hasColor)
{
    private readonly List<TerminalLine> _lines = [];

    /// <summary>The lines of the picture, each at most as wide as the terminal.</summary>
    /// <param name="now">In UTC.</param>
    /// <param name="notice">What the user has to know now, e.g. that tuning is about to end; empty: nothing.</param>
    public IReadOnlyList<TerminalLine> Draw(DateTimeOffset now, string notice)
    {
        _lines.Clear();
        Head(now);
        Best();
        var notices = rows >= 16 ? Math.Min(board.Recent.Count, 4) : rows >= 12 ? Math.Min(board.Recent.Count, 2) : 0;
        var below = notices + (notices > 0 ? 1 : 0) + 3 + (notice.Length > 0 ? 1 : 0);
        Running(now, rows - _lines.Count - below - 3);
        Counts(now);
        Spent(now);
        Recent(notices);
        if (notice.Length > 0)
        {
            Line().Add(notice, Look.Warning);
        }

        return _lines.Count <= rows - 1 ? _lines : _lines[..Math.Max(1, rows - 1)];
    }

    private TerminalLine Line()
    {
        var line = new TerminalLine(columns, hasColor);
        _lines.Add(line);
        return line;
    }

    private void Head(DateTimeOffset now)
    {
        var goals = string.Join(", ", board.Study.Objectives.Select(o => $"{(o.Goal == Goal.Minimize ? "minimize" : "maximize")} {o.Metric}"));
        var elapsed = Figures.Duration(now - (board.Began ?? now));
        Line().Add(board.Study.Name, Look.Strong).Add("  ").Add(goals).Add("  ").Add(elapsed, Look.Faint);
    }

    private void Best()
    {
        var line = Line();
        if (board.Best is not { } best)
        {
            line.Add("no complete trial yet", Look.Faint);
            return;
        }

        line.Add("best ").Add(string.Join(' ', best.Values.Select(Figures.Number)), Look.Good)
            .Add(string.Create(CultureInfo.InvariantCulture, $"  trial {best.Number}  "))
            .Add(string.Join(' ', best.Configuration.Values.Select(v => $"{v.Key}={Short(v.Value)}")), Look.Faint);
    }

    private static string Short(Space.ParameterValue value) => value.Kind == Space.ValueKind.Float ? Figures.Number(value.Number) : value.ToString();

    private void Running(DateTimeOffset now, int room)
    {
        var running = board.Live.Where(trial => trial.Started is not null).ToList();
        var shown = running.Take(running.Count <= room ? room : Math.Max(0, room - 1)).ToList();
        var metric = board.Study.Objectives[0].Metric;
        var width = Math.Clamp(metric.Length, 8, 18);
        if (shown.Count > 0)
        {
            Line();
            var head = Line().Right("trial", 6, Look.Faint).Right("step", 9, Look.Faint);
            Ending(head.Add("  ").Right(Crop(metric, width), width, Look.Faint), "memory", "step time", "elapsed", Look.Faint);
        }

        foreach (var trial in shown)
        {
            Row(trial, now, metric, width);
        }

        if (running.Count > shown.Count && room > 0)
        {
            Line().Add(string.Create(CultureInfo.InvariantCulture, $"       … and {running.Count - shown.Count} more"), Look.Faint);
        }
    }

    private void Row(RunningTrial trial, DateTimeOffset now, string metric, int width)
    {
        var reported = trial.Reported;
        var series = reported.Series(metric);
        var line = Line().Right(trial.Number.ToString(CultureInfo.InvariantCulture), 6)
            .Right(reported.Metrics.Count == 0 ? "" : reported.Step.ToString(CultureInfo.InvariantCulture), 9)
            .Add("  ").Right(series is null ? "" : Figures.Number(series.Last), width, Look.Strong);
        Ending(
            line,
            reported.Series(SystemMetric.MemoryMegabytes) is { } memory ? Figures.Megabytes(memory.Last) : "",
            reported.Series(SystemMetric.StepSeconds) is { } step ? Figures.StepTime(step.Last) : "",
            Figures.Duration(now - trial.Started!.Value),
            Look.Plain);
        if (trial.StoppedBy.Length > 0)
        {
            line.Add("  stopping", Look.Warning);
        }
        else if (series is not null)
        {
            line.Add("  ").Add(Sparkline.Draw(series.Values, Math.Min(24, line.Left)), Look.Good);
        }
    }

    // On a narrow terminal the step time goes first, then the memory, so that the curve keeps a little room.
    private void Ending(TerminalLine line, string memory, string stepTime, string elapsed, Look look)
    {
        if (columns >= 56)
        {
            line.Right(memory, 10, look);
        }

        if (columns >= 68)
        {
            line.Right(stepTime, 11, look);
        }

        line.Right(elapsed, 10, look);
    }

    private void Counts(DateTimeOffset now)
    {
        Line();
        var line = Line();
        Count(line, "complete", board.Ended(TrialState.Complete), Look.Good);
        Count(line, "stopped", board.Ended(TrialState.Stopped), Look.Warning);
        Count(line, "failed", board.Ended(TrialState.Failed), Look.Bad);
        Count(line, "running", board.Live.Count(trial => trial.Started is not null), Look.Plain);
        Count(line, "waiting", board.Live.Count(trial => trial.Started is null), Look.Plain);
        if (TimeLeft(now, board.Spent(now)) is { } left)
        {
            line.Add($"about {Figures.Duration(left)} left", Look.Faint);
        }
    }

    private static void Count(TerminalLine line, string name, int count, Look look)
    {
        if (count > 0 || look == Look.Good)
        {
            line.Add(count.ToString(CultureInfo.InvariantCulture), count > 0 ? look : Look.Plain).Add($" {name}   ", Look.Faint);
        }
    }

    private void Spent(DateTimeOffset now)
    {
        var spent = board.Spent(now);
        var line = Line();
        var budget = board.Study.Budget;
        Bar(line, "trials", board.EndedInAll, budget.Trials, value => value.ToString("0", CultureInfo.InvariantCulture));
        Bar(line, "time", spent.Wall.TotalSeconds, budget.Time?.TotalSeconds, Seconds);
        Bar(line, "steps", spent.Steps, budget.Steps, Figures.Number);
        Bar(line, "cpu", spent.CpuSeconds, budget.Cpu?.TotalSeconds, Seconds);
        Bar(line, "gpu", spent.GpuSeconds, budget.Gpu?.TotalSeconds, Seconds);
        Bar(line, "energy", spent.EnergyJoules, budget.EnergyJoules, Figures.Joules);
    }

    private static string Seconds(double seconds) => Figures.Duration(TimeSpan.FromSeconds(seconds));

    private static void Bar(TerminalLine line, string name, double? spent, double? limit, Func<double, string> show)
    {
        const int Width = 10;
        if (limit is not { } most)
        {
            return;
        }

        var full = (int)Math.Round(Width * Math.Clamp((spent ?? 0) / most, 0, 1));
        line.Add($"{name} ").Add(new string('━', full), Look.Good).Add(new string('─', Width - full), Look.Faint)
            .Add($" {show(spent ?? 0)}/{show(most)}   ");
    }

    /// <summary>How long until the first limit is spent if it goes on as in this session; null while nothing can be said.</summary>
    private TimeSpan? TimeLeft(DateTimeOffset now, Spending spent)
    {
        var seconds = (now - (board.Began ?? now)).TotalSeconds;
        var budget = board.Study.Budget;
        var left = double.PositiveInfinity;
        if (budget.Trials is { } trials && board.EndedInAll > board.EndedBefore)
        {
            left = Math.Min(left, (trials - board.EndedInAll) * seconds / (board.EndedInAll - board.EndedBefore));
        }

        if (budget.Time is { } time)
        {
            left = Math.Min(left, (time - spent.Wall).TotalSeconds);
        }

        left = Math.Min(left, Rest(spent.Steps, budget.Steps, spent.Wall));
        left = Math.Min(left, Rest(spent.CpuSeconds, budget.Cpu?.TotalSeconds, spent.Wall));
        left = Math.Min(left, Rest(spent.GpuSeconds, budget.Gpu?.TotalSeconds, spent.Wall));
        left = Math.Min(left, Rest(spent.EnergyJoules, budget.EnergyJoules, spent.Wall));
        return left is > 0 and < 1e9 ? TimeSpan.FromSeconds(left) : null;
    }

    private static double Rest(double? spent, double? limit, TimeSpan wall) =>
        spent > 0 && limit is { } most ? (most - spent.Value) / spent.Value * wall.TotalSeconds : double.PositiveInfinity;

    private void Recent(int count)
    {
        if (count == 0)
        {
            return;
        }

        Line();
        foreach (var ended in board.Recent.Skip(board.Recent.Count - count))
        {
            var isFailed = ended.State == TrialState.Failed;
            Line().Right(ended.Number.ToString(CultureInfo.InvariantCulture), 6)
                .Add(isFailed ? "  failed   " : "  stopped  ", isFailed ? Look.Bad : Look.Warning)
                .Add(ended.Reason, Look.Faint);
        }
    }

    private static string Crop(string text, int width) => text.Length <= width ? text : string.Concat(text.AsSpan(0, width - 1), "…");
}
