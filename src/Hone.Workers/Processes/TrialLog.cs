using System.Globalization;
using System.Text;
using Hone.Tuning;

namespace Hone.Workers.Processes;

/// <summary>What a trial writes beside its reports, up to a limit; the attempts of a trial follow one another.</summary>
/// <remarks>Thread-safe. A log that cannot be written (a full disk) is given up; the trial goes on.</remarks>
internal sealed class TrialLog : IDisposable
{
    private readonly Lock _lock = new();
    private readonly FileStream _file;
    private readonly long _limitBytes;
    private readonly long _limit; // as a position in the file
    private bool _isFull;
    private bool _isMidLine;

    public TrialLog(string path, long limitBytes)
    {
        _file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        _limitBytes = limitBytes;
        _limit = limitBytes;
    }

    public TrialLog(string path, long limitBytes, TrialOrder order)
        : this(path, limitBytes)
    {
        if (order.Attempt > 1)
        {
            // Each attempt has the whole limit for itself: the log of one that filled it must not hide why the next one failed.
            Note(string.Create(CultureInfo.InvariantCulture, $"attempt {order.Attempt}"));
            _limit += _file.Position;
        }
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            if (_isFull || bytes.IsEmpty)
            {
                return;
            }

            var room = _limit - _file.Position;
            Append(bytes[..(int)Math.Min(bytes.Length, Math.Max(room, 0))]);
            if (bytes.Length > room)
            {
                Line(string.Create(CultureInfo.InvariantCulture, $"the log was cut here, at its limit of {_limitBytes} bytes"));
                _isFull = true;
            }
        }
    }

    /// <summary>Adds a line of Hone's own.</summary>
    public void Note(string text)
    {
        lock (_lock)
        {
            if (!_isFull)
            {
                Line(text);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isFull = true;
            _file.Dispose();
        }
    }

    private void Line(string text) => Append(Encoding.UTF8.GetBytes($"{(_isMidLine ? "\n" : "")}hone: {text}\n"));

    private void Append(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _file.Write(bytes);
            _isMidLine = bytes.IsEmpty ? _isMidLine : bytes[^1] != (byte)'\n';
        }
        catch (IOException)
        {
            _isFull = true;
        }
    }
}
