namespace Hone.Tracking.Store;

/// <summary>Finds the best trials of a stored study.</summary>
internal sealed class BestTrials(Database database, StoredStudy study)
{
    /// <summary>Numbers of the best trials, the best by the first objective first; empty if no trial counts.</summary>
    public IReadOnlyList<int> Numbers() => study.Definition.Objectives.Count == 1 ? Best() : Front();

    private List<int> Best()
    {
        using var statement = database.Prepare(
            "SELECT trial FROM runs WHERE run >= ?1 AND run < ?2 AND objective IS NOT NULL ORDER BY objective, run LIMIT 1");
        statement.BindRuns(study.Experiment);
        return statement.Step() ? [(int)statement.Int64(0)] : [];
    }

    private List<int> Front()
    {
        using var statement = database.Prepare(
            "SELECT trial, objective_values FROM runs WHERE run >= ?1 AND run < ?2 AND objective IS NOT NULL ORDER BY objective, run");
        statement.BindRuns(study.Experiment);
        var front = new List<(int Trial, double[] Values)>();
        while (statement.Step())
        {
            var values = Signed(StoredValues.Doubles(statement.Bytes(1)));

            // Later ones are no better in the first objective, so that they can push out only their equals in it.
            if (!front.Exists(other => Dominates(other.Values, values)))
            {
                front.RemoveAll(other => Dominates(values, other.Values));
                front.Add(((int)statement.Int64(0), values));
            }
        }

        return front.ConvertAll(member => member.Trial);
    }

    private double[] Signed(double[] values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = study.Definition.Objectives[i].Signed(values[i]);
        }

        return values;
    }

    private static bool Dominates(double[] left, double[] right)
    {
        var better = false;
        for (var i = 0; i < left.Length; i++)
        {
            if (left[i] > right[i])
            {
                return false;
            }

            better |= left[i] < right[i];
        }

        return better;
    }
}
