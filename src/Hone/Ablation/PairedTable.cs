using Hone.Trials;

namespace Hone.Ablation;

/// <summary>What each arm has reached with each seed. Not thread-safe.</summary>
public sealed class PairedTable
{
    private readonly List<double?>[] _values;

    /// <param name="arms">How many arms there are.</param>
    public PairedTable(int arms) => _values = [.. Enumerable.Range(0, arms).Select(_ => new List<double?>())];

    /// <summary>Takes in that a trial has ended.</summary>
    /// <param name="arm">Place of the arm.</param>
    /// <param name="pair">From 0.</param>
    /// <param name="value">What it reached, signed so that smaller is better; NaN if it failed.</param>
    public void Set(int arm, int pair, double value)
    {
        while (_values[arm].Count <= pair)
        {
            _values[arm].Add(null);
        }

        _values[arm][pair] = value;
    }

    /// <summary>Whether the trials of an arm with the first so many seeds have ended.</summary>
    public bool IsComplete(int arm, int pairs) => _values[arm].Count >= pairs && _values[arm].Take(pairs).All(value => value is not null);

    /// <summary>The values of an arm with the first so many seeds, as far as they are finite.</summary>
    public IReadOnlyList<double> Values(int arm, int pairs = int.MaxValue) =>
        [.. _values[arm].Take(pairs).Where(value => value is { } known && double.IsFinite(known)).Select(value => value!.Value)];

    /// <summary>How many trials of an arm have ended without a finite value.</summary>
    public int Failures(int arm) => _values[arm].Count(value => value is { } known && !double.IsFinite(known));

    /// <summary>How many seeds any arm has ended with.</summary>
    public int Pairs => _values.Max(values => values.Count);

    /// <summary>A contrast on each of the first so many seeds with which all its arms have finite values.</summary>
    public double[] Differences(AblationContrast contrast, int pairs = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(contrast);
        var differences = new List<double>();
        for (var pair = 0; pair < Math.Min(pairs, Pairs); pair++)
        {
            var sum = 0.0;
            foreach (var (arm, weight) in contrast.Weights)
            {
                sum += weight * (pair < _values[arm].Count ? _values[arm][pair] ?? double.NaN : double.NaN);
            }

            if (double.IsFinite(sum))
            {
                differences.Add(sum);
            }
        }

        return [.. differences];
    }

    /// <summary>The table of a plan's ended trials.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="trials">Its trials: configuration, and the value of a metric, NaN where there is none.</param>
    /// <param name="goal">Which values of the metric are better.</param>
    public static PairedTable Of(AblationPlan plan, IEnumerable<(Space.Configuration Configuration, double Value)> trials, Goal goal)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(trials);
        var table = new PairedTable(plan.Arms.Count);
        foreach (var (configuration, value) in trials)
        {
            var (arm, pair) = plan.Find(configuration);
            table.Set(arm, pair, goal == Goal.Minimize ? value : -value);
        }

        return table;
    }
}
