using System.Collections.Concurrent;
using Hone.Tracking.Store;

namespace Hone.Tracking.Runs;

/// <summary>Connections for questions, each in a transaction of its own, so that an answer is of one moment.</summary>
internal sealed class ReaderPool(StoreAddress address) : IDisposable
{
    private readonly ConcurrentBag<TrackingSession> _idle = [];

    /// <summary>Takes a connection, on which a transaction is open.</summary>
    public TrackingSession Rent()
    {
        var session = _idle.TryTake(out var idle) ? idle : TrackingSession.Open(address);
        session.Database.Begin(Transaction.Read);
        return session;
    }

    /// <summary>Gives a connection back.</summary>
    public void Return(TrackingSession session)
    {
        // After an error there may be nothing left to end.
        session.Database.Rollback();
        if (session.Database.IsLost)
        {
            session.Dispose();
        }
        else
        {
            _idle.Add(session);
        }
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
