using Hone.Tracking.Store;

namespace Hone.Tracking.Runs;

/// <summary>A connection to the store with what is asked of it again and again; for one thread at a time.</summary>
internal sealed class TrackingSession : IDisposable
{
    private TrackingSession(Database database)
    {
        Database = database;
        MetricNames = new MetricNames(database);
        using var prefix = database.Prepare("SELECT run_prefix FROM store");
        prefix.Step();
        RunIds = new RunIds(prefix.Text(0)!);
    }

    /// <summary>The connection.</summary>
    public Database Database { get; }

    /// <summary>The keys of metrics.</summary>
    public MetricNames MetricNames { get; }

    /// <summary>For one batch: where the last value of each metric stands in it.</summary>
    public Dictionary<long, int> Latest { get; } = [];

    /// <summary>The ids of runs.</summary>
    public RunIds RunIds { get; }

    /// <summary>Opens a store that is there and has today's tables.</summary>
    public static TrackingSession Open(StoreAddress address)
    {
        var database = address.Connect();
        try
        {
            return new TrackingSession(database);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>The statement of a text of the program, ready to be bound and run.</summary>
    public Statement Kept(string sql) => Database.Kept(sql);

    /// <inheritdoc/>
    public void Dispose() => Database.Dispose();
}
