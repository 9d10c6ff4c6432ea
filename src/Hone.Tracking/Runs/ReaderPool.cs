using System.Collections.Concurrent;

namespace Hone.Tracking.Runs;

/// <summary>Connections for questions, each in a transaction of its own, so that an answer is of one moment.</summary>
internal sealed class ReaderPool(string path) : IDisposable
{
    private readonly ConcurrentBag<TrackingSession> _idle = [];

    /// <summary>Takes a connection, on which a transaction is open.</summary>
    public TrackingSession Rent()
    {
        var session = _idle.TryTake(out var idle) ? idle : TrackingSession.Open(path);
        session.Kept("BEGIN").Run();
        return session;
    }

    /// <summary>Gives a connection back.</summary>
    public void Return(TrackingSession session)
    {
        session.Database.ResetAll();
        session.Kept("COMMIT").Run();
        _idle.Add(session);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_idle.TryTake(out var session))
        {
            session.Dispose();
        }
    }
}
