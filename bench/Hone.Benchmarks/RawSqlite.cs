using SQLitePCL;

namespace Hone.Benchmarks;

/// <summary>What SQLite takes without a store around it: the limits that the store is measured against.</summary>
internal static class RawSqlite
{
    public static void Measure(string folder)
    {
        Batteries_V2.Init();
        raw.sqlite3_open(Path.Combine(folder, "raw.db"), out var database);
        raw.sqlite3_exec(database, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000");
        raw.sqlite3_exec(database, "CREATE TABLE m (run INTEGER, sequence INTEGER, position INTEGER, metric INTEGER, value REAL, PRIMARY KEY (run, sequence, position)) STRICT, WITHOUT ROWID");
        raw.sqlite3_prepare_v2(database, "INSERT INTO m VALUES (?1, ?2, ?3, ?4, ?5)", out var insert);
        const int Rows = 1_000_000;
        var clock = Clock.Start();
        raw.sqlite3_exec(database, "BEGIN");
        for (var i = 0; i < Rows; i++)
        {
            Insert(insert, 1, i);
        }

        raw.sqlite3_exec(database, "COMMIT");
        StoreBenchmark.Say("raw SQLite: a prepared insert, one transaction", $"{clock.Rate(Rows, "rows")}");
        const int Commits = 10_000;
        clock = Clock.Start();
        for (var i = 0; i < Commits; i++)
        {
            Insert(insert, 2, i);
        }

        StoreBenchmark.Say("raw SQLite: a transaction of one row, flushed to the disk each", $"{clock.Rate(Commits, "commits")}");
        insert.Dispose();
        database.Dispose();
    }

    private static void Insert(sqlite3_stmt insert, long run, long row)
    {
        raw.sqlite3_bind_int64(insert, 1, run);
        raw.sqlite3_bind_int64(insert, 2, row);
        raw.sqlite3_bind_int64(insert, 3, row % 10);
        raw.sqlite3_bind_int64(insert, 4, row % 10);
        raw.sqlite3_bind_double(insert, 5, row + 0.1);
        raw.sqlite3_step(insert);
        raw.sqlite3_reset(insert);
    }
}
