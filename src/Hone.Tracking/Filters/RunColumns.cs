using Hone.Tracking.Runs;

namespace Hone.Tracking.Filters;

/// <summary>What runs can be searched and sorted by: SQL over <c>runs r</c>.</summary>
internal static class RunColumns
{
    private const string Names = "{'run_id', 'run_name', 'status', 'user_id', 'artifact_uri', 'start_time', 'end_time'}";

    private const string Id = "((SELECT run_prefix FROM store) || printf('%016x', r.run))";

    private const string ArtifactUri =
        "coalesce(r.artifact_uri, (SELECT coalesce(e.artifact_location, 'mlflow-artifacts:/' || e.experiment) FROM experiments e "
        + "WHERE e.experiment = r.run >> 32) || '/' || " + Id + " || '/artifacts')";

    /// <summary>Adds a condition.</summary>
    /// <exception cref="TrackingException">Runs cannot be asked for it.</exception>
    public static void AddCondition(SqlText sql, TrackingSession session, Condition condition)
    {
        switch (condition.Subject.Kind)
        {
            case "metric":
                AddMetric(sql, session, condition);
                break;
            case "param":
                AddPair(sql, "params", condition);
                break;
            case "tag":
                AddPair(sql, TagTable(condition.Subject.Key), condition);
                break;
            case "dataset":
                AddDataset(sql, condition);
                break;
            default:
                AddAttribute(sql, session, condition);
                break;
        }
    }

    /// <summary>The expression to sort by, of which NULL comes last.</summary>
    /// <exception cref="TrackingException">Runs cannot be sorted by it.</exception>
    public static void AddOrder(SqlText sql, TrackingSession session, Subject subject)
    {
        switch (subject.Kind)
        {
            case "metric":
                sql.Add("(SELECT value FROM latest_metrics m WHERE m.run = r.run AND m.metric = ").Bind(MetricKey(session, subject.Key)).Add(")");
                break;
            case "param":
                sql.Add("(SELECT value FROM params p WHERE p.run = r.run AND p.key = ").Bind(subject.Key).Add(")");
                break;
            case "tag":
                sql.Add($"(SELECT value FROM {TagTable(subject.Key)} t WHERE t.run = r.run AND t.key = ").Bind(subject.Key).Add(")");
                break;
            case Subject.Attribute:
                sql.Add(Attribute(subject.Key).Sql);
                break;
            default:
                throw Values.WrongKind(subject, "['metric', 'parameter', 'tag', 'attribute']");
        }
    }

    /// <summary>The key of a metric; one that no metric has if there is none of that name.</summary>
    public static long MetricKey(TrackingSession session, string name) => session.MetricNames.Find(name) ?? -1;

    /// <summary>The table of runs, keys and values in which a parameter or a tag stands; null for anything else.</summary>
    public static string? Table(Subject subject) => subject.Kind switch
    {
        "param" => "params",
        "tag" when TagTable(subject.Key) == "tags" => "tags",
        _ => null,
    };

    /// <summary>Whether runs are sorted by when they began.</summary>
    public static bool IsStart(Subject subject) => subject.Kind == Subject.Attribute && Attribute(subject.Key).Sql == "r.start_time";

    private static void AddMetric(SqlText sql, TrackingSession session, Condition condition)
    {
        sql.Add("EXISTS (SELECT 1 FROM latest_metrics m WHERE m.run = r.run AND m.metric = ").Bind(MetricKey(session, condition.Subject.Key))
            .Add(" AND ").Compare("m.value", condition.Comparator, Values.Number(condition)).Add(")");
    }

    private static void AddPair(SqlText sql, string table, Condition condition)
    {
        var values = Values.Texts(condition);
        sql.Add(condition.Comparator == Comparator.IsNull ? "NOT EXISTS" : "EXISTS")
            .Add($" (SELECT 1 FROM {table} p WHERE p.run = r.run AND p.key = ").Bind(condition.Subject.Key);
        if (values.Length > 0)
        {
            sql.Add(" AND ").Compare("p.value", condition.Comparator, values);
        }

        sql.Add(")");
    }

    private static void AddDataset(SqlText sql, Condition condition)
    {
        var values = Values.Texts(condition, hasLists: true);
        var (from, column) = condition.Subject.Key switch
        {
            "name" => ("run_datasets d JOIN datasets s USING (dataset) WHERE d.run = r.run", "s.name"),
            "digest" => ("run_datasets d JOIN datasets s USING (dataset) WHERE d.run = r.run", "s.digest"),
            "context" => ("run_dataset_tags t WHERE t.run = r.run AND t.key = 'mlflow.data.context'", "t.value"),
            var key => throw TrackingException.Invalid($"Invalid dataset key '{key}' specified. Valid keys are '{{'name', 'digest', 'context'}}'"),
        };
        sql.Add($"EXISTS (SELECT 1 FROM {from} AND ").Compare(column, condition.Comparator, values).Add(")");
    }

    private static void AddAttribute(SqlText sql, TrackingSession session, Condition condition)
    {
        var (column, isTime) = Attribute(condition.Subject.Key);
        if (isTime)
        {
            sql.Compare(column + " / 10000", condition.Comparator, Values.Number(condition));
            return;
        }

        var values = Values.Texts(condition, hasLists: true);
        if (column == Id && condition.Comparator is Comparator.Equal or Comparator.In)
        {
            // Ids are keys: those that can be none are left out.
            long[] keys = [.. condition.Values.Select(id => TrackedRuns.KeyOf(session, id.Text))];
            sql.Compare("r.run", condition.Comparator, [.. keys.Select(key => (FilterValue)key)]);
            return;
        }

        sql.Compare(column, condition.Comparator, values);
    }

    // With the names that the web page shows.
    private static (string Sql, bool IsTime) Attribute(string key) => key.ToLowerInvariant() switch
    {
        "run_id" => (Id, false),
        "run_name" or "run name" => ("coalesce(r.run_name, 'trial ' || r.trial, '')", false),
        "status" => ("r.status", false),
        "user_id" or "user" => ("coalesce(r.user_id, '')", false),
        "artifact_uri" => (ArtifactUri, false),
        "start_time" or "start time" or "created" => ("r.start_time", true),
        "end_time" or "end time" => ("r.end_time", true),
        _ => throw Values.NoAttribute(key, Names),
    };

    // A trial's own columns are read as tags.
    private static string TagTable(string key) => key.StartsWith("hone.", StringComparison.Ordinal) ? "run_tags" : "tags";
}
