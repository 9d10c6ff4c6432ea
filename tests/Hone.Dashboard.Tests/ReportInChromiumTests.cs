using System.Text;
using System.Text.RegularExpressions;
using Hone.Analysis;
using Hone.Budgets;
using Hone.Space;
using Hone.Trials;
using Hone.Tuning;

namespace Hone.Dashboard.Tests;

/// <summary>The report as a reader's browser shows it. The files stay under <c>reports/</c> beside the tests, to be looked at.</summary>
public sealed partial class ReportInChromiumTests
{
    private const string Hostile = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\u2028'\"&\ud800";

    [Theory]
    [InlineData("usual", 60, 1, 6)]
    [InlineData("one", 1, 1, 4)]
    [InlineData("pareto", 60, 2, 7)]
    public async Task Every_chart_of_a_study_is_drawn_and_no_script_fails(string name, int trials, int objectives, int charts)
    {
        var page = await OpenAsync(name, SampleStudy.Of(trials, objectives: objectives));

        AssertDrawn(page, charts);
    }

    [Fact]
    public async Task Every_choice_of_every_chart_and_of_the_table_can_be_made()
    {
        // The page forbids all scripts but its own, so the copy that a script drives has no policy.
        const string Driver = """
            <script>
            let made = 0;
            for (const box of document.querySelectorAll('select')) {
              for (const option of [...box.options].reverse()) {
                box.value = option.value;
                box.dispatchEvent(new Event('change', { bubbles: true }));
                made++;
              }
            }
            for (const head of document.querySelectorAll('th button')) { head.click(); head.click(); }
            document.querySelector('tbody tr').click();
            function hover(chart) {
              const canvas = document.querySelector(`#${chart} canvas`);
              const at = canvas.getBoundingClientRect();
              for (let y = at.top + 30; y < at.bottom - 45; y += 3) {
                for (let x = at.left + 60; x < at.right; x += 40) {
                  canvas.dispatchEvent(new MouseEvent('mousemove', { clientX: x, clientY: y, bubbles: true }));
                  const tip = document.querySelector(`#${chart} .tip`);
                  if (tip) { return tip.querySelector('b').textContent.replace(/[0-9]+/, 'N'); }
                }
              }
              return 'nothing';
            }
            document.documentElement.dataset.hover = ['curves', 'parallel', 'timeline', 'stops'].map(hover).join();
            const words = document.querySelector('input[type=search]');
            words.value = 'SINGULAR';
            words.dispatchEvent(new Event('input', { bubbles: true }));
            window.dispatchEvent(new Event('beforeprint'));
            window.dispatchEvent(new Event('afterprint'));
            document.documentElement.dataset.made = made;
            document.documentElement.dataset.left = document.querySelectorAll('tbody tr').length;
            </script>
            """;
        var study = SampleStudy.Of(60, objectives: 3);
        study = study with { Trials = [.. study.Trials.Select(t => t.Number % 9 == 0 ? t with { Violation = double.PositiveInfinity } : t)] };
        var html = Policy().Replace(Encoding.UTF8.GetString(StudyReportTests.Write(study)), "", 1).Replace("</body>", Driver + "</body>", StringComparison.Ordinal);

        var page = await OpenAsync("driven", Encoding.UTF8.GetBytes(html));

        AssertDrawn(page, 7);
        Assert.Matches(@"data-hover=""Trial N · \w+,Trial N · \w+,Trial N · \w+,[^""]*\(validation_loss\)""", page);
        Assert.Contains("data-made=\"4", page, StringComparison.Ordinal);
        Assert.Contains($"data-left=\"{study.Trials.Count(t => t.State == TrialState.Failed)}\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Five_thousand_trials_are_drawn_too() => AssertDrawn(await OpenAsync("five-thousand", SampleStudy.Of(5000, 20)), 6);

    [Fact]
    public async Task Forty_parameters_are_drawn_too()
    {
        var space = new SearchSpace([.. Enumerable.Range(1, 40).Select(i => new FloatParameter($"weight_{i}", 0.001, 1, log: i % 3 == 0))]);

        AssertDrawn(await OpenAsync("forty-parameters", SampleStudy.Of(80, 30, space: space)), 5);
    }

    [Fact]
    public async Task An_empty_study_says_that_nothing_has_run_yet()
    {
        var page = await OpenAsync("empty", Empty());

        AssertDrawn(page, 0);
        Assert.Contains("No trial has been proposed yet.", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trials_without_histories_and_with_values_that_are_not_finite_are_drawn_as_far_as_they_can_be()
    {
        var trials = new[] { double.NaN, double.PositiveInfinity, 3, double.NegativeInfinity, 0 }.Select((value, i) => new TrialRecord
        {
            Number = i + 1,
            State = i == 2 ? TrialState.Complete : i == 4 ? TrialState.Vetoed : TrialState.Failed,
            Reason = i == 2 ? "" : "diverged",
            Parameters = [new("x", value)],
            Metrics = [new("loss", value), new("system/memory_megabytes", value)],
            Values = [value],
            Steps = i,
            History = [new("loss", 0, double.NaN, TimeSpan.Zero), new("loss", 1, value, TimeSpan.Zero)],
        }).ToList();

        AssertDrawn(await OpenAsync("not-finite", Empty() with { Trials = trials, Space = ["x: float [0, 10]"] }), 4);
    }

    [Fact]
    public async Task Nothing_that_a_study_is_called_becomes_markup()
    {
        var study = Empty() with
        {
            Name = Hostile,
            Objectives = [new Objective(Hostile)],
            Space = [$"x: choice [{Hostile}]", "constructor: float [0, 1]"],
            Trials =
            [
                new TrialRecord
                {
                    Number = 1,
                    State = TrialState.Complete,
                    Reason = Hostile,
                    Parameters = [new("x", Hostile), new(Hostile, 0.5), new("constructor", 0.5)],
                    Metrics = [new(Hostile, 1), new("__proto__", 2)],
                    Values = [1],
                    Steps = 1,
                    Started = DateTimeOffset.UnixEpoch,
                    WallSeconds = 1,
                    History = [new(Hostile, 1, 1, TimeSpan.Zero)],
                },
                new TrialRecord { Number = 2, State = TrialState.Stopped, Reason = Hostile, Rule = Hostile, Parameters = [], Metrics = [] },
            ],
        };

        var page = await OpenAsync("hostile", study);

        AssertDrawn(page, 5);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(page, "<script"));
    }

    private static StudyRecord Empty() => new()
    {
        Name = "nothing yet",
        State = StudyState.Running,
        Objectives = [new Objective("loss")],
        Spent = new Spending(),
        Trials = [],
    };

    private static Task<string> OpenAsync(string name, StudyRecord study) => OpenAsync(name, StudyReportTests.Write(study));

    private static async Task<string> OpenAsync(string name, byte[] html)
    {
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "reports"));
        var file = Path.Combine(folder.FullName, $"{name}.html");
        await File.WriteAllBytesAsync(file, html, TestContext.Current.CancellationToken);
        return await Chromium.DumpAsync(file);
    }

    private static void AssertDrawn(string page, int charts)
    {
        var root = Root().Match(page).Value;
        Assert.DoesNotContain("data-error", root, StringComparison.Ordinal);
        Assert.Contains($"data-charts=\"{charts}\"", root, StringComparison.Ordinal);
    }

    [GeneratedRegex("<meta http-equiv=[^>]*>")]
    private static partial Regex Policy();

    [GeneratedRegex("<html[^>]*>")]
    private static partial Regex Root();
}
