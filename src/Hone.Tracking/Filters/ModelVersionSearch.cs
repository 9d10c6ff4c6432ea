using Hone.Tracking.Access;
using Hone.Tracking.Registry;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Filters;

/// <summary>Finds versions of registered models.</summary>
internal static class ModelVersionSearch
{
    private const string Names = "{'name', 'version_number', 'run_id', 'source_path', 'creation_timestamp', 'last_updated_timestamp'}";

    /// <summary>The versions of a page, in order: what was changed last comes first unless another order is named.</summary>
    /// <param name="session">The connection.</param>
    /// <param name="conditions">What must hold.</param>
    /// <param name="orders">What they are sorted by.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="offset">How many to pass over.</param>
    /// <param name="rights">What the caller may read.</param>
    /// <exception cref="TrackingException">Versions cannot be asked for something.</exception>
    public static List<ModelVersion> Find(TrackingSession session, List<Condition> conditions, List<Order> orders, long most, long offset, Rights rights = default)
    {
        var sql = new SqlText().Add(ModelVersions.Select).Add(" WHERE TRUE");
        conditions.ForEach(condition => AddCondition(sql.Add(" AND "), condition));
        if (!conditions.Exists(condition => PromptTag.IsAskedBy(condition)))
        {
            sql.Add(" AND ").Add(PromptTag.IsAbsent);
        }

        rights.AddReadable(sql, ObjectKind.Model, "v.model");
        sql.Add(" ORDER BY ");
        orders.ForEach(order => sql.Add(Column(order.Subject).Sql).Add(order.IsDescending ? " DESC, " : " ASC, "));
        sql.Add(orders.Count == 0 ? "v.last_update_time DESC, " : "").Add("m.name, v.version DESC");
        using var rows = sql.Add(" LIMIT ").Bind(most).Add(" OFFSET ").Bind(offset).Prepare(session);
        var found = new List<ModelVersion>();
        while (rows.Step())
        {
            found.Add(ModelVersions.Current(rows));
        }

        return found;
    }

    private static void AddCondition(SqlText sql, Condition condition)
    {
        if (PromptTag.IsNegation(condition))
        {
            sql.Add(PromptTag.IsAbsent);
            return;
        }

        if (PromptTag.IsAskedBy(condition))
        {
            TagConditions.Add(sql, "registered_model_tags t WHERE t.model = v.model", condition);
            return;
        }

        if (condition.Subject.Kind == "tag")
        {
            TagConditions.Add(sql, "model_version_tags t WHERE t.model = v.model AND t.version = v.version", condition);
            return;
        }

        var (column, kind) = Column(condition.Subject);
        switch (kind)
        {
            case ColumnKind.Text:
                sql.Compare(column, condition.Comparator, Values.Texts(condition, hasLists: true));
                break;
            case ColumnKind.Time:
                sql.Compare(column + " / 10000", condition.Comparator, Values.Number(condition));
                break;
            default:
                sql.Compare(column, condition.Comparator, Values.Number(condition));
                break;
        }
    }

    private static (string Sql, ColumnKind Kind) Column(Subject subject) => subject switch
    {
        { Kind: not Subject.Attribute } => throw Values.WrongKind(subject, "['attribute', 'tag']"),
        { Key: "name" } => ("m.name", ColumnKind.Text),
        { Key: "run_id" } => ("coalesce(v.run_id, '')", ColumnKind.Text),
        { Key: "source_path" } => ("v.source", ColumnKind.Text),
        { Key: "version_number" or "version" } => ("v.version", ColumnKind.Number),
        { Key: "creation_timestamp" } => ("v.creation_time", ColumnKind.Time),
        { Key: "last_updated_timestamp" } => ("v.last_update_time", ColumnKind.Time),
        _ => throw Values.NoAttribute(subject.Key, Names),
    };
}

/// <summary>What a column holds.</summary>
internal enum ColumnKind
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>A point in time, which clients name in milliseconds.</summary>
    Time,
}
