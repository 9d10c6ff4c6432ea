using System.Globalization;
using Hone.Tracking.Runs;
using Hone.Tracking.Store;

namespace Hone.Tracking.Mlflow;

/// <summary>Writes an experiment of another store.</summary>
internal static class ImportedExperiment
{
    private const string ServedScheme = "mlflow-artifacts:";

    /// <summary>Makes the experiment, with its old id if that is free, and returns its key.</summary>
    /// <param name="session">The connection.</param>
    /// <param name="experiment">The experiment.</param>
    /// <param name="isServedHere">Whether new files are to lie with this server.</param>
    /// <param name="now">When, as the store writes times.</param>
    public static long Add(TrackingSession session, SourceExperiment experiment, bool isServedHere, long now)
    {
        var location = isServedHere || experiment.Location is null || experiment.Location.StartsWith(ServedScheme, StringComparison.OrdinalIgnoreCase)
            ? null
            : experiment.Location;
        var created = experiment.Created is null ? now : MlflowValue.Ticks(experiment.Created);
        var key = Experiments.Create(session, experiment.Name, location, created);
        // A database that numbers by itself would give a number that was taken so a second time.
        if (session.Database is SqliteDatabase && long.TryParse(experiment.Id, NumberStyles.None, CultureInfo.InvariantCulture, out var wanted) && wanted < int.MaxValue && Experiments.Find(session, wanted) is null)
        {
            var move = session.Kept("UPDATE experiments SET experiment = ?2 WHERE experiment = ?1");
            move.Bind(1, key);
            move.Bind(2, wanted);
            move.Run();
            key = wanted;
        }

        foreach (var (tag, value) in experiment.Tags.Where(tag => tag.Key.Length is > 0 and <= Limits.Key))
        {
            Experiments.SetTag(session, key, tag, value);
        }

        Experiments.Touch(session, key, experiment.Updated is null ? created : MlflowValue.Ticks(experiment.Updated));
        return key;
    }

    /// <summary>Whether all runs of an experiment came from other stores, and there is no study of it.</summary>
    public static bool IsOnlyImported(TrackingSession session, long experiment)
    {
        var row = session.Kept(
            """
            SELECT 1 FROM studies WHERE experiment = ?3
            UNION ALL SELECT 1 FROM runs r WHERE r.run >= ?1 AND r.run < ?2
            AND NOT EXISTS (SELECT 1 FROM imported i WHERE i.kind = 'run' AND i.key = r.run)
            """);
        row.BindRuns(experiment);
        row.Bind(3, experiment);
        return !row.Step();
    }

    /// <summary>Deletes an experiment; when it was changed last stays what it was.</summary>
    public static void Delete(TrackingSession session, in Experiment experiment) =>
        Experiments.SetDeleted(session, experiment, isDeleted: true, experiment.Updated);
}
