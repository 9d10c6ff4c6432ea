using Hone.Tracking.Store;

namespace Hone.Tracking.Runs;

/// <summary>A store as a server uses it: one writer that many requests share, and a reader for each question.</summary>
internal sealed class TrackingStore : IAsyncDisposable
{
    private readonly StudyStore _file;

    private TrackingStore(StudyStore file, string path, TimeProvider time)
    {
        _file = file;
        Path = path;
        Time = time;
        Writer = new GroupCommit(TrackingSession.Open(path));
        Readers = new ReaderPool(path);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The clock for what the store stamps by itself.</summary>
    public TimeProvider Time { get; }

    /// <summary>Makes changes durable.</summary>
    public GroupCommit Writer { get; }

    /// <summary>Answers questions.</summary>
    public ReaderPool Readers { get; }

    /// <summary>The time as the store writes it.</summary>
    public long Now => StoreTime.ToStore(Time.GetUtcNow());

    /// <summary>Opens a store, and makes the file if it is not there, with the experiment that clients log to unless they name one.</summary>
    /// <exception cref="StudyStoreException">It cannot be made, read or written.</exception>
    public static async Task<TrackingStore> OpenAsync(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        var full = System.IO.Path.GetFullPath(path);
        var file = await StudyStore.OpenAsync(path, time, cancellationToken);
        var store = new TrackingStore(file, full, time);
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

    /// <summary>Ends the writing of what was handed over, and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        Writer.Dispose();
        Readers.Dispose();
        await _file.DisposeAsync();
    }

    private sealed class DefaultExperiment(long now) : PendingChange
    {
        public override void Apply(TrackingSession session) => Experiments.MakeDefault(session, now);
    }
}
