using Hone.Analysis;
using Hone.Analysis.Effects;
using Hone.Space;
using Hone.Trials;

namespace Hone.Tests.Analysis;

public sealed class EffectsTests
{
    [Fact]
    public void Rank_correlations_are_scipys()
    {
        foreach (var row in Oracle.Cases("pairs"))
        {
            var (x, y) = (row[0].Numbers(), row[1].Numbers());
            var (spearman, kendall) = (Correlations.Spearman(x, y), Correlations.Kendall(x, y));

            Oracle.Close(row.Number(2), spearman.Value, 1e-9);
            Assert.Equal(row.Number(3), spearman.P, 1e-9);
            Oracle.Close(row.Number(4), kendall.Value, 1e-9);
        }
    }

    // scipy's exact p holds without ties and few pairs only; the normal approximation is taken here throughout.
    [Fact]
    public void The_p_of_Kendall_is_scipys_where_there_are_ties()
    {
        var row = Oracle.Cases("pairs").ElementAt(1);

        Oracle.Close(row.Number(5), Correlations.Kendall(row[0].Numbers(), row[1].Numbers()).P, 1e-6);
    }

    // Pairs of normal numbers with correlation 0.5: rho is 6/pi asin(r/2), tau 2/pi asin(r).
    [Fact]
    public void Intervals_hold_the_true_correlation_as_often_as_they_say()
    {
        var (rho, tau) = (6 / Math.PI * Math.Asin(0.25), 2 / Math.PI * Math.Asin(0.5));
        var (inSpearman, inKendall) = (0, 0);
        for (var seed = 1; seed <= 1000; seed++)
        {
            var random = new SeededRandom((ulong)seed);
            double[] x = [.. Enumerable.Range(0, 40).Select(_ => random.NextNormal())];
            double[] y = [.. x.Select(value => (0.5 * value) + (Math.Sqrt(0.75) * random.NextNormal()))];
            var (spearman, kendall) = (Correlations.Spearman(x, y), Correlations.Kendall(x, y));
            inSpearman += spearman.Low <= rho && rho <= spearman.High ? 1 : 0;
            inKendall += kendall.Low <= tau && tau <= kendall.High ? 1 : 0;
        }

        Assert.InRange(inSpearman, 930, 970);
        Assert.InRange(inKendall, 930, 970);
    }

    [Fact]
    public void A_correlation_with_a_constant_is_none()
    {
        Assert.True(double.IsNaN(Correlations.Spearman([1, 1, 1, 1, 1], [1, 2, 3, 4, 5]).Value));
        Assert.Equal((-1, 1), (Correlations.Kendall([1, 1, 1, 1, 1], [1, 2, 3, 4, 5]).Low, Correlations.Spearman([1, 2], [2, 1]).High));
        Assert.Equal(new Correlation(1, 1, 1, 0), Correlations.Spearman([1, 2, 3, double.NaN, 4, 5], [1, 4, 9, 3, 16, 25]));
    }

    [Fact]
    public void The_fitted_line_and_its_intervals_are_scipys()
    {
        var oracle = Oracle.Statistics.GetProperty("law");
        double Of(string name) => oracle.GetProperty(name).GetDouble();

        var law = Laws.Best(oracle.GetProperty("x").Numbers(), oracle.GetProperty("y").Numbers())!;

        Assert.Equal(LawForm.Linear, law.Form);
        Oracle.Close(Of("a"), law.A.Value);
        Oracle.Close(Of("b"), law.B.Value);
        Oracle.Close(Of("r2"), law.R2);
        Oracle.Close(Of("a_half"), (law.A.High - law.A.Low) / 2);
        Oracle.Close(Of("b_half"), (law.B.High - law.B.Low) / 2);
        Assert.Equal(0, law.Residuals.Sum(), 1e-12);
        Assert.InRange(law.LeaveOneOutError, 0.5e-3, 1.5e-3);
    }

    [Theory]
    [InlineData(LawForm.Linear)]
    [InlineData(LawForm.Logarithmic)]
    [InlineData(LawForm.Power)]
    [InlineData(LawForm.Constant)]
    public void The_form_that_made_the_points_is_found(LawForm form)
    {
        var random = new SeededRandom(8);
        double[] x = [.. Enumerable.Range(0, 60).Select(i => Math.Pow(2, i % 10))];
        double[] y = [.. x.Select(value => form switch
        {
            LawForm.Linear => 5 + (0.3 * value) + random.NextNormal(),
            LawForm.Logarithmic => 5 + (3 * Math.Log(value)) + random.NextNormal(),
            LawForm.Power => 5 * Math.Pow(value, -0.5) * Math.Exp(0.1 * random.NextNormal()),
            _ => 5 + random.NextNormal(),
        })];

        var law = Laws.Best(x, y)!;

        Assert.Equal(form, law.Form);
        Assert.InRange(5, law.A.Low, law.A.High);
        Assert.Equal(y[3], law.At(x[3]) + law.Residuals[3], 1e-9);
    }

    [Fact]
    public void A_skewed_metric_that_the_parameter_does_not_move_follows_no_power_law()
    {
        for (ulong seed = 0; seed < 40; seed++)
        {
            var random = new SeededRandom(seed);
            double[] x = [.. Enumerable.Range(0, 200).Select(_ => 1 + (99 * random.NextDouble()))];
            double[] y = [.. x.Select(_ => Math.Exp(1.5 * random.NextNormal()))];

            var law = Laws.Best(x, y)!;

            Assert.False(law.Form == LawForm.Power && law.R2 <= 0, $"seed {seed}: {law}");
            Assert.False(law.Form == LawForm.Power && law.B.Low <= 0 && law.B.High >= 0, $"seed {seed}: {law}");
        }
    }

    [Fact]
    public void A_law_is_said_in_words()
    {
        Assert.Equal("y = 0.5 + 2 x", Laws.Fit(LawForm.Linear, [1, 2, 3, 4, 5], [2.5, 4.5, 6.5, 8.5, 10.5])!.ToString());
        Assert.Equal("y = 4 x^-1", Laws.Fit(LawForm.Power, [1, 2, 4, 8, 16], [4, 2, 1, 0.5, 0.25])!.ToString());
        Assert.True(Laws.Fit(LawForm.Linear, [1, 2, 3, 4, 5], [2.5, 4.4, 6.5, 8.6, 10.5])!.Holds);
        Assert.False(Laws.Fit(LawForm.Linear, [1, 2, 3, 4, 5], [2, 1, 3, 1, 2])!.Holds);
        Assert.False(Laws.Fit(LawForm.Constant, [1, 2, 3, 4, 5], [2, 2, 2, 2, 2])!.Holds);
        Assert.Null(Laws.Best([1, 1, 1, 1, 1], [1, 2, 3, 4, 5]));
        Assert.Null(Laws.Best([1, 2, 3], [1, 2, 3]));
        Assert.Null(Laws.Fit(LawForm.Power, [1, 2, 3, 4, 5], [1, 2, 0, 4, 5]));
    }

    [Fact]
    public void Parts_of_an_axis_have_equal_numbers_of_trials_and_listed_values_are_parts_of_their_own()
    {
        var space = new SearchSpace([new FloatParameter("x", 0, 1), new CategoricalParameter("kind", "a", "b", "c")]);
        var table = Table.Of(space, 400, 1, c => c["x"].Number + (c["kind"].ToString() == "b" ? 10 : 0));

        var (x, kind) = (Marginals.Of(table, 0, "loss"), Marginals.Of(table, 1, "loss"));
        var grid = Marginals.Grid(table, 0, 1, "loss", 4);

        Assert.All(x.Bins, bin => Assert.Equal(50, bin.Trials));
        Assert.Equal(8, x.Bins.Count);
        Assert.Equal(["a", "b", "c"], kind.Bins.Select(bin => bin.Label));
        Assert.InRange(kind.Bins[1].Mean.Value, 10.4, 10.6);
        Assert.InRange(0.5, kind.Bins[0].Mean.Low, kind.Bins[0].Mean.High);
        Assert.Equal((12, 400), (grid.Cells.Count, grid.Cells.Sum(cell => cell.Trials)));
        Assert.All(grid.Cells, cell => Assert.InRange(cell.Mean - (cell.Second == 1 ? 10 : 0), cell.First * 0.2, 0.1 + ((cell.First + 1) * 0.25)));
    }

    [Fact]
    public void A_front_lists_what_no_other_trial_beats()
    {
        var record = Table.Record(Table.Unit("x"), 6, 1, (_, _) => []);
        (double Accuracy, double Cost)[] values = [(0.8, 10), (0.9, 30), (0.7, 20), (0.9, 40), (0.95, 50), (0.6, 5)];
        record = record with
        {
            Objectives = [new Objective("accuracy", Goal.Maximize)],
            Trials = [.. record.Trials.Select((t, i) => t with
            {
                Metrics = [new("accuracy", values[i].Accuracy), new("system/cpu_seconds", values[i].Cost)],
            })],
        };

        var front = CostFront.Of(StudyTable.Of(record), record.Objectives[0], "system/cpu_seconds");

        Assert.Equal([6, 1, 2, 5], front.Points.Select(point => point.Trial));
    }

    [Fact]
    public void A_study_is_analysed_metric_by_metric()
    {
        var space = new SearchSpace([
            new IntParameter("batch_size", 1, 512, log: true), new FloatParameter("learning_rate", 1e-4, 0.1, log: true),
            new CategoricalParameter("penalty", "l1", "l2", "none"), new ConstantParameter("epochs", 3)]);
        var record = Table.Record(space, 120, 2, (c, random) =>
        [
            new("loss", Math.Pow(Math.Log10(c["learning_rate"].Number) + 2, 2)),
            new("system/step_seconds", 0.01 + (2e-4 * c["batch_size"].Number) + (1e-4 * random.NextDouble())),
            new("accuracy", double.NaN),
        ]);

        var analysis = StudyAnalysis.Of(record with { Trials = [.. record.Trials, record.Trials[0] with { Number = 121, State = TrialState.Failed }] });

        Assert.Equal((120, 1), (analysis.Trials, analysis.LeftOut));
        Assert.Equal(["loss", "accuracy", "system/step_seconds"], analysis.Metrics.Select(m => m.Metric));
        var (loss, step) = (analysis.Metrics[0], analysis.Metrics[2]);
        Assert.Equal("learning_rate", loss.PedAnova.Parameters[0].Parameter);
        Assert.Equal("learning_rate", loss.Fanova.Parameters[0].Parameter);
        Assert.Equal("batch_size", step.Fanova.Parameters[0].Parameter);
        Assert.Equal(["batch_size", "learning_rate", "penalty"], step.Effects.Select(e => e.Parameter));
        Assert.StartsWith("y = 0.010", step.Effects[0].Law!.ToString(), StringComparison.Ordinal);
        Assert.True(step.Effects[0].Law!.R2 > 0.999);
        Assert.Null(step.Effects[2].Spearman);
        Assert.Equal(3, step.Grids.Count);
        Assert.Equal(("loss", "system/step_seconds"), (analysis.Fronts[0].Quality, analysis.Fronts[0].Cost));
        Assert.Equal(0, analysis.Metrics[1].Trials);
    }

    [Fact]
    public void A_study_without_complete_trials_has_an_empty_analysis()
    {
        var record = Table.Record(Table.Unit("x"), 3, 1, (_, _) => [new("loss", 1)]);

        var analysis = StudyAnalysis.Of(record with { Trials = [.. record.Trials.Select(t => t with { State = TrialState.Failed })] });

        Assert.Equal((0, 3), (analysis.Trials, analysis.LeftOut));
        Assert.Empty(analysis.Metrics);
        Assert.Empty(analysis.Fronts);
        Assert.Single(StudyAnalysis.Of(record with { Trials = [record.Trials[0]] }).Metrics);
    }
}
