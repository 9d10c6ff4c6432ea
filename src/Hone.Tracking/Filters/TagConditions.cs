namespace Hone.Tracking.Filters;

/// <summary>Conditions on keys with values that stand in a table of their own.</summary>
internal static class TagConditions
{
    /// <summary>Adds a condition.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="rows">The table <c>t</c> and what joins it to the thing, e.g. <c>tags t WHERE t.run = r.run</c>.</param>
    /// <param name="condition">The condition.</param>
    public static void Add(SqlText sql, string rows, Condition condition)
    {
        var values = Values.Texts(condition);
        sql.Add(condition.Comparator == Comparator.IsNull ? "NOT EXISTS" : "EXISTS")
            .Add($" (SELECT 1 FROM {rows} AND t.key = ").Bind(condition.Subject.Key);
        if (values.Length > 0)
        {
            sql.Add(" AND ").Compare("t.value", condition.Comparator, values);
        }

        sql.Add(")");
    }
}
