using Hone.Tracking.Access;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Filters;

/// <summary>Finds experiments.</summary>
internal static class ExperimentSearch
{
    private const string Names = "{'name', 'creation_time', 'last_update_time'}";

    /// <summary>The experiments of a page, in order: what was made last comes first unless another order is named.</summary>
    /// <param name="session">The connection.</param>
    /// <param name="conditions">What must hold.</param>
    /// <param name="orders">What they are sorted by.</param>
    /// <param name="isDeleted">Whether deleted ones are looked for; null: both.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="offset">How many to pass over.</param>
    /// <param name="rights">What the caller may read.</param>
    /// <exception cref="TrackingException">Experiments cannot be asked for something.</exception>
    public static List<Experiment> Find(
        TrackingSession session, List<Condition> conditions, List<Order> orders, bool? isDeleted, long most, long offset, Rights rights = default)
    {
        var sql = new SqlText().Add(Experiments.Select).Add(isDeleted switch
        {
            null => " WHERE TRUE",
            true => " WHERE lifecycle_stage = 'deleted'",
            false => " WHERE lifecycle_stage = 'active'",
        });
        conditions.ForEach(condition => AddCondition(sql.Add(" AND "), condition));
        rights.AddReadable(sql, ObjectKind.Experiment, "e.experiment");
        sql.Add(" ORDER BY ");
        orders.ForEach(order => sql.Add(Column(order.Subject)).Add(order.IsDescending ? " DESC, " : " ASC, "));
        sql.Add(orders.Count == 0 ? "creation_time DESC, experiment ASC" : "experiment DESC");
        using var rows = sql.Add(" LIMIT ").Bind(most).Add(" OFFSET ").Bind(offset).Prepare(session);
        var found = new List<Experiment>();
        while (rows.Step())
        {
            found.Add(Experiments.Current(rows));
        }

        return found;
    }

    private static void AddCondition(SqlText sql, Condition condition)
    {
        if (condition.Subject.Kind == "tag")
        {
            var values = Values.Texts(condition);
            sql.Add(condition.Comparator == Comparator.IsNull ? "NOT EXISTS" : "EXISTS")
                .Add(" (SELECT 1 FROM experiment_tags t WHERE t.experiment = e.experiment AND t.key = ").Bind(condition.Subject.Key);
            if (values.Length > 0)
            {
                sql.Add(" AND ").Compare("t.value", condition.Comparator, values);
            }

            sql.Add(")");
            return;
        }

        switch (Column(condition.Subject))
        {
            case "name":
                sql.Compare("name", condition.Comparator, Values.Texts(condition));
                break;
            case "experiment":
                throw Values.NoAttribute(condition.Subject.Key, Names);
            case var time:
                sql.Compare(time + " / 10000", condition.Comparator, Values.Number(condition));
                break;
        }
    }

    private static string Column(Subject subject) => subject switch
    {
        { Kind: not Subject.Attribute } => throw Values.WrongKind(subject, "['attribute', 'tag']"),
        { Key: "name" } => "name",
        { Key: "creation_time" } => "creation_time",
        { Key: "last_update_time" } => "last_update_time",
        { Key: "experiment_id" } => "experiment",
        _ => throw Values.NoAttribute(subject.Key, Names),
    };
}
