using System.Globalization;

namespace Hone.Tracking.Store;

/// <summary>The tables of a store, and how an older file is brought up to them.</summary>
/// <remarks>
/// A study is an experiment and a trial is a run, with MLflow's words where it has them. <c>events</c> and <c>metrics</c> together are the
/// journal: one <c>sequence</c> per study numbers all events, reports included. <c>runs</c> and <c>latest_metrics</c> are what follows
/// from it, kept so that a question about the whole study needs no replay. Times are ticks of 100 ns, points in time since 1970 in UTC.
/// A durable commit costs by the pages it touches, so there is no index that a key can replace: see <see cref="RunKey"/>.
/// </remarks>
internal static class StoreSchema
{
    // "Hone" in ASCII: tells a store from other programs' SQLite files.
    private const long ApplicationId = 0x486F6E65;

    // Each script takes a file from the version of its index to the next.
    internal static readonly string[] Migrations =
    [
        """
        -- run_prefix: the first 16 of the 32 hex digits of every run's id; the others are the run's key.
        CREATE TABLE store (
          run_prefix TEXT NOT NULL
        ) STRICT;
        INSERT INTO store VALUES (lower(hex(randomblob(8))));

        CREATE TABLE experiments (
          experiment INTEGER PRIMARY KEY,
          name TEXT NOT NULL UNIQUE,
          artifact_location TEXT,
          lifecycle_stage TEXT NOT NULL DEFAULT 'active' CHECK (lifecycle_stage IN ('active', 'deleted')),
          creation_time INTEGER NOT NULL,
          last_update_time INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE experiment_tags (
          experiment INTEGER NOT NULL REFERENCES experiments,
          key TEXT NOT NULL,
          value TEXT NOT NULL,
          PRIMARY KEY (experiment, key)
        ) STRICT, WITHOUT ROWID;

        -- What makes an experiment a study. definition: JSON. holder: the tuner that worked on it last. state and spent: of the last
        -- session that ended; NULL while one is open.
        CREATE TABLE studies (
          experiment INTEGER PRIMARY KEY REFERENCES experiments,
          definition TEXT NOT NULL,
          holder TEXT,
          began INTEGER,
          session_began INTEGER,
          state TEXT,
          spent TEXT
        ) STRICT;

        -- run: experiment * 2^32 + the run's number in it, which is the trial's, so that the runs of a study lie together in every table.
        -- The columns from trial on are NULL for a run that is no trial. objective: the first objective's value with its sign turned so
        -- that smaller is better, only if the trial counts. objective_values: one double an objective, little-endian, NaN where absent.
        CREATE TABLE runs (
          run INTEGER PRIMARY KEY,
          status TEXT NOT NULL CHECK (status IN ('SCHEDULED', 'RUNNING', 'FINISHED', 'FAILED', 'KILLED')),
          lifecycle_stage TEXT NOT NULL DEFAULT 'active' CHECK (lifecycle_stage IN ('active', 'deleted')),
          run_name TEXT,
          user_id TEXT,
          artifact_uri TEXT,
          start_time INTEGER,
          end_time INTEGER,
          trial INTEGER,
          state TEXT,
          reason TEXT,
          rule TEXT,
          attempt INTEGER,
          steps INTEGER,
          wall INTEGER,
          violation REAL,
          objective REAL,
          objective_values BLOB
        ) STRICT;

        -- kind: 0 float, 1 integer, 2 text, 3 truth value; NULL: text of a run that is no trial.
        CREATE TABLE params (
          run INTEGER NOT NULL REFERENCES runs,
          key TEXT NOT NULL,
          value TEXT NOT NULL,
          position INTEGER NOT NULL,
          kind INTEGER,
          PRIMARY KEY (run, key)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE tags (
          run INTEGER NOT NULL REFERENCES runs,
          key TEXT NOT NULL,
          value TEXT NOT NULL,
          PRIMARY KEY (run, key)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE metric_names (
          metric INTEGER PRIMARY KEY,
          name TEXT NOT NULL UNIQUE
        ) STRICT;

        -- One report is the rows of one sequence, from position 0. What they share stands in the first of them alone and is NULL in the
        -- others. A value of NULL is NaN; a report without values is a row without a metric.
        CREATE TABLE metrics (
          run INTEGER NOT NULL REFERENCES runs,
          sequence INTEGER NOT NULL,
          position INTEGER NOT NULL,
          metric INTEGER REFERENCES metric_names,
          value REAL,
          step INTEGER,
          attempt INTEGER,
          at INTEGER,
          since_start INTEGER,
          PRIMARY KEY (run, sequence, position)
        ) STRICT, WITHOUT ROWID;

        -- Of an ended trial's last attempt. What a running trial reported last stands in metrics.
        CREATE TABLE latest_metrics (
          run INTEGER NOT NULL REFERENCES runs,
          metric INTEGER NOT NULL REFERENCES metric_names,
          value REAL,
          step INTEGER NOT NULL,
          at INTEGER NOT NULL,
          PRIMARY KEY (run, metric)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE events (
          experiment INTEGER NOT NULL REFERENCES experiments,
          sequence INTEGER NOT NULL,
          kind TEXT NOT NULL,
          at INTEGER NOT NULL,
          run INTEGER REFERENCES runs,
          attempt INTEGER,
          state TEXT,
          reason TEXT,
          rule TEXT,
          not_before INTEGER,
          is_retry INTEGER,
          violation REAL,
          wall INTEGER,
          objective_values BLOB,
          spent TEXT,
          PRIMARY KEY (experiment, sequence)
        ) STRICT, WITHOUT ROWID;

        -- Every value with all that belongs to it.
        CREATE VIEW measurements AS
          SELECT m.run, m.sequence, m.position, n.name AS metric, m.value, h.step, h.attempt, h.at, h.since_start
          FROM metrics m
          JOIN metric_names n USING (metric)
          JOIN metrics h ON h.run = m.run AND h.sequence = m.sequence AND h.position = 0;

        -- What a client calls a run.
        CREATE VIEW run_ids AS
          SELECT run, run >> 32 AS experiment, run_prefix || printf('%016x', run) AS run_uuid FROM runs, store;

        -- A run's own tags and, of a trial, what its columns say.
        CREATE VIEW run_tags AS
          SELECT run, key, value FROM tags
          UNION ALL SELECT run, 'hone.trial', CAST(trial AS TEXT) FROM runs WHERE trial IS NOT NULL
          UNION ALL SELECT run, 'hone.state', state FROM runs WHERE state IS NOT NULL
          UNION ALL SELECT run, 'hone.attempt', CAST(attempt AS TEXT) FROM runs WHERE attempt > 0
          UNION ALL SELECT run, 'hone.reason', reason FROM runs WHERE reason <> '';
        """,
        """
        -- A study's definition may have its origin: training and stopping rules as its file says them. Older definitions lack it. The
        -- tables are the same, but an older program would write definitions without it.
        """,
        Runs.RunSchema.Script,
        Registry.RegistrySchema.Script,
        Access.AccessSchema.Script,
        Mlflow.ExchangeSchema.Script,
    ];

    /// <summary>The version of the tables that this program writes.</summary>
    public static int Version => Migrations.Length;

    /// <summary>Makes the tables in an empty file, or brings an older store up to date.</summary>
    /// <exception cref="StudyStoreException">The file is another program's, or was written by a newer version.</exception>
    public static void Prepare(SqliteDatabase database, string path)
    {
        CheckOwner(database, path);
        if (database.Number("PRAGMA user_version") == Version)
        {
            return;
        }

        // Heeded by an empty file only. A durable trial touches a few rows in each of five tables, and whole pages go to the log.
        database.Execute("PRAGMA page_size = 2048");
        database.Execute("BEGIN IMMEDIATE");
        try
        {
            // Another process may have done it while this one waited for its turn.
            for (var version = (int)(database.Number("PRAGMA user_version") ?? 0); version < Version; version++)
            {
                database.Execute(Migrations[version]);
            }

            database.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Version}"));
            database.Execute("COMMIT");
        }
        catch
        {
            database.Rollback();
            throw;
        }
    }

    /// <summary>Refuses a file that is another program's, or was written by a newer version.</summary>
    /// <exception cref="StudyStoreException">It is.</exception>
    public static void CheckOwner(SqliteDatabase database, string path)
    {
        var owner = database.Number("PRAGMA application_id");
        var isEmpty = database.Number("SELECT count(*) FROM sqlite_schema") == 0;
        if (owner != ApplicationId && !isEmpty)
        {
            throw new StudyStoreException($"'{path}' is not a store: it is a SQLite database of another program. Name another file with --store.");
        }

        if (database.Number("PRAGMA user_version") is { } version && version > Version)
        {
            throw new StudyStoreException(
                $"The store '{path}' has version {version}, and this program knows versions up to {Version}. Use a newer hone.");
        }
    }
}
