namespace Hone.Tracking.Client;

/// <summary>What was logged and does not stand in the spool yet: two arrays that take turns, one filled while the other is written.</summary>
/// <remarks>Any number of threads add, one at a time takes. Nothing is allocated after the start.</remarks>
internal sealed class LogQueue(int capacity)
{
    private readonly Lock _gate = new();
    private LogEntry[] _filling = new LogEntry[capacity];
    private LogEntry[] _emptying = new LogEntry[capacity];
    private int _count;
    private bool _isClosed;

    /// <summary>Adds an entry; false: there is no room.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="isHalfFull">Whether this one filled half of the room: a good moment to begin writing.</param>
    /// <exception cref="InvalidOperationException">The run has ended.</exception>
    public bool TryAdd(in LogEntry entry, out bool isHalfFull)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                throw new InvalidOperationException("The run has ended: nothing can be logged to it any more.");
            }

            isHalfFull = false;
            if (_count == _filling.Length)
            {
                return false;
            }

            _filling[_count++] = entry;
            isHalfFull = _count == _filling.Length / 2;
            return true;
        }
    }

    /// <summary>Takes no more entries from now on; false if that was so already.</summary>
    public bool Close()
    {
        lock (_gate)
        {
            var wasOpen = !_isClosed;
            _isClosed = true;
            return wasOpen;
        }
    }

    /// <summary>Takes all entries, in order; they are good until the next call.</summary>
    public ReadOnlySpan<LogEntry> Take()
    {
        lock (_gate)
        {
            var taken = _filling.AsSpan(0, _count);
            (_filling, _emptying) = (_emptying, _filling);
            _count = 0;
            return taken;
        }
    }
}
