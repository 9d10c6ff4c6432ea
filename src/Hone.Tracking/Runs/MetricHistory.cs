using Hone.Tracking.Store;

namespace Hone.Tracking.Runs;

/// <summary>One point of a history.</summary>
/// <param name="At">When, as the store writes times.</param>
/// <param name="Step">The step.</param>
/// <param name="Value">The value.</param>
internal readonly record struct HistoryPoint(long At, long Step, double Value);

/// <summary>Where in a history a reader stands: after one of its points. For a trial the sequence of the report stands in the first number.</summary>
internal readonly record struct HistoryPlace(long At, long Step, double Value)
{
    /// <summary>How many numbers <see cref="ToNumbers"/> gives.</summary>
    public const int Numbers = 3;

    /// <summary>The place of three numbers.</summary>
    public static HistoryPlace Of(long[] numbers) => new(numbers[0], numbers[1], BitConverter.Int64BitsToDouble(numbers[2]));

    /// <summary>The place as three numbers.</summary>
    public long[] ToNumbers() => [At, Step, BitConverter.DoubleToInt64Bits(Value)];
}

/// <summary>Reads what one run logged of one metric: by time, step and value, and of a trial, its last attempt in the order of its journal.</summary>
internal readonly struct MetricHistory
{
    private readonly Statement? _rows;
    private readonly bool _isTrial;

    /// <param name="session">The connection; no other history may be read on it before this one is.</param>
    /// <param name="run">Key of the run.</param>
    /// <param name="name">Name of the metric; one that was never logged has no points.</param>
    /// <param name="after">The place to go on from; null: from the beginning.</param>
    /// <param name="most">How many points at most.</param>
    public MetricHistory(TrackingSession session, long run, string name, HistoryPlace? after, int most)
    {
        if (session.MetricNames.Find(name) is not { } metric)
        {
            return;
        }

        _isTrial = (run & RunIds.FirstClientNumber) == 0;
        _rows = _isTrial ? OfTrial(session, after) : OfRun(session, after);
        _rows.Bind(1, run);
        _rows.Bind(2, metric);
        _rows.Bind(3, (long)most);
    }

    /// <summary>Goes to the next point; false if there is none.</summary>
    public bool Next(out HistoryPoint point)
    {
        if (_rows is null || !_rows.Step())
        {
            point = default;
            return false;
        }

        point = new HistoryPoint(_rows.Int64(0), _rows.Int64(1), _rows.Double(2));
        return true;
    }

    /// <summary>The place after the point.</summary>
    public HistoryPlace After(in HistoryPoint point) => _isTrial ? new HistoryPlace(_rows!.Int64(3), 0, 0) : new(point.At, point.Step, point.Value);

    private static Statement OfRun(TrackingSession session, HistoryPlace? after)
    {
        if (after is not { } place)
        {
            return session.Kept("SELECT at, step, value FROM run_metrics WHERE run = ?1 AND metric = ?2 ORDER BY at, step, value LIMIT ?3");
        }

        var rows = session.Kept(
            """
            SELECT at, step, value FROM run_metrics WHERE run = ?1 AND metric = ?2 AND (at, step, value) > (?4, ?5, ?6)
            ORDER BY at, step, value LIMIT ?3
            """);
        rows.Bind(4, place.At);
        rows.Bind(5, place.Step);
        rows.BindWithNan(6, place.Value);
        return rows;
    }

    private static Statement OfTrial(TrackingSession session, HistoryPlace? after)
    {
        var rows = session.Kept(
            """
            SELECT h.at, h.step, m.value, m.sequence FROM metrics m
            JOIN metrics h ON h.run = m.run AND h.sequence = m.sequence AND h.position = 0
            WHERE m.run = ?1 AND m.metric = ?2 AND m.sequence > ?4 AND h.attempt = (SELECT attempt FROM runs WHERE run = ?1)
            ORDER BY m.sequence LIMIT ?3
            """);
        rows.Bind(4, after?.At ?? -1);
        return rows;
    }
}
