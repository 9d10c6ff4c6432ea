namespace Hone.Ablation;

/// <summary>The way from everything left out to the base, as far as it has been walked.</summary>
public static class AblationPath
{
    /// <summary>The steps so far: the arm that was reached, and the component that was added to reach it (-1 for the start).</summary>
    /// <param name="plan">The plan of the path.</param>
    /// <param name="table">What arms have reached.</param>
    public static IReadOnlyList<(int Arm, int Added)> Steps(AblationPlan plan, PairedTable table)
    {
        var (steps, _) = Walk(plan, table);
        return steps;
    }

    internal static IReadOnlyList<int> Wanted(AblationPlan plan, PairedTable table, out bool isWhole)
    {
        var (steps, wanted) = Walk(plan, table);
        isWhole = steps.Count == plan.Components.Count + 1;
        return wanted;
    }

    // The arms of a path are all subsets: what an arm leaves out are the ones of its place.
    private static (IReadOnlyList<(int Arm, int Added)> Steps, IReadOnlyList<int> Wanted) Walk(AblationPlan plan, PairedTable table)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(table);
        var left = plan.Arms.Count - 1;
        var steps = new List<(int, int)>();
        if (!table.IsComplete(left, plan.Options.Seeds))
        {
            return (steps, [left]);
        }

        steps.Add((left, -1));
        while (left != 0)
        {
            (int Arm, int Added)[] next = [.. Enumerable.Range(0, plan.Components.Count).Where(i => (left >> i & 1) == 1).Select(i => (left & ~(1 << i), i))];
            if (next.Any(step => !table.IsComplete(step.Arm, plan.Options.Seeds)))
            {
                return (steps, [.. next.Select(step => step.Arm)]);
            }

            // A candidate that failed on some seeds is worse than one that did not.
            var best = next.MinBy(step => (table.Failures(step.Arm), table.Values(step.Arm).DefaultIfEmpty(double.PositiveInfinity).Average()));
            steps.Add(best);
            left = best.Arm;
        }

        return (steps, []);
    }
}
