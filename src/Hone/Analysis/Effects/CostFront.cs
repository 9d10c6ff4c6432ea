using Hone.Trials;

namespace Hone.Analysis.Effects;

/// <summary>A trial on a front.</summary>
/// <param name="Trial">Its number.</param>
/// <param name="Quality">Its value of the quality metric.</param>
/// <param name="Cost">Its value of the cost metric.</param>
public readonly record struct FrontPoint(int Trial, double Quality, double Cost);

/// <summary>The trials that no other beats in quality and in cost: what a better result costs.</summary>
/// <param name="Quality">Name of the quality metric.</param>
/// <param name="Cost">Name of the cost metric.</param>
/// <param name="Points">The cheapest first, each one better and dearer than the one before.</param>
public sealed record CostFront(string Quality, string Cost, IReadOnlyList<FrontPoint> Points)
{
    /// <summary>The front of a study. Constraints are not looked at: the front says what there is to choose from.</summary>
    /// <param name="table">The study.</param>
    /// <param name="quality">The objective.</param>
    /// <param name="cost">Name of a metric of which smaller values are better.</param>
    /// <returns>The front; of equal trials the first.</returns>
    public static CostFront Of(StudyTable table, Objective quality, string cost)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(quality);
        var (q, c) = (table[quality.Metric].ToArray(), table[cost].ToArray());
        var points = new List<FrontPoint>();
        var best = double.PositiveInfinity;
        var rows = table.RowsWith(quality.Metric).Where(row => double.IsFinite(c[row]));
        foreach (var row in rows.OrderBy(row => c[row]).ThenBy(row => quality.Signed(q[row])))
        {
            if (quality.Signed(q[row]) < best)
            {
                best = quality.Signed(q[row]);
                points.Add(new FrontPoint(table.Trials[row], q[row], c[row]));
            }
        }

        return new CostFront(quality.Metric, cost, points);
    }
}
