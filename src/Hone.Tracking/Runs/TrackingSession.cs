using Hone.Tracking.Store;

namespace Hone.Tracking.Runs;

/// <summary>A connection to the store with what is asked of it again and again; for one thread at a time.</summary>
internal sealed class TrackingSession : IDisposable
{
    // 8 MB, as the journal has it: the log's file is reused from its start after each checkpoint.
    private const int CheckpointPages = 4_000;

    private TrackingSession(SqliteDatabase database, string path)
    {
        Database = database;
        Path = path;
        MetricNames = new MetricNames(database);
        RunIds = RunIds.Read(database);
    }

    /// <summary>The connection.</summary>
    public SqliteDatabase Database { get; }

    /// <summary>The store's file.</summary>
    public string Path { get; }

    /// <summary>The keys of metrics.</summary>
    public MetricNames MetricNames { get; }

    /// <summary>For one batch: where the last value of each metric stands in it.</summary>
    public Dictionary<long, int> Latest { get; } = [];

    /// <summary>The ids of runs.</summary>
    public RunIds RunIds { get; }

    /// <summary>Opens a store that is there and has today's tables.</summary>
    public static TrackingSession Open(string path)
    {
        var database = SqliteDatabase.Open(path, create: false);
        try
        {
            database.Execute($"PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = {CheckpointPages}; PRAGMA case_sensitive_like = TRUE");
            return new TrackingSession(database, path);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>The statement of a text of the program, ready to be bound and run.</summary>
    public SqliteStatement Kept(string sql) => Database.Kept(sql);

    /// <inheritdoc/>
    public void Dispose() => Database.Dispose();
}
