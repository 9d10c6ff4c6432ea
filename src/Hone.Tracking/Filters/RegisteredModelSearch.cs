using Hone.Tracking.Access;
using Hone.Tracking.Registry;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Filters;

/// <summary>Finds registered models.</summary>
internal static class RegisteredModelSearch
{
    private const string Names = "{'name', 'creation_timestamp', 'last_updated_timestamp'}";

    /// <summary>The models of a page, in order: by name unless another order is named.</summary>
    /// <param name="session">The connection.</param>
    /// <param name="conditions">What must hold.</param>
    /// <param name="orders">What they are sorted by.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="offset">How many to pass over.</param>
    /// <param name="rights">What the caller may read.</param>
    /// <exception cref="TrackingException">Models cannot be asked for something.</exception>
    public static List<RegisteredModel> Find(TrackingSession session, List<Condition> conditions, List<Order> orders, long most, long offset, Rights rights = default)
    {
        var sql = new SqlText().Add(RegisteredModels.Select).Add(" WHERE TRUE");
        conditions.ForEach(condition => AddCondition(sql.Add(" AND "), condition));
        if (!conditions.Exists(condition => PromptTag.IsAskedBy(condition)))
        {
            sql.Add(" AND ").Add(PromptTag.IsAbsent);
        }

        rights.AddReadable(sql, ObjectKind.Model, "m.model");
        sql.Add(" ORDER BY ");
        orders.ForEach(order => sql.Add(Column(order.Subject)).Add(order.IsDescending ? " DESC, " : " ASC, "));
        using var rows = sql.Add("m.name LIMIT ").Bind(most).Add(" OFFSET ").Bind(offset).Prepare(session);
        var found = new List<RegisteredModel>();
        while (rows.Step())
        {
            found.Add(RegisteredModels.Current(rows));
        }

        return found;
    }

    private static void AddCondition(SqlText sql, Condition condition)
    {
        if (PromptTag.IsNegation(condition))
        {
            sql.Add(PromptTag.IsAbsent);
        }
        else if (condition.Subject.Kind == "tag")
        {
            TagConditions.Add(sql, "registered_model_tags t WHERE t.model = m.model", condition);
        }
        else if (Column(condition.Subject) is "m.name")
        {
            sql.Compare("m.name", condition.Comparator, Values.Texts(condition, hasLists: true));
        }
        else
        {
            sql.Compare(Column(condition.Subject) + " / 10000", condition.Comparator, Values.Number(condition));
        }
    }

    private static string Column(Subject subject) => subject switch
    {
        { Kind: not Subject.Attribute } => throw Values.WrongKind(subject, "['attribute', 'tag']"),
        { Key: "name" } => "m.name",
        { Key: "creation_timestamp" } => "m.creation_time",
        { Key: "last_updated_timestamp" or "timestamp" } => "m.last_update_time",
        _ => throw Values.NoAttribute(subject.Key, Names),
    };
}
