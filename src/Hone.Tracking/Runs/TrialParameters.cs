using System.Globalization;
using Hone.Space;

namespace Hone.Tracking.Runs;

/// <summary>Parameters that the program of a trial logs, beside those that it was given.</summary>
/// <remarks>
/// They stand with the others but have no kind, so that nobody takes them for the trial's configuration, and the attempt stands in the place of
/// the position: what an attempt has logged keeps its value, and the next attempt may log another.
/// </remarks>
internal static class TrialParameters
{
    /// <summary>Logs parameters, all or none. One that the trial was given, or has logged, with the same value is passed over.</summary>
    /// <param name="session">The connection.</param>
    /// <param name="id">Id of the trial's run.</param>
    /// <param name="attempt">The attempt, from 1.</param>
    /// <param name="parameters">Keys, each once, and values.</param>
    /// <exception cref="TrackingException">A parameter has another value, or there is no such run.</exception>
    public static void Log(TrackingSession session, string id, int attempt, List<(string Key, string Value)> parameters)
    {
        var run = TrackedRuns.GetForTags(session, id);
        foreach (var (key, value) in parameters)
        {
            Check(session, id, run, attempt, key, value);
        }

        var upsert = session.Kept(
            """
            INSERT INTO params (run, key, value, position) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (run, key) DO UPDATE SET value = excluded.value, position = excluded.position WHERE params.kind IS NULL
            """);
        upsert.Bind(1, run);
        upsert.Bind(4, (long)attempt);
        foreach (var (key, value) in parameters)
        {
            upsert.Bind(2, key);
            upsert.Bind(3, value);
            upsert.Run();
        }
    }

    private static void Check(TrackingSession session, string id, long run, int attempt, string key, string value)
    {
        var find = session.Kept("SELECT value, kind, position FROM params WHERE run = ?1 AND key = ?2");
        find.Bind(1, run);
        find.Bind(2, key);
        if (!find.Step())
        {
            return;
        }

        var logged = find.Text(0)!;
        var isKept = find.IsNull(1) ? find.Int64(2) != attempt || logged == value : IsSame((ValueKind)find.Int64(1), logged, value);
        if (!isKept)
        {
            throw RunParameters.Changed(id, key, logged, value);
        }
    }

    // Each language writes numbers in its own way: 1E-05, 1e-05, 0.00001; True, true.
    private static bool IsSame(ValueKind kind, string given, string logged) => kind switch
    {
        ValueKind.Float or ValueKind.Integer => Number(logged) is { } number && number == Number(given),
        ValueKind.Boolean => string.Equals(given, logged, StringComparison.OrdinalIgnoreCase),
        _ => given == logged,
    };

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
