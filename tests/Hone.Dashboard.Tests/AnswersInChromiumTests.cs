using System.Text;
using System.Text.RegularExpressions;
using Hone.Analysis;
using Hone.Analysis.Comparing;
using Hone.Analysis.Replaying;
using Hone.Stopping;
using Hone.Trials;
using Hone.Tuning;

namespace Hone.Dashboard.Tests;

/// <summary>The pages of an analysis and of a replay as a reader's browser shows them. They stay under <c>reports/</c> beside the tests.</summary>
public sealed partial class AnswersInChromiumTests
{
    private const string Hostile = "</script><script>alert(1)</script><img src=x onerror=alert(2)>'\"&";
    private static readonly DateTimeOffset Now = new(2026, 3, 14, 12, 0, 0, TimeSpan.Zero);

    // The page forbids all scripts but its own, so the copy that a script drives has no policy.
    private const string Driver = """
        <script>
        let made = 0;
        for (const box of document.querySelectorAll('select')) {
          for (const option of [...box.options].reverse()) {
            box.value = option.value;
            box.dispatchEvent(new Event('change', { bubbles: true }));
            made++;
          }
        }
        function hover(chart) {
          const canvas = chart.querySelector('canvas');
          const at = canvas.getBoundingClientRect();
          for (let y = at.top + 4; y < at.bottom - 10; y += 3) {
            for (let x = at.left + 50; x < at.right; x += 5) {
              canvas.dispatchEvent(new MouseEvent('mousemove', { clientX: x, clientY: y, bubbles: true }));
              if (chart.querySelector('.tip')) { return `${chart.id} ok`; }
            }
          }
          return `${chart.id} nothing`;
        }
        document.documentElement.dataset.hover = [...document.querySelectorAll('#charts > section')].map(hover).join();
        window.dispatchEvent(new Event('beforeprint'));
        window.dispatchEvent(new Event('afterprint'));
        document.documentElement.dataset.made = made;
        </script>
        """;

    [Fact]
    public async Task Every_chart_of_an_analysis_is_drawn_with_every_choice_and_a_tooltip()
    {
        var page = await OpenAsync("analysis", Analysis(SampleStudy.Of(120, 10)), isDriven: true);

        AssertDrawn(page, 7);
        Assert.Contains("data-hover=\"importance ok,correlations ok,heat ok,effects ok,pairs ok,laws ok,fronts ok\"", page, StringComparison.Ordinal);
        Assert.Matches("data-made=\"[1-9][0-9]", page);
    }

    [Fact]
    public async Task The_plot_of_a_replay_is_drawn_with_every_choice_and_a_tooltip()
    {
        var page = await OpenAsync("replay", await ReplayAsync(SampleStudy.Of(60, 20)), isDriven: true);

        AssertDrawn(page, 1);
        Assert.Contains("data-hover=\"regret ok\"", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, 1, 5)]
    [InlineData(12, 7, 1)]
    public async Task The_plots_of_a_comparison_are_drawn_with_every_choice_and_a_tooltip(int models, int dataSets, int folds)
    {
        var page = await OpenAsync($"comparison-{models}", Comparison(models, dataSets, folds), isDriven: true);

        AssertDrawn(page, 2);
        Assert.Contains("data-hover=\"critical ok,boxes ok\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_plots_of_an_ablation_are_drawn_with_every_choice_and_a_tooltip()
    {
        var page = await OpenAsync("ablation", SampleAblation.Page(["a", "b", "c"]), isDriven: true);

        AssertDrawn(page, 3);
        Assert.Contains("data-hover=\"forest ok,interactions ok,bargains ok\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_that_a_component_is_called_becomes_markup_in_an_ablation() =>
        AssertHarmless(await OpenAsync("ablation-hostile", SampleAblation.Page([Hostile, "b"])), 3);

    [Fact]
    public async Task A_comparison_of_one_score_a_model_says_that_nothing_can_be_ranked()
    {
        var page = await OpenAsync("comparison-one", Comparison(models: 2, dataSets: 1, folds: 1));

        AssertDrawn(page, 1);
        Assert.Contains("nothing can be ranked", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_that_a_model_is_called_becomes_markup_in_a_comparison() =>
        AssertHarmless(await OpenAsync("comparison-hostile", Comparison(4, 3, 1, Hostile)), 2);

    [Fact]
    public async Task The_pages_as_they_are_obey_their_own_policy()
    {
        AssertDrawn(await OpenAsync("analysis-as-is", Analysis(SampleStudy.Of(60, 10))), 7);
        AssertDrawn(await OpenAsync("replay-as-is", await ReplayAsync(SampleStudy.Of(30, 10))), 1);
    }

    [Fact]
    public async Task A_study_of_one_trial_says_what_is_missing()
    {
        var study = SampleStudy.Of(3, 4);
        study = study with { Space = [], Trials = [study.Trials.First(trial => trial.State == TrialState.Complete)] };

        var page = await OpenAsync("analysis-one", Analysis(study));

        AssertDrawn(page, 1);
        Assert.Contains("No parameter has taken two values", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_that_a_study_is_called_becomes_markup()
    {
        var study = new StudyRecord
        {
            Name = Hostile,
            State = StudyState.Finished,
            Objectives = [new Objective(Hostile)],
            Spent = new Budgets.Spending(),
            Trials = [.. Enumerable.Range(1, 20).Select(Trial)],
        };

        AssertHarmless(await OpenAsync("analysis-hostile", Analysis(study)), 7);

        // A replay proposes configurations again, and those have names of parameters.
        study = study with { Trials = [.. study.Trials.Select(trial => trial with { Parameters = [new("x", trial.Number)] })] };
        AssertHarmless(await OpenAsync("replay-hostile", await ReplayAsync(study)), 1);
    }

    [Fact]
    public void A_thousand_trials_of_ten_parameters_stay_below_three_megabytes() =>
        Assert.InRange(Analysis(SampleStudy.Of(1000, 2)).Length, 500_000, 3_000_000 - 1);

    private static TrialRecord Trial(int number) => new()
    {
        Number = number,
        State = TrialState.Complete,
        Parameters = [new(Hostile, 0.5 * number), new("constructor", number % 3), new("__proto__", $"{Hostile}{number % 2}")],
        Metrics = [new(Hostile, number % 7), new("__proto__", number), new("system/cpu_seconds", 3 + (2 * number))],
        Values = [number % 7],
        Steps = 1,
        Started = DateTimeOffset.UnixEpoch.AddSeconds(number),
        WallSeconds = 1,
        Attempts = 1,
        History = [new(Hostile, 1, number % 7, TimeSpan.FromSeconds(1))],
    };

    private static byte[] Analysis(StudyRecord study)
    {
        using var output = new MemoryStream();
        AnalysisReport.Write(study, StudyAnalysis.Of(study, new AnalysisOptions { Fanova = new() { Trees = 8 } }), output, Now);
        return output.ToArray();
    }

    private static byte[] Comparison(int models, int dataSets, int folds, string name = "a model with a rather long name ")
    {
        var random = new SeededRandom(5);
        var contenders = Enumerable.Range(0, models).SelectMany(model => Enumerable.Range(0, dataSets).Select(data =>
        {
            double[] scores = [.. Enumerable.Range(0, folds).Select(_ => Math.Clamp(0.8 - (0.02 * model) + (0.02 * random.NextNormal()), 0, 1))];
            return new Contender
            {
                Study = $"{name} {data}-{model}",
                Model = $"{name}{model}",
                Data = $"{name} data {data}",
                Objective = new Objective(name, Goal.Maximize),
                Trials = 40,
                Best = new TrialRecord
                {
                    Number = 1,
                    State = TrialState.Complete,
                    Parameters = [],
                    Metrics = [new(name, scores.Average()), .. folds == 1 ? [] : scores.Select((score, i) => new MetricValue($"fold_{i + 1}/{name}", score))],
                    Values = [scores.Average()],
                },
            };
        }));
        using var output = new MemoryStream();
        ComparisonReport.Write(StudyComparison.Of([.. contenders], new ComparisonOptions { Metric = name, Goal = Goal.Maximize }), output, Now);
        return output.ToArray();
    }

    private static async Task<byte[]> ReplayAsync(StudyRecord study)
    {
        var metric = study.Objectives[0].Metric;
        IReadOnlyList<RuleSet> sets = RuleSet.WithPairs(
        [
            new(Hostile, [PercentileRule.Median(metric, Goal.Minimize)]),
            new("quarter", [new PercentileRule(metric, Goal.Minimize, 25)]),
            new("asha", [new AshaRule(metric, Goal.Minimize)]),
            new("nothing", []),
        ]);
        using var output = new MemoryStream();
        ReplayReport.Write(new RuleComparison(study, await Replay.RunAsync(study, sets)), output, Now);
        return output.ToArray();
    }

    private static async Task<string> OpenAsync(string name, byte[] html, bool isDriven = false)
    {
        if (isDriven)
        {
            html = Encoding.UTF8.GetBytes(Policy().Replace(Encoding.UTF8.GetString(html), "", 1).Replace("</body>", Driver + "</body>", StringComparison.Ordinal));
        }

        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "reports"));
        var file = Path.Combine(folder.FullName, $"{name}.html");
        await File.WriteAllBytesAsync(file, html, TestContext.Current.CancellationToken);
        return await Chromium.DumpAsync(file);
    }

    private static void AssertHarmless(string page, int charts)
    {
        AssertDrawn(page, charts);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(page, "<script"));
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
