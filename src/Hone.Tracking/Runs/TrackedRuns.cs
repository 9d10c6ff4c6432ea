using System.Globalization;
using Hone.Tracking.Mlflow;
using Hone.Tracking.Store;

namespace Hone.Tracking.Runs;

/// <summary>The runs of a store: their keys, states, names, tags and parameters. A trial is one, and is changed by its tuner alone.</summary>
internal static class TrackedRuns
{
    /// <summary>The tag that says a run's name.</summary>
    public const string NameTag = "mlflow.runName";

    /// <summary>The key of a run that is there, in any state.</summary>
    /// <exception cref="TrackingException">There is none of that id.</exception>
    public static long Get(TrackingSession session, string id)
    {
        if (TryKeyOf(session, id, out var run))
        {
            var find = session.Kept("SELECT 1 FROM runs WHERE run = ?1");
            find.Bind(1, run);
            if (find.Step())
            {
                return run;
            }
        }

        throw Missing(id);
    }

    /// <summary>The key of a run that may be given tags: it is not deleted.</summary>
    /// <exception cref="TrackingException">There is none, or it is deleted.</exception>
    public static long GetForTags(TrackingSession session, string id) => GetActive(session, id).Run;

    /// <summary>The key of a run that may be changed by a client: it is not deleted, and no trial.</summary>
    /// <exception cref="TrackingException">There is none, it is deleted, or it is a trial.</exception>
    public static long GetForChange(TrackingSession session, string id)
    {
        var (run, trial) = GetActive(session, id);
        return trial is null ? run : throw IsTrial(id, trial.Value);
    }

    /// <summary>The key of a run that is no trial, in any state.</summary>
    /// <exception cref="TrackingException">There is none, or it is a trial.</exception>
    public static long GetOwn(TrackingSession session, string id)
    {
        var run = Get(session, id);
        var find = session.Kept("SELECT trial FROM runs WHERE run = ?1");
        find.Bind(1, run);
        find.Step();
        return find.IsNull(0) ? run : throw IsTrial(id, find.Int64(0));
    }

    /// <summary>Makes a run, which is running, and returns its key.</summary>
    /// <param name="session">The connection.</param>
    /// <param name="experiment">Key of the experiment.</param>
    /// <param name="user">Who runs it, or an empty text.</param>
    /// <param name="name">Its name; null or empty: one is made up.</param>
    /// <param name="start">When it began, as the store writes times.</param>
    public static long Create(TrackingSession session, long experiment, string user, string? name, long start)
    {
        var run = NextKey(session, experiment);
        var insert = session.Kept(
            "INSERT INTO runs (run, status, run_name, user_id, start_time) VALUES (?1, 'RUNNING', ?2, ?3, ?4)");
        insert.Bind(1, run);
        insert.Bind(2, string.IsNullOrEmpty(name) ? name = RunNames.Of(run) : name);
        insert.Bind(3, user);
        insert.Bind(4, start);
        insert.Run();
        SetTag(session, run, NameTag, name);
        return run;
    }

    /// <summary>Changes what is not null of a run.</summary>
    public static void Update(TrackingSession session, long run, string? status, long? end)
    {
        var update = session.Kept("UPDATE runs SET status = coalesce(?2, status), end_time = coalesce(?3, end_time) WHERE run = ?1");
        update.Bind(1, run);
        update.Bind(2, status);
        update.Bind(3, end);
        update.Run();
    }

    /// <summary>Deletes a run or restores it. Nothing is removed from the file.</summary>
    /// <param name="session">The connection.</param>
    /// <param name="run">Key of the run.</param>
    /// <param name="isDeleted">Whether it is deleted.</param>
    /// <param name="now">When, as the store writes times.</param>
    public static void SetDeleted(TrackingSession session, long run, bool isDeleted, long now)
    {
        var note = session.Kept(isDeleted ? "INSERT INTO deleted_runs (run, at) VALUES (?1, ?2) ON CONFLICT DO NOTHING" : "DELETE FROM deleted_runs WHERE run = ?1 AND ?2 >= 0");
        note.Bind(1, run);
        note.Bind(2, now);
        note.Run();
        var update = session.Kept("UPDATE runs SET lifecycle_stage = ?2 WHERE run = ?1");
        update.Bind(1, run);
        update.Bind(2, isDeleted ? "deleted" : "active");
        update.Run();
    }

    /// <summary>Sets a tag of a run.</summary>
    public static void SetTag(TrackingSession session, long run, string key, string value)
    {
        var insert = session.Kept(
            "INSERT INTO tags (run, key, value) VALUES (?1, ?2, ?3) ON CONFLICT (run, key) DO UPDATE SET value = excluded.value");
        insert.Bind(1, run);
        insert.Bind(2, key);
        insert.Bind(3, value);
        insert.Run();
    }

    /// <summary>Sets a tag of a run, and its name where it is the tag that says it.</summary>
    public static void SetTagOrName(TrackingSession session, long run, string key, string value)
    {
        if (key == NameTag)
        {
            Rename(session, run, value);
        }
        else
        {
            SetTag(session, run, key, value);
        }
    }

    /// <summary>Gives a run another name.</summary>
    public static void Rename(TrackingSession session, long run, string name)
    {
        var update = session.Kept("UPDATE runs SET run_name = ?2 WHERE run = ?1");
        update.Bind(1, run);
        update.Bind(2, name);
        update.Run();
        SetTag(session, run, NameTag, name);
    }

    /// <summary>Removes a tag of a run; false if it has none of that name.</summary>
    public static bool DeleteTag(TrackingSession session, long run, string key)
    {
        var delete = session.Kept("DELETE FROM tags WHERE run = ?1 AND key = ?2");
        delete.Bind(1, run);
        delete.Bind(2, key);
        return delete.RunAndCount() > 0;
    }

    /// <summary>A tag of a run; null if it has none of that name.</summary>
    public static string? Tag(TrackingSession session, long run, string key)
    {
        var find = session.Kept("SELECT value FROM tags WHERE run = ?1 AND key = ?2");
        find.Bind(1, run);
        find.Bind(2, key);
        return find.Step() ? find.Text(0) : null;
    }

    /// <summary>There is no run of an id.</summary>
    public static TrackingException Missing(string id) => TrackingException.NotFound($"Run with id={id} not found");

    /// <summary>A run is a trial, which its tuner alone may change.</summary>
    public static TrackingException IsTrial(string id, long trial) => TrackingException.Invalid(string.Create(
        CultureInfo.InvariantCulture,
        $"The run {id} is trial {trial} of a study. Its tuner writes it; only tags can be set from outside. "
        + $"A training program reports to its tuner by HONE_REPORT_URL, by the MLFLOW_TRACKING_URI that it was given, or on standard output."));

    /// <summary>The key of a run that is not deleted, and its number if it is a trial.</summary>
    /// <exception cref="TrackingException">There is none, or it is deleted.</exception>
    public static (long Run, long? Trial) GetActive(TrackingSession session, string id)
    {
        if (TryKeyOf(session, id, out var run))
        {
            var find = session.Kept("SELECT lifecycle_stage = 'deleted', trial FROM runs WHERE run = ?1");
            find.Bind(1, run);
            if (find.Step())
            {
                return find.Int64(0) == 0
                    ? (run, find.IsNull(1) ? null : find.Int64(1))
                    : throw TrackingException.Invalid($"The run {id} must be in the 'active' state. Current state is deleted.");
            }
        }

        throw Missing(id);
    }

    /// <summary>The key that a run of an id would have, by its own id or by the one it had where it came from; -1 if none can have it.</summary>
    public static long KeyOf(TrackingSession session, string id) => TryKeyOf(session, id, out var run) ? run : -1;

    private static bool TryKeyOf(TrackingSession session, string id, out long run)
    {
        if (session.RunIds.TryParse(id, out run))
        {
            return true;
        }

        run = Imported.Find(session, Imported.Run, id) ?? -1;
        return run >= 0;
    }

    private static long NextKey(TrackingSession session, long experiment)
    {
        var first = RunKey.First(experiment) + RunIds.FirstClientNumber;
        var last = session.Kept("SELECT max(run) FROM runs WHERE run >= ?1 AND run < ?2");
        last.Bind(1, first);
        last.Bind(2, RunKey.First(experiment + 1));
        return last.Step() && !last.IsNull(0) ? last.Int64(0) + 1 : first;
    }
}
