using System.Text;
using Hone.Budgets;
using Hone.Cli.Progress;
using Hone.Sampling;
using Hone.Simulation;
using Hone.Space;
using Hone.Stopping;
using Hone.Trials;
using Hone.Tuning;

namespace Hone.Cli.Tests.Progress;

/// <summary>What a person sees while a study is tuned: the same simulated study as lines, and as pictures of several sizes.</summary>
public sealed class ProgressTests
{
    private static readonly Study Study = new()
    {
        Name = "demo",
        Space = new SearchSpace([new FloatParameter("learning_rate", 0.001, 1, log: true), new CategoricalParameter("optimizer", "sgd", "adam")]),
        Objectives = [new Objective("validation_loss")],
        Sampler = new RandomOptions(),
        Rules = [PercentileRule.Median("validation_loss", Goal.Minimize, new After(3, default), minimumPeers: 3)],
        Budget = new Budget { Trials = 12, Time = TimeSpan.FromMinutes(5), Cpu = TimeSpan.FromHours(1) },
        Retries = new RetryPolicy { Retries = 1, BackOff = TimeSpan.FromSeconds(1) },
        Seed = 5,
    };

    [Fact]
    public async Task Lines_tell_one_event_each()
    {
        using var output = new StringWriter();
        await RunAsync(new LineProgress(new ProgressBoard(Study), output, isVerbose: false).See);

        Approved.Is("Lines", output.ToString());
    }

    [Fact]
    public async Task Lines_that_are_verbose_tell_reports_too()
    {
        using var output = new StringWriter();
        await RunAsync(new LineProgress(new ProgressBoard(Study), output, isVerbose: true).See);

        Assert.Contains("trial 1 step 1: validation_loss=", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(79, 24)]
    [InlineData(199, 50)]
    [InlineData(40, 12)]
    [InlineData(20, 5)]
    public async Task A_picture_fits_its_terminal(int columns, int rows)
    {
        var board = new ProgressBoard(Study);
        var pictures = new StringBuilder();
        var seen = 0;
        await RunAsync((entry, _) =>
        {
            board.See(entry);
            if (++seen % 40 == 0)
            {
                var lines = new LiveFrame(board, columns, rows, hasColor: false).Draw(entry.At, seen == 120 ? "a notice" : "");
                Assert.InRange(lines.Count, 1, rows - 1);
                Assert.All(lines, line => Assert.InRange(line.Width, 0, columns));
                pictures.AppendLine(string.Join('\n', lines.Select(line => line.ToString().TrimEnd()))).AppendLine("---");
            }
        });

        Approved.Is($"Picture{columns}x{rows}", pictures.ToString());
    }

    [Fact]
    public async Task Looks_take_no_room()
    {
        var board = new ProgressBoard(Study);
        await RunAsync((entry, _) => board.See(entry));
        var plain = new LiveFrame(board, 80, 24, hasColor: false).Draw(default, "").Select(line => line.Width);
        var colored = new LiveFrame(board, 80, 24, hasColor: true).Draw(default, "").ToList();

        Assert.Equal(plain, colored.Select(line => line.Width));
        Assert.Contains("\e[32m", string.Concat(colored), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain", 5)]
    [InlineData("日本語", 6)]
    [InlineData("é", 1)]
    [InlineData("🙂", 2)]
    [InlineData("tab\tand\nline", 12)]
    public void A_line_knows_how_many_columns_a_text_takes(string text, int width) => Assert.Equal(width, new TerminalLine(80, false).Add(text).Width);

    [Theory]
    [InlineData("abcdef", "abcd…")]
    [InlineData("日本語", "日本…")]
    [InlineData("abcde", "abcde")]
    public void A_line_is_cropped_rather_than_wrapped(string text, string shown) => Assert.Equal(shown, new TerminalLine(5, false).Add(text).ToString());

    [Theory]
    [InlineData(new double[] { 1, 2, 3 }, 10, "▁▅█")]
    [InlineData(new double[] { 1, 1 }, 10, "▄▄")]
    [InlineData(new[] { 1, double.NaN, 2 }, 10, "▁ █")]
    [InlineData(new double[] { 0, 1, 2, 3, 4, 5, 6, 7 }, 2, "▁█")]
    [InlineData(new double[0], 10, "")]
    public void A_sparkline_shows_the_shape_of_a_curve(double[] values, int width, string line) => Assert.Equal(line, Sparkline.Draw(values, width));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.41234, "0.4123")]
    [InlineData(-12.3456, "-12.35")]
    [InlineData(123456, "123456")]
    [InlineData(0.00001234, "1.234e-5")]
    [InlineData(1e20, "1e+20")]
    [InlineData(double.NaN, "nan")]
    public void Numbers_have_four_digits_that_matter(double value, string text) => Assert.Equal(text, Figures.Number(value));

    [Theory]
    [InlineData(0.35, "350 ms")]
    [InlineData(12.34, "12.3 s")]
    [InlineData(245, "4m 05s")]
    [InlineData(9000, "2h 30m")]
    [InlineData(273600, "3d 4h")]
    public void Durations_have_their_two_largest_units(double seconds, string text) => Assert.Equal(text, Figures.Duration(TimeSpan.FromSeconds(seconds)));

    private static async Task RunAsync(Action<StudyEvent, bool> see)
    {
        var time = new VirtualTime();
        await using var pool = new SimulatedWorkerPool(3, time, Program);
        using var tuner = new Tuner(Study, pool, new ProgressJournal(new InMemoryJournal(), see), time);
        await tuner.RunAsync(CancellationToken.None);
    }

    // Every fifth trial crashes once and then for good; the others approach a loss that depends on the learning rate.
    private static SimulatedAttempt Program(TrialOrder order)
    {
        var rate = order.Configuration["learning_rate"].Number;
        var reports = Enumerable.Range(1, 10).Select(step => new SimulatedReport(
            TimeSpan.FromMilliseconds(step * 250),
            step,
            [
                new MetricValue("validation_loss", rate + (1.0 / step)),
                new MetricValue("system/memory_megabytes", 60 + order.Trial + step),
                new MetricValue("system/step_seconds", 0.25),
                new MetricValue("system/cpu_seconds", 0.2 * step),
            ]));
        return order.Trial % 5 == 0
            ? new SimulatedAttempt(reports.Take(2), TimeSpan.FromMilliseconds(600), AttemptOutcome.Crashed, "exit status 1: ValueError: too\nlarge")
            : new SimulatedAttempt(reports, TimeSpan.FromMilliseconds(2600));
    }
}
