namespace Hone.Tracking.Runs;

/// <summary>Parameters of runs. One that is logged keeps its value for ever.</summary>
internal static class RunParameters
{
    /// <summary>Logs parameters to a run, all or none. One that the run has with the same value is passed over.</summary>
    /// <param name="session">The connection.</param>
    /// <param name="id">The run's id.</param>
    /// <param name="parameters">Keys, each once, and values.</param>
    /// <exception cref="TrackingException">There is no such run, it is deleted or a trial, or a parameter has another value.</exception>
    public static void Log(TrackingSession session, string id, List<(string Key, string Value)> parameters)
    {
        var (run, trial) = TrackedRuns.GetActive(session, id);
        Check(session, id, run, trial, parameters);
        Add(session, run, parameters);
    }

    /// <summary>Refuses parameters that the run has with other values, and any new one of a trial.</summary>
    /// <exception cref="TrackingException">There is such a parameter.</exception>
    public static void Check(TrackingSession session, string id, long run, long? trial, List<(string Key, string Value)> parameters)
    {
        foreach (var (key, value) in parameters)
        {
            var logged = Find(session, run, key);
            if (logged is null && trial is { } number)
            {
                throw TrackedRuns.IsTrial(id, number);
            }

            if (logged is not null && logged != value)
            {
                throw TrackingException.Invalid(
                    $"Changing param values is not allowed. Param with key='{key}' was already logged with value='{logged}' for run ID='{id}'. "
                    + $"Attempted logging new value '{value}'.");
            }
        }
    }

    /// <summary>Adds those parameters that the run has not.</summary>
    public static void Add(TrackingSession session, long run, List<(string Key, string Value)> parameters)
    {
        var insert = session.Kept("INSERT INTO params (run, key, value, position) VALUES (?1, ?2, ?3, 0) ON CONFLICT DO NOTHING");
        insert.Bind(1, run);
        foreach (var (key, value) in parameters)
        {
            insert.Bind(2, key);
            insert.Bind(3, value);
            insert.Run();
        }
    }

    private static string? Find(TrackingSession session, long run, string key)
    {
        var find = session.Kept("SELECT value FROM params WHERE run = ?1 AND key = ?2");
        find.Bind(1, run);
        find.Bind(2, key);
        return find.Step() ? find.Text(0) : null;
    }
}
