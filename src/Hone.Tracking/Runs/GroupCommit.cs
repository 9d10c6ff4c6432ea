using Hone.Tracking.Store;

namespace Hone.Tracking.Runs;

/// <summary>Makes changes one after the other on a thread of its own, and many of them durable at once.</summary>
/// <remarks>
/// While one group is being flushed to the disk the next one gathers, so the more is asked at a time, the more share a flush, and nothing
/// ever waits for a group to fill. A change that is refused leaves the others of its group alone.
/// </remarks>
internal sealed class GroupCommit : IDisposable
{
    private const int MostInGroup = 1_000;

    // How long a database that went away in the middle of a commit is waited for.
    private const int MostAttempts = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly TrackingSession _session;
    private readonly Thread _thread;
    private readonly object _gate = new();
    private readonly ManualResetEventSlim _ended = new();

    // The writer's thread alone: whether the transaction that was tried last had begun.
    private bool _isBegun;

    // Both under the gate.
    private readonly Queue<PendingChange> _waiting = new();
    private bool _isClosed;

    /// <param name="session">The connection, which is this one's from now on.</param>
    public GroupCommit(TrackingSession session)
    {
        _session = session;
        _thread = new Thread(Loop) { IsBackground = true, Name = "hone store writer" };
        _thread.Start();
    }

    /// <summary>Hands over a change; done when it is durable.</summary>
    /// <exception cref="TrackingException">It cannot be made.</exception>
    /// <exception cref="StudyStoreException">The store failed; nothing of it was made.</exception>
    public ValueTask RunAsync(PendingChange change)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            _waiting.Enqueue(change);
            if (_waiting.Count == 1)
            {
                Monitor.Pulse(_gate);
            }
        }

        return change.Task;
    }

    /// <summary>Makes what waits durable, and ends.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.Pulse(_gate);
        }

        _ended.Set();
        _thread.Join();
        _session.Dispose();
        _ended.Dispose();
    }

    private void Loop()
    {
        var group = new List<PendingChange>();
        while (Take(group))
        {
            Make(group);
            foreach (var change in group)
            {
                change.Complete();
            }

            group.Clear();
        }
    }

    private bool Take(List<PendingChange> group)
    {
        lock (_gate)
        {
            while (_waiting.Count == 0)
            {
                if (_isClosed)
                {
                    return false;
                }

                Monitor.Wait(_gate);
            }

            while (group.Count < MostInGroup && _waiting.TryDequeue(out var change))
            {
                group.Add(change);
            }
        }

        return true;
    }

    private void Make(List<PendingChange> group)
    {
        var failure = TryMake(group);
        if (IsTemporary(failure))
        {
            failure = _session.Database.IsInDoubt ? Settle(group, failure) : TryMake(group);
        }

        // Everything that can go wrong ends the group; each of its changes then fails or succeeds by itself, and says so. Where not even
        // a transaction could begin, since another program kept the store busy or the database is away, all have waited long enough.
        if (failure is not null && _isBegun && group.Count > 1 && !IsTemporary(failure))
        {
            MakeOneByOne(group);
        }
        else if (failure is not null)
        {
            group.ForEach(change => change.Refusal = failure);
        }
    }

    // Null if it was made; otherwise why it was not, and nothing of it was.
    private Exception? TryMake(List<PendingChange> group)
    {
        _isBegun = false;
        try
        {
            _session.Database.Begin(Transaction.Write);
            _isBegun = true;
            foreach (var change in group)
            {
                change.Refusal = null;
                var before = _session.Database.TotalChanges;
                try
                {
                    change.Apply(_session);
                }
                catch (TrackingException refusal) when (_session.Database.TotalChanges == before)
                {
                    change.Refusal = refusal;
                }
            }

            _session.Database.Commit();
            return null;
        }
        catch (Exception failure)
        {
            _session.Database.Rollback();
            _session.MetricNames.Forget();
            return failure;
        }
    }

    // The connection was lost in the middle of a commit. What was made is acknowledged, and what was not is made now.
    private Exception? Settle(List<PendingChange> group, Exception? failure)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            try
            {
                return _session.Database.SettleDoubt() is true ? null : TryMake(group);
            }
            catch (StudyStoreException away) when (away.IsTemporary)
            {
                failure = away;
            }

            _ended.Wait(Pause);
        }

        return failure;
    }

    private void MakeOneByOne(List<PendingChange> group)
    {
        var single = new List<PendingChange>(1);
        foreach (var change in group)
        {
            single.Clear();
            single.Add(change);
            Make(single);
        }
    }

    private static bool IsTemporary(Exception? failure) => failure is StudyStoreException { IsTemporary: true };
}
