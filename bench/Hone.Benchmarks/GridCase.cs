using Hone.Learning.Data;
using Hone.Learning.Descent;
using Hone.Learning.Linear;
using Hone.Learning.Networks;

namespace Hone.Benchmarks;

/// <summary>A learner on a data set over a grid: five folds (or the first of them) of the 70 % for training, and the held-out 30 % for the best point.</summary>
/// <param name="Data">Name as <see cref="DataSource"/> takes it, or a path.</param>
/// <param name="Loss">What is made small.</param>
/// <param name="Rates">Learning rates.</param>
/// <param name="Alphas">Strengths of L2.</param>
internal sealed record GridCase(string Data, TrainingLoss Loss, double[] Rates, double[] Alphas)
{
    public Update Update { get; init; }

    /// <summary>Units of one hidden layer; 0: a linear model.</summary>
    public int Hidden { get; init; }

    public int Batch { get; init; } = 32;

    public int Epochs { get; init; } = 20;

    public int Folds { get; init; } = 5;

    /// <summary>Where the reference stands that scikit-learn 1.2.1 (per row) or NumPy 1.24.2 gave once; null: it is run now.</summary>
    public GridScore? Known { get; init; }

    public string Learner => Hidden > 0 ? $"mlp {Hidden}" : Loss switch
    {
        TrainingLoss.Squared => "linear",
        TrainingLoss.Hinge => "svm",
        _ => "logistic",
    };

    private bool IsForNumbers => Loss == TrainingLoss.Squared;

    /// <summary>Seed of a perceptron's first weights.</summary>
    public static ulong WeightSeed => 7;

    /// <summary>Hone's best point by the folds, with its score on the rows held out.</summary>
    public GridScore Run()
    {
        var table = DataSource.Load<float>(Data);
        var split = Split.HoldOut(table.Features.Rows);
        var isImage = table.Columns.Count == 784;
        var scaler = isImage ? null : Standardizer.Fit(table.Features, split.Training);
        var parts = Split.Folds(split.Training, 5).Take(Folds)
            .Select(fold => (Select(table, fold.Training, scaler), Select(table, fold.Validation, scaler))).ToArray();
        GridScore? best = null;
        foreach (var rate in Rates)
        {
            foreach (var alpha in Alphas)
            {
                var cv = parts.Average(part => Score(part.Item1, part.Item2, rate, alpha));
                if (double.IsFinite(cv) && (best is null || (IsForNumbers ? cv < best.Cv : cv > best.Cv)))
                {
                    best = new GridScore(rate, alpha, cv, double.NaN);
                }
            }
        }

        return best! with { Test = Score(Select(table, split.Training, scaler), Select(table, split.Validation, scaler), best.Rate, best.Alpha) };
    }

    private double Score(Examples<float> training, Examples<float> validation, double rate, double alpha)
    {
        var options = new SgdOptions { Loss = Loss, LearningRate = rate, Alpha = alpha, BatchSize = Batch, Update = Update };
        IModel<float> model = Hidden == 0
            ? new LinearModel<float>(training, Loss)
            : new Perceptron<float>(
                training.Features.Columns, [Hidden], IsForNumbers ? 1 : training.Classes, Activation.Relu, new SeededRandom(WeightSeed));
        ITrainer trainer = model is Perceptron<float> network
            ? new PerceptronTrainer<float>(network, training, options)
            : new SgdTrainer<float>((LinearModel<float>)model, training, options);
        for (var steps = Epochs * ((training.Count + Batch - 1) / Batch); steps > 0; steps--)
        {
            trainer.Step();
        }

        var evaluation = model.Evaluate(validation, Loss);
        return evaluation.Accuracy ?? evaluation.RootMeanSquaredError!.Value;
    }

    // The rule scales tables, and leaves pixels from 0 to 1 as they are.
    private Examples<float> Select(Dataset<float> table, int[] rows, Standardizer? scaler)
    {
        if (scaler is not null)
        {
            return table.Select(rows, scaler, !IsForNumbers);
        }

        var values = new float[rows.Length * table.Columns.Count];
        for (var i = 0; i < rows.Length; i++)
        {
            table.Features.Row(rows[i]).CopyTo(values.AsSpan(i * table.Columns.Count));
        }

        var labels = table.Labels();
        return new Examples<float>(
            new Matrix<float>(rows.Length, table.Columns.Count, values), Array.ConvertAll(rows, row => (float)table.Targets[row]),
            Array.ConvertAll(rows, row => labels[row]), table.Classes.Count);
    }
}

/// <summary>The best point of a grid.</summary>
/// <param name="Rate">Learning rate.</param>
/// <param name="Alpha">Strength of L2.</param>
/// <param name="Cv">Accuracy, or RMSE of numbers: the mean over the folds.</param>
/// <param name="Test">The same on the rows held out.</param>
internal sealed record GridScore(double Rate, double Alpha, double Cv, double Test);
