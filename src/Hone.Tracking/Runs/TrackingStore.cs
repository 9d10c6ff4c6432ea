using Hone.Tracking.Store;

namespace Hone.Tracking.Runs;

/// <summary>A store as a server uses it: one writer that many requests share, and a reader for each question.</summary>
internal sealed class TrackingStore : IAsyncDisposable
{
    // Kept open so that the log is not folded back into a file, and removed, after every reader.
    private readonly Database _anchor;

    private TrackingStore(StoreAddress address, Database anchor, TimeProvider time)
    {
        _anchor = anchor;
        Time = time;
        Writer = new GroupCommit(TrackingSession.Open(address));
        Readers = new ReaderPool(address);
    }

    /// <summary>The clock for what the store stamps by itself.</summary>
    public TimeProvider Time { get; }

    /// <summary>Makes changes durable.</summary>
    public GroupCommit Writer { get; }

    /// <summary>Answers questions.</summary>
    public ReaderPool Readers { get; }

    /// <summary>The time as the store writes it.</summary>
    public long Now => StoreTime.ToStore(Time.GetUtcNow());

    /// <summary>Opens a store, and makes it if it is not there, with the experiment that clients log to unless they name one.</summary>
    /// <exception cref="StudyStoreException">It cannot be made, read or written.</exception>
    public static async Task<TrackingStore> OpenAsync(string name, TimeProvider time, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var address = StoreAddress.Parse(name);
        var store = new TrackingStore(address, address.Make(), time);
        try
        {
            await store.Writer.RunAsync(new DefaultExperiment(store.Now));
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the writing of what was handed over, and closes the store.</summary>
    public ValueTask DisposeAsync()
    {
        Writer.Dispose();
        Readers.Dispose();
        _anchor.Dispose();
        return ValueTask.CompletedTask;
    }

    private sealed class DefaultExperiment(long now) : PendingChange
    {
        public override void Apply(TrackingSession session) => Experiments.MakeDefault(session, now);
    }
}
