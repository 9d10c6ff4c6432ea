namespace Hone.Tracking.Store;

/// <summary>The tags that say which versions of code, pipeline and data a study or a trial read: <c>hone.git.…</c>, <c>hone.pipeline.…</c> and <c>hone.data.…</c>.</summary>
internal static class LineageTags
{
    /// <summary>Holds for them in SQL.</summary>
    public const string Condition = "(key LIKE 'hone.git.%' OR key LIKE 'hone.pipeline.%' OR key LIKE 'hone.data.%')";

    /// <summary>Puts a study's in place of those it had.</summary>
    public static void Replace(Database database, long experiment, IReadOnlyList<KeyValuePair<string, string>> tags)
    {
        database.Begin(Transaction.Write);
        try
        {
            using var forget = database.Prepare($"DELETE FROM experiment_tags WHERE experiment = ?1 AND {Condition}");
            forget.Bind(1, experiment);
            forget.Run();
            using var insert = database.Prepare("INSERT INTO experiment_tags (experiment, key, value) VALUES (?1, ?2, ?3) ON CONFLICT (experiment, key) DO UPDATE SET value = excluded.value");
            foreach (var (key, value) in tags)
            {
                insert.Bind(1, experiment);
                insert.Bind(2, key);
                insert.Bind(3, value);
                insert.Run();
            }

            database.Commit();
        }
        catch
        {
            database.Rollback();
            throw;
        }
    }

    /// <summary>Those of a study, by key; empty if there is no such study.</summary>
    public static List<KeyValuePair<string, string>> Read(Database database, string study)
    {
        using var statement = database.Prepare($"SELECT key, value FROM experiment_tags JOIN experiments USING (experiment) WHERE name = ?1 AND {Condition}");
        statement.Bind(1, study);
        var tags = new List<KeyValuePair<string, string>>();
        while (statement.Step())
        {
            tags.Add(new(statement.Text(0)!, statement.Text(1)!));
        }

        tags.Sort((a, b) => string.CompareOrdinal(a.Key, b.Key));
        return tags;
    }
}
