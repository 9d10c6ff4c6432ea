using System.Globalization;
using Hone.Trials;

namespace Hone.Stopping;

/// <summary>Names what a rule compares fold by fold: fold i's values of a metric are reported as <c>fold_i/METRIC</c>, i from 1.</summary>
/// <remarks>
/// How many folds are finished a trial says by the metric <see cref="Finished"/>. For one that never reports it, each fold that has a
/// value is finished: such a program reports each fold once, when it is done with it.
/// </remarks>
/// <param name="Metric">The metric without its fold, e.g. <c>validation_loss</c>.</param>
/// <param name="Goal">Which of its values are better.</param>
public readonly record struct FoldKey(string Metric, Goal Goal)
{
    /// <summary>The metric that says how many folds are finished, from the first on.</summary>
    public const string Finished = "finished_folds";

    /// <summary>The name under which a fold reports.</summary>
    /// <param name="fold">From 1.</param>
    public string Of(int fold) => string.Create(CultureInfo.InvariantCulture, $"fold_{fold}/{Metric}");

    /// <summary>The last value of each finished fold, in order.</summary>
    public double[] Values(Trial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        var count = trial.Series(Finished) is { } finished ? Math.Clamp(finished.Last, 0, int.MaxValue) : int.MaxValue;
        var values = new List<double>();
        while (values.Count < count && trial.Series(Of(values.Count + 1)) is { } series)
        {
            values.Add(series.Last);
        }

        return [.. values];
    }

    /// <summary>Whether a fold was finished with the trial's latest report.</summary>
    public bool HasJustFinished(Trial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        if (trial.Series(Finished) is not null)
        {
            return trial.Updated(Finished) is { } finished && (finished.Count == 1 ? finished.Last > 0 : finished.Last > finished.Values[^2]);
        }

        for (var fold = 1; trial.Series(Of(fold)) is { } series; fold++)
        {
            if (series.Count == 1 && trial.Updated(Of(fold)) is not null)
            {
                return true;
            }
        }

        return false;
    }
}
