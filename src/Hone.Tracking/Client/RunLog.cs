using System.Globalization;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Client;

/// <summary>Takes what a program logs to one run into its spool. Thread-safe.</summary>
/// <remarks>
/// Logging puts an entry into memory; a timer writes the entries to the spool some times a second. A program that logs faster than that
/// writes a full memory itself. Nobody waits for the server here.
/// </remarks>
internal sealed class RunLog : IDisposable
{
    /// <summary>How long an entry stays in memory alone, at most.</summary>
    public static readonly TimeSpan WriteEvery = TimeSpan.FromMilliseconds(100);

    private readonly Action<string> _notice;
    private readonly LogQueue _queue;
    private readonly LineWriter _lines = new();
    private readonly Action _drain;

    // Whoever holds it writes all entries so far, so that they stand in the spool in order. Guards the fields below it.
    private readonly Lock _writing = new();
    private long _lost;
    private int _copies;
    private bool _isDisposed;

    /// <param name="spool">Where it is written; disposed with this.</param>
    /// <param name="capacity">How many entries are kept in memory.</param>
    /// <param name="notice">Is told if entries are lost.</param>
    public RunLog(Spool spool, int capacity, Action<string> notice)
    {
        Spool = spool;
        _notice = notice;
        _queue = new LogQueue(capacity);
        _drain = Drain;
    }

    public Spool Spool { get; }

    /// <summary>How many entries were lost, because the spool could not be written.</summary>
    public long Lost
    {
        get
        {
            lock (_writing)
            {
                return _lost;
            }
        }
    }

    /// <summary>Takes a value of a metric.</summary>
    /// <exception cref="ArgumentException">The name is no name for a metric.</exception>
    public void Metric(string name, double value, long step, long timestamp)
    {
        Check(name, "Metric");
        Add(LogEntry.Metric(name, value, timestamp, step));
    }

    /// <summary>Takes a parameter; a value that is too long is cut, as servers do.</summary>
    /// <exception cref="ArgumentException">The name is no name for a parameter.</exception>
    public void Parameter(string name, string value)
    {
        Check(name, "Parameter");
        Add(LogEntry.Parameter(name, Limits.Cut(value, Limits.ParameterValue)));
    }

    /// <summary>Takes a tag; a value that is too long is cut, as servers do.</summary>
    /// <exception cref="ArgumentException">The name is no name for a tag.</exception>
    public void Tag(string name, string value)
    {
        Check(name, "Tag");
        Add(LogEntry.Tag(name, Limits.Cut(value, Limits.TagValue)));
    }

    /// <summary>Takes a file, of which a copy is made at once.</summary>
    /// <exception cref="IOException">It cannot be read or copied.</exception>
    public void File(string path, string target)
    {
        string copy;
        lock (_writing)
        {
            copy = (++_copies).ToString(CultureInfo.InvariantCulture);
        }

        Directory.CreateDirectory(Spool.Files);
        System.IO.File.Copy(path, Path.Combine(Spool.Files, copy), overwrite: true);
        Add(LogEntry.File(target, copy));
    }

    /// <summary>Takes the end of the run, after which nothing more is taken; false if it had ended.</summary>
    public bool End(string status, long timestamp)
    {
        if (!_queue.Close())
        {
            return false;
        }

        lock (_writing)
        {
            Drain();
            Write([LogEntry.End(status, timestamp)]);
            Spool.MarkEnd();
            return true;
        }
    }

    /// <summary>Writes what was logged so far to the spool.</summary>
    public void Drain()
    {
        lock (_writing)
        {
            var entries = _queue.Take();
            if (!_isDisposed)
            {
                Write(entries);
            }
        }
    }

    /// <summary>Puts the spool with all that was logged so far where nobody looks for spools, and drops what is logged from then on.</summary>
    /// <returns>Where that is.</returns>
    public string SetAside()
    {
        lock (_writing)
        {
            Drain();
            var path = Spool.SetAside();
            Dispose();
            return path;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_writing)
        {
            _isDisposed = true;
            Spool.Dispose();
            _lines.Dispose();
        }
    }

    // Called for every value that is logged, on the thread that trains: nothing is allocated.
    private void Add(in LogEntry entry)
    {
        bool isHalfFull;
        while (!_queue.TryAdd(entry, out isHalfFull))
        {
            Drain();
        }

        if (isHalfFull)
        {
            // The timer's turn may come too late for one that logs so fast.
            ThreadPool.UnsafeQueueUserWorkItem(static drain => drain(), _drain, preferLocal: false);
        }
    }

    private void Write(ReadOnlySpan<LogEntry> entries)
    {
        if (entries.IsEmpty)
        {
            return;
        }

        _lines.Clear();
        foreach (ref readonly var entry in entries)
        {
            _lines.Add(entry);
        }

        try
        {
            Spool.Append(_lines.Written);
        }
        catch (IOException e)
        {
            // A full disk must not end the training. What is lost is told, the first time and whenever it has doubled.
            var before = _lost;
            _lost += entries.Length;
            if (before == 0 || long.LeadingZeroCount(before) != long.LeadingZeroCount(_lost))
            {
                _notice(string.Create(CultureInfo.InvariantCulture, $"{Spool.Path} cannot be written, {_lost} values are lost so far: {e.Message}"));
            }
        }
    }

    private static void Check(string name, string kind)
    {
        ArgumentNullException.ThrowIfNull(name);
        try
        {
            Limits.CheckKey(name, kind);
        }
        catch (TrackingException wrong)
        {
            throw new ArgumentException(wrong.Message, nameof(name));
        }
    }
}
