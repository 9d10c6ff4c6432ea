using Hone.Learning.Data;
using Hone.Learning.Descent;
using Hone.Learning.Linear;

namespace Hone.Learning.Tests.Linear;

/// <summary>
/// Trained on all rows at once until nothing moves, a model must reach the optimum that scikit-learn 1.2.1's direct solvers find on the
/// same rows: Ridge(alpha=26.93), Lasso(alpha=0.5, tol=1e-12), LogisticRegression(C=1/5.37, tol=1e-13)
/// with the solver newton-cholesky, or newton-cg and multi_class="multinomial".
/// </summary>
public sealed class OptimumTests
{
    [Fact]
    public void Linear_with_l2_reaches_ridge_regression() =>
        AssertReaches(
            Pollen(), new SgdOptions { Loss = TrainingLoss.Squared, Alpha = 0.01, LearningRate = 0.3 },
            [-4.903409827588037, 1.1130177085927526, -0.3163628488538734, -3.365117122781244], [0.010214296109404636], 1e-8);

    [Fact]
    public void Linear_with_l1_reaches_the_lasso_with_its_zero() =>
        AssertReaches(
            Pollen(), new SgdOptions { Loss = TrainingLoss.Squared, Penalty = Penalty.L1, Alpha = 0.5, LearningRate = 0.3 },
            [-1.370957835116518, 0.7186844165307656, -0.2302506794898956, 0], [0.010214296109404497], 1e-8);

    [Fact]
    public void Logistic_reaches_logistic_regression() =>
        AssertReaches(
            Diabetes(8), new SgdOptions { Loss = TrainingLoss.Log, Alpha = 0.01, LearningRate = 1 },
            [0.42752819198902575, 1.0086842761009795, -0.28226624739027245, 0.036779682553930854,
             -0.009769506324690898, 0.7564719203090383, 0.16103019354141054, 0.2043731163301065],
            [-0.714189871599094], 1e-8);

    [Fact]
    public void Cross_entropy_reaches_multinomial_logistic_regression() =>
        AssertReaches(
            Diabetes(7), new SgdOptions { Loss = TrainingLoss.CrossEntropy, Alpha = 0.01, LearningRate = 1 },
            [-1.2460366070719908, -0.30812654704473813, -0.23639795817039022, 0.20210652707297336,
             0.12610011750894004, -0.2580721029612357, -0.21129245396450727,
             0.22709408169945286, 0.04918087403764179, -0.06123260195097723, 0.004955279984652741,
             -0.00886919798427288, 0.10321034466626706, 0.12779971201458873,
             1.0189425253725373, 0.2589456730070972, 0.29763056012136746, -0.20706180705762559,
             -0.11723091952466681, 0.15486175829496923, 0.08349274194991856],
            [-0.19847632040084476, 0.1641953677657777, 0.03428095263506988], 1e-6);

    private static void AssertReaches(Examples<double> examples, SgdOptions options, double[] weights, double[] intercepts, double tolerance)
    {
        var model = new LinearModel<double>(examples, options.Loss);
        var trainer = new SgdTrainer<double>(model, examples, options with { BatchSize = examples.Count });
        for (var step = 0; step < 3000; step++)
        {
            trainer.Step();
        }

        Assert.All(weights.Zip(model.Weights), pair => Assert.Equal(pair.First, pair.Second, tolerance));
        Assert.All(intercepts.Zip(model.Intercepts), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }

    private static Examples<double> Pollen()
    {
        var table = DataSource.Load<double>("pollen");
        var rows = Split.HoldOut(table.Features.Rows).Training;
        return table.Select(rows, Standardizer.Fit(table.Features, rows), asClasses: false);
    }

    /// <summary>Diabetes as it is; with 7 features the third of the age, cut at -0.6 and 0.3 deviations, is the class to learn.</summary>
    private static Examples<double> Diabetes(int features)
    {
        var table = DataSource.Load<double>("diabetes");
        var rows = Split.HoldOut(table.Features.Rows).Training;
        var examples = table.Select(rows, Standardizer.Fit(table.Features, rows), asClasses: true);
        if (features == 8)
        {
            return examples;
        }

        var values = new List<double>();
        var labels = new List<int>();
        for (var i = 0; i < rows.Length; i++)
        {
            var row = examples.Features.Row(i);
            values.AddRange(row[..7]);
            labels.Add(row[7] < -0.6 ? 0 : row[7] < 0.3 ? 1 : 2);
        }

        return new Examples<double>(
            new Matrix<double>(rows.Length, 7, [.. values]), [.. labels.Select(label => (double)label)], [.. labels], 3);
    }
}
