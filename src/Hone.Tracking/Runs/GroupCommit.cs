using System.Diagnostics;
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

    private readonly TrackingSession _session;
    private readonly Thread _thread;
    private readonly object _gate = new();

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

    /// <summary>Is told of each group: how many changes it had, and how long it took. Called on the writer's thread.</summary>
    public Action<int, TimeSpan>? Committed { get; set; }

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

        _thread.Join();
        _session.Dispose();
    }

    private void Loop()
    {
        var group = new List<PendingChange>();
        while (Take(group))
        {
            var began = Stopwatch.GetTimestamp();
            if (!TryMake(group))
            {
                MakeOneByOne(group);
            }

            Committed?.Invoke(group.Count, Stopwatch.GetElapsedTime(began));
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

    // False, and nothing made, if one of the group failed in the middle of what it did.
    private bool TryMake(List<PendingChange> group)
    {
        var isBegun = false;
        try
        {
            _session.Kept("BEGIN IMMEDIATE").Run();
            isBegun = true;
            foreach (var change in group)
            {
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

            // A question that is still open would hold on to what the file was, and the log could never be folded back into it.
            _session.Database.ResetAll();
            _session.Kept("COMMIT").Run();
            return true;
        }
        catch (Exception failure)
        {
            // Everything that can go wrong ends the group; each of its changes then fails or succeeds by itself, and says so. Where not
            // even a transaction could begin, since another program kept the store busy, all have waited long enough.
            Undo();
            if (group.Count > 1 && isBegun)
            {
                return false;
            }

            group.ForEach(change => change.Refusal = failure);
            return true;
        }
    }

    private void MakeOneByOne(List<PendingChange> group)
    {
        var single = new List<PendingChange>(1);
        foreach (var change in group)
        {
            change.Refusal = null;
            single.Clear();
            single.Add(change);
            TryMake(single);
        }
    }

    private void Undo()
    {
        _session.Database.Rollback();
        _session.MetricNames.Forget();
    }
}
