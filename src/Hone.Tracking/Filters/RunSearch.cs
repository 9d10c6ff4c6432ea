using Hone.Tracking.Runs;
using Hone.Tracking.Store;

namespace Hone.Tracking.Filters;

/// <summary>Which runs are looked for.</summary>
internal sealed record RunQuery
{
    /// <summary>Keys of the experiments, each once.</summary>
    public required IReadOnlyList<long> Experiments { get; init; }

    /// <summary>What must hold.</summary>
    public required IReadOnlyList<Condition> Conditions { get; init; }

    /// <summary>What they are sorted by first; what begins last comes first among equals, then by id.</summary>
    public required IReadOnlyList<Order> Orders { get; init; }

    /// <summary>Whether deleted ones are looked for; null: both.</summary>
    public bool? IsDeleted { get; init; }

    /// <summary>How many to pass over.</summary>
    public required long Offset { get; init; }

    /// <summary>How many to find at most.</summary>
    public required int Most { get; init; }
}

/// <summary>Finds runs.</summary>
/// <remarks>
/// Where an index already has the runs in the order that is asked for, they are walked along it and only as far as the page needs: for the
/// start, and for a metric's value. Where few runs have a metric's value in the range that is asked for, or a parameter's or a tag's, those
/// are looked up and sorted. All else looks at every run of the experiments, which for 10,000 of them takes some milliseconds.
/// </remarks>
internal static class RunSearch
{
    private const string JoinRuns = " CROSS JOIN runs r ON r.run = o.run";

    // So many runs are looked up and sorted faster than a walk finds some of them among many others.
    private const int Few = 2_000;

    /// <summary>The keys of the runs of a page, in order.</summary>
    /// <exception cref="TrackingException">Runs cannot be asked for something.</exception>
    public static List<long> Find(TrackingSession session, RunQuery query)
    {
        var found = new List<long>(Math.Min(query.Most, 1_000));
        if (query.Experiments.Count == 0)
        {
            return found;
        }

        if (query.Experiments.Count == 1 && RareText(session, query) is { } text)
        {
            Add(found, session, ByText(session, query, text));
        }
        else if (query.Experiments.Count > 1 || HasTrials(session, query.Experiments[0]))
        {
            Add(found, session, Plain(session, query));
        }
        else if (query.Orders.Count == 0 || RunColumns.IsStart(query.Orders[0].Subject))
        {
            Add(found, session, Rare(session, query) is { } rare ? ByRange(session, query, rare) : ByStart(session, query));
        }
        else if (query.Orders[0].Subject.Kind == "metric")
        {
            FindByMetric(found, session, query);
        }
        else
        {
            Add(found, session, Plain(session, query));
        }

        return found;
    }

    /// <summary>The plain way, which looks at all runs of the experiments: what the others are held against.</summary>
    public static List<long> FindPlainly(TrackingSession session, RunQuery query)
    {
        var found = new List<long>();
        Add(found, session, Plain(session, query));
        return found;
    }

    private static SqlText Plain(TrackingSession session, RunQuery query)
    {
        var sql = new SqlText().Add("SELECT r.run FROM runs r WHERE (");
        for (var i = 0; i < query.Experiments.Count; i++)
        {
            sql.Add(i == 0 ? "r.run >= " : " OR r.run >= ").Bind(RunKey.First(query.Experiments[i]))
                .Add(" AND r.run < ").Bind(RunKey.First(query.Experiments[i] + 1));
        }

        sql.Add(")");
        AddConditions(sql, session, query);
        AddOrders(sql.Add(" ORDER BY "), session, query, from: 0);
        return AddPage(sql, query.Most, query.Offset);
    }

    private static SqlText ByStart(TrackingSession session, RunQuery query)
    {
        var sql = new SqlText().Add("SELECT r.run FROM runs r INDEXED BY runs_by_start WHERE r.trial IS NULL AND r.run >> 32 = ").Bind(query.Experiments[0]);
        AddConditions(sql, session, query);

        // Every run of a client has a start; where the missing ones would come is said as the index has them.
        sql.Add(" ORDER BY r.start_time ").Add(query.Orders.Count > 0 && !query.Orders[0].IsDescending ? "ASC NULLS FIRST, " : "DESC NULLS LAST, ");
        AddOrders(sql, session, query, from: 1);
        return AddPage(sql, query.Most, query.Offset);
    }

    // A parameter's or a tag's value that few runs have. They are found in one pass over the table, which is over early if they are many.
    private static Condition? RareText(TrackingSession session, RunQuery query)
    {
        foreach (var condition in query.Conditions)
        {
            if (condition.Comparator == Comparator.Equal && RunColumns.Table(condition.Subject) is { } table)
            {
                var sql = WithText(new SqlText().Add($"SELECT count(*) FROM (SELECT 1 FROM {table} p"), query, condition).Add(" LIMIT ").Bind(Few).Add(") AS few");
                if (Number(session, sql) < Few)
                {
                    return condition;
                }
            }
        }

        return null;
    }

    private static SqlText ByText(TrackingSession session, RunQuery query, Condition rare)
    {
        var from = $"SELECT r.run FROM {RunColumns.Table(rare.Subject)} p CROSS JOIN runs r ON r.run = p.run";
        var sql = WithText(new SqlText().Add(from), query, rare);
        AddConditions(sql, session, query);
        AddOrders(sql.Add(" ORDER BY "), session, query, from: 0);
        return AddPage(sql, query.Most, query.Offset);
    }

    private static SqlText WithText(SqlText sql, RunQuery query, Condition condition) => sql
        .Add(" WHERE p.run >= ").Bind(RunKey.First(query.Experiments[0])).Add(" AND p.run < ").Bind(RunKey.First(query.Experiments[0] + 1))
        .Add(" AND p.key = ").Bind(condition.Subject.Key).Add(" AND p.value = ").Bind(Values.Texts(condition)[0]);

    // A condition on a metric that few runs satisfy.
    private static Condition? Rare(TrackingSession session, RunQuery query)
    {
        foreach (var condition in query.Conditions)
        {
            if (condition.Subject.Kind == "metric" && condition.Comparator != Comparator.NotEqual)
            {
                var sql = WithValue(new SqlText().Add("SELECT count(*) FROM (SELECT 1"), session, query.Experiments[0], condition.Subject, join: "")
                    .Add(" AND ").Compare("o.value", condition.Comparator, Values.Number(condition)).Add(" LIMIT ").Bind(Few).Add(") AS few");
                if (Number(session, sql) < Few)
                {
                    return condition;
                }
            }
        }

        return null;
    }

    private static SqlText ByRange(TrackingSession session, RunQuery query, Condition rare)
    {
        var sql = WithValue(new SqlText().Add("SELECT r.run"), session, query.Experiments[0], rare.Subject, JoinRuns)
            .Add(" AND ").Compare("o.value", rare.Comparator, Values.Number(rare));
        AddConditions(sql, session, query);
        AddOrders(sql.Add(" ORDER BY "), session, query, from: 0);
        return AddPage(sql, query.Most, query.Offset);
    }

    // First those that have a value, in its order; then, if the page is not full, the others.
    private static void FindByMetric(List<long> found, TrackingSession session, RunQuery query)
    {
        Add(found, session, AddPage(WithValue(session, query, isCount: false), query.Most, query.Offset));
        if (found.Count == query.Most || query.Conditions.Any(condition => condition.Subject == query.Orders[0].Subject))
        {
            return;
        }

        // An offset beyond those that have a value counts among the others.
        var passed = found.Count > 0 || query.Offset == 0 ? query.Offset + found.Count : Math.Min(query.Offset, Number(session, WithValue(session, query, isCount: true)));
        Add(found, session, AddPage(WithoutValue(session, query), query.Most - found.Count, query.Offset + found.Count - passed));
    }

    private static SqlText WithValue(TrackingSession session, RunQuery query, bool isCount)
    {
        var order = query.Orders[0];
        var sql = WithValue(new SqlText().Add(isCount ? "SELECT count(*)" : "SELECT r.run"), session, query.Experiments[0], order.Subject, JoinRuns);
        foreach (var condition in query.Conditions)
        {
            // Of the same metric: then the index leads to where it holds.
            if (condition.Subject == order.Subject)
            {
                sql.Add(" AND ").Compare("o.value", condition.Comparator, Values.Number(condition));
            }
        }

        AddConditions(sql, session, query, except: order.Subject);
        if (isCount)
        {
            return sql;
        }

        sql.Add(order.IsDescending ? " ORDER BY o.value DESC, " : " ORDER BY o.value, ");
        AddOrders(sql, session, query, from: 1);
        return sql;
    }

    private static SqlText WithValue(SqlText sql, TrackingSession session, long experiment, Subject metric, string join) => sql
        .Add(" FROM latest_metrics o INDEXED BY latest_metrics_by_value").Add(join)
        .Add(" WHERE o.run & 0x80000000 AND o.run >> 32 = ").Bind(experiment)
        .Add(" AND o.metric = ").Bind(RunColumns.MetricKey(session, metric.Key)).Add(" AND o.value IS NOT NULL");

    private static SqlText WithoutValue(TrackingSession session, RunQuery query)
    {
        var metric = RunColumns.MetricKey(session, query.Orders[0].Subject.Key);
        var sql = new SqlText()
            .Add("SELECT r.run FROM runs r LEFT JOIN latest_metrics o ON o.run = r.run AND o.metric = ").Bind(metric)
            .Add(" WHERE r.run >= ").Bind(RunKey.First(query.Experiments[0])).Add(" AND r.run < ").Bind(RunKey.First(query.Experiments[0] + 1))
            .Add(" AND o.value IS NULL");
        AddConditions(sql, session, query);
        AddOrders(sql.Add(" ORDER BY o.run IS NULL, "), session, query, from: 1);
        return sql;
    }

    private static void AddConditions(SqlText sql, TrackingSession session, RunQuery query, Subject? except = null)
    {
        if (query.IsDeleted is { } isDeleted)
        {
            sql.Add(isDeleted ? " AND r.lifecycle_stage = 'deleted'" : " AND r.lifecycle_stage = 'active'");
        }

        foreach (var condition in query.Conditions)
        {
            if (condition.Subject != except)
            {
                RunColumns.AddCondition(sql.Add(" AND "), session, condition);
            }
        }
    }

    private static void AddOrders(SqlText sql, TrackingSession session, RunQuery query, int from)
    {
        var hasStart = from > 0 && RunColumns.IsStart(query.Orders.Count > 0 ? query.Orders[0].Subject : new Subject(Subject.Attribute, "start_time"));
        for (var i = from; i < query.Orders.Count; i++)
        {
            AddOrder(sql, session, query.Orders[i]);
            hasStart |= RunColumns.IsStart(query.Orders[i].Subject);
        }

        sql.Add(hasStart ? "r.run" : "r.start_time DESC NULLS LAST, r.run");
    }

    private static void AddOrder(SqlText sql, TrackingSession session, Order order)
    {
        if (order.Subject.Kind == "metric")
        {
            // After the numbers NaN, and then what has no value at all.
            sql.Add("NOT EXISTS (SELECT 1 FROM latest_metrics m WHERE m.run = r.run AND m.metric = ")
                .Bind(RunColumns.MetricKey(session, order.Subject.Key)).Add(" AND m.value IS NOT NULL), ")
                .Add("NOT EXISTS (SELECT 1 FROM latest_metrics m WHERE m.run = r.run AND m.metric = ")
                .Bind(RunColumns.MetricKey(session, order.Subject.Key)).Add("), ");
        }

        RunColumns.AddOrder(sql, session, order.Subject);
        sql.Add(order.IsDescending ? " DESC NULLS LAST, " : " ASC NULLS LAST, ");
    }

    private static SqlText AddPage(SqlText sql, long most, long offset) => sql.Add(" LIMIT ").Bind(most).Add(" OFFSET ").Bind(offset);

    private static long Number(TrackingSession session, SqlText sql)
    {
        using var statement = sql.Prepare(session);
        statement.Step();
        return statement.Int64(0);
    }

    private static void Add(List<long> found, TrackingSession session, SqlText sql)
    {
        using var statement = sql.Prepare(session);
        while (statement.Step())
        {
            found.Add(statement.Int64(0));
        }
    }

    private static bool HasTrials(TrackingSession session, long experiment)
    {
        var first = session.Kept("SELECT EXISTS (SELECT 1 FROM runs WHERE run >= ?1 AND run < ?2)");
        first.Bind(1, RunKey.First(experiment));
        first.Bind(2, RunKey.First(experiment) + RunIds.FirstClientNumber);
        first.Step();
        return first.Int64(0) != 0;
    }
}
