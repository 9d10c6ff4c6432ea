using Hone.Tracking.Registry;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Filters;

/// <summary>Which logged models are looked for.</summary>
internal sealed record LoggedModelQuery
{
    /// <summary>Keys of the experiments, each once.</summary>
    public required IReadOnlyList<long> Experiments { get; init; }

    /// <summary>What must hold.</summary>
    public required List<Condition> Conditions { get; init; }

    /// <summary>Data sets, one of which the metrics that conditions are about were taken on; empty: any.</summary>
    public required IReadOnlyList<(string Name, string? Digest)> Datasets { get; init; }

    /// <summary>What they are sorted by first; what was made last comes first among equals.</summary>
    public required List<LoggedModelOrder> Orders { get; init; }

    /// <summary>How many to pass over.</summary>
    public required long Offset { get; init; }

    /// <summary>How many to find at most.</summary>
    public required int Most { get; init; }
}

/// <summary>What logged models are sorted by.</summary>
/// <param name="Subject">By what.</param>
/// <param name="IsDescending">Whether the largest comes first.</param>
/// <param name="Dataset">The data set that a metric was taken on; null: any.</param>
internal readonly record struct LoggedModelOrder(Subject Subject, bool IsDescending, (string Name, string? Digest)? Dataset);

/// <summary>Finds logged models.</summary>
internal static class LoggedModelSearch
{
    private const string Names =
        "{'name', 'model_id', 'model_type', 'status', 'source_run_id', 'experiment_id', 'creation_timestamp', 'last_updated_timestamp'}";

    private const string Metrics = "logged_model_metrics x WHERE x.logged_model = l.logged_model AND x.metric = ";

    /// <summary>The models of a page, in order.</summary>
    /// <exception cref="TrackingException">Models cannot be asked for something.</exception>
    public static List<LoggedModel> Find(TrackingSession session, LoggedModelQuery query)
    {
        var sql = new SqlText().Add(LoggedModels.Select).Add(" WHERE l.lifecycle_stage = 'active' AND l.experiment IN (");
        for (var i = 0; i < query.Experiments.Count; i++)
        {
            sql.Add(i == 0 ? "" : ", ").Bind(query.Experiments[i]);
        }

        sql.Add(")");
        query.Conditions.ForEach(condition => AddCondition(sql.Add(" AND "), session, query, condition));
        sql.Add(" ORDER BY ");
        query.Orders.ForEach(order => AddOrder(sql, session, order));
        using var rows = sql.Add("l.creation_time DESC, l.logged_model DESC LIMIT ").Bind((long)query.Most).Add(" OFFSET ").Bind(query.Offset).Prepare(session);
        var found = new List<LoggedModel>();
        while (rows.Step())
        {
            found.Add(LoggedModels.Current(rows));
        }

        return found;
    }

    private static void AddCondition(SqlText sql, TrackingSession session, LoggedModelQuery query, Condition condition)
    {
        switch (condition.Subject.Kind)
        {
            case "metric":
                sql.Add($"EXISTS (SELECT 1 FROM {Metrics}").Bind(RunColumns.MetricKey(session, condition.Subject.Key))
                    .Add(" AND ").Compare("x.value", condition.Comparator, Values.Number(condition));
                AddDatasets(sql, query.Datasets);
                sql.Add(")");
                break;
            case "param":
                TagConditions.Add(sql, "logged_model_params t WHERE t.logged_model = l.logged_model", condition);
                break;
            case "tag":
                TagConditions.Add(sql, "logged_model_tags t WHERE t.logged_model = l.logged_model", condition);
                break;
            default:
                AddAttribute(sql, session, condition);
                break;
        }
    }

    private static void AddDatasets(SqlText sql, IReadOnlyList<(string Name, string? Digest)> datasets)
    {
        for (var i = 0; i < datasets.Count; i++)
        {
            sql.Add(i == 0 ? " AND (" : " OR ").Add("(x.dataset_name = ").Bind(datasets[i].Name);
            if (!string.IsNullOrEmpty(datasets[i].Digest))
            {
                sql.Add(" AND x.dataset_digest = ").Bind(datasets[i].Digest!);
            }

            sql.Add(i == datasets.Count - 1 ? "))" : ")");
        }
    }

    private static void AddAttribute(SqlText sql, TrackingSession session, Condition condition)
    {
        if (condition.Subject.Key == "model_id" && condition.Comparator is Comparator.Equal or Comparator.NotEqual or Comparator.In or Comparator.NotIn)
        {
            // Ids are keys: those that can be none are none.
            FilterValue[] keys = [.. condition.Values.Select(id => (FilterValue)LoggedModels.KeyOf(session, id.Text))];
            sql.Compare("l.logged_model", condition.Comparator, keys);
            return;
        }

        var (column, kind) = Column(condition.Subject);
        if (kind == ColumnKind.Time)
        {
            sql.Compare(column + " / 10000", condition.Comparator, Values.Number(condition));
        }
        else
        {
            sql.Compare(column, condition.Comparator, Values.Texts(condition, hasLists: true));
        }
    }

    private static void AddOrder(SqlText sql, TrackingSession session, in LoggedModelOrder order)
    {
        if (order.Subject.Kind == "metric")
        {
            sql.Add($"(SELECT x.value FROM {Metrics}").Bind(RunColumns.MetricKey(session, order.Subject.Key));
            AddDatasets(sql, order.Dataset is { } dataset ? [dataset] : []);
            sql.Add(" ORDER BY x.at DESC LIMIT 1)");
        }
        else
        {
            sql.Add(Column(order.Subject).Sql);
        }

        sql.Add(order.IsDescending ? " DESC NULLS LAST, " : " ASC NULLS LAST, ");
    }

    private static (string Sql, ColumnKind Kind) Column(Subject subject) => subject switch
    {
        { Kind: not Subject.Attribute } => throw Values.WrongKind(subject, "['metric', 'parameter', 'tag', 'attribute']"),
        { Key: "name" } => ("l.name", ColumnKind.Text),
        { Key: "model_id" } => ($"('{LoggedModels.IdPrefix}' || (SELECT run_prefix FROM store) || printf('%016x', l.logged_model))", ColumnKind.Text),
        { Key: "model_type" } => ("coalesce(l.model_type, '')", ColumnKind.Text),

        // Filters name a status by clients' words: PENDING, READY, FAILED.
        { Key: "status" } => ("replace(substr(l.status, 14), 'UPLOAD_', '')", ColumnKind.Text),
        { Key: "source_run_id" } => ("coalesce(l.source_run_id, '')", ColumnKind.Text),
        { Key: "experiment_id" } => ("CAST(l.experiment AS TEXT)", ColumnKind.Text),
        { Key: "creation_timestamp" or "creation_time" } => ("l.creation_time", ColumnKind.Time),
        { Key: "last_updated_timestamp" or "last_updated_time" } => ("l.last_update_time", ColumnKind.Time),
        _ => throw Values.NoAttribute(subject.Key, Names),
    };
}
