using System.Globalization;
using Hone.Tuning;

namespace Hone.Tracking.Store;

/// <summary>Finds or makes the experiment of a study that is to be tuned.</summary>
internal sealed class StudyOpening(Database database, TimeProvider time)
{
    /// <summary>Key of the study's experiment.</summary>
    /// <exception cref="StudyMismatchException">The stored study has another space or other objectives.</exception>
    public long Open(Study study, bool fresh)
    {
        database.Begin(Transaction.Write);
        try
        {
            var stored = Find(study.Name);
            if (fresh && stored is { } old)
            {
                Rename(old.Experiment, ArchivedName(study.Name));
                stored = null;
            }

            var given = StudyDefinition.Of(study);
            if (stored?.Definition is { } definition && definition.DifferenceTo(given) is { Count: > 0 } difference)
            {
                throw new StudyMismatchException(
                    $"The study '{study.Name}' is in the store with another space or other objectives (- stored, + given):\n"
                    + string.Join('\n', difference.Select(line => "  " + line))
                    + "\nUse --new to begin it anew and keep the old one under another name, or give this study another name.");
            }

            var experiment = stored?.Experiment ?? Insert(study.Name);
            Describe(experiment, stored?.Definition is { } before ? given.After(before) : given);
            database.Commit();
            return experiment;
        }
        catch
        {
            database.Rollback();
            throw;
        }
    }

    private (long Experiment, StudyDefinition? Definition)? Find(string name)
    {
        using var statement = database.Prepare(
            "SELECT experiment, definition FROM experiments LEFT JOIN studies USING (experiment) WHERE name = ?1");
        statement.Bind(1, name);
        return statement.Step()
            ? (statement.Int64(0), statement.Text(1) is { } definition ? StudyDefinition.Parse(definition) : null)
            : null;
    }

    private string ArchivedName(string name)
    {
        var archived = string.Create(CultureInfo.InvariantCulture, $"{name} (archived {time.GetUtcNow():yyyy-MM-dd HH:mm:ss})");
        var free = archived;
        for (var copy = 2; Find(free) is not null; copy++)
        {
            free = $"{archived} {copy}";
        }

        return free;
    }

    private void Rename(long experiment, string name)
    {
        using var statement = database.Prepare("UPDATE experiments SET name = ?2, last_update_time = ?3 WHERE experiment = ?1");
        statement.Bind(1, experiment);
        statement.Bind(2, name);
        statement.Bind(3, StoreTime.ToStore(time.GetUtcNow()));
        statement.Run();
    }

    private long Insert(string name)
    {
        using var statement = database.Prepare("INSERT INTO experiments (name, creation_time, last_update_time) VALUES (?1, ?2, ?2) RETURNING experiment");
        statement.Bind(1, name);
        statement.Bind(2, StoreTime.ToStore(time.GetUtcNow()));
        return statement.RunAndGet();
    }

    private void Describe(long experiment, StudyDefinition definition)
    {
        using var statement = database.Prepare(
            """
            INSERT INTO studies (experiment, definition, holder) VALUES (?1, ?2, ?3)
            ON CONFLICT (experiment) DO UPDATE SET definition = excluded.definition, holder = excluded.holder
            """);
        statement.Bind(1, experiment);
        statement.Bind(2, definition.ToJson());
        statement.Bind(3, StudyLock.Holder);
        statement.Run();
    }
}
