namespace Hone.Workers.SystemMetrics;

/// <summary>
/// A file of <c>/proc</c> that is opened once and read again and again: that is five times cheaper than to open it each time. The open
/// file belongs to one process for ever; once that is gone it reads as gone, also if another process has got the same number.
/// </summary>
/// <remarks>Not thread-safe. Where too many files are open already, the file is opened for each reading.</remarks>
internal sealed class KeptFile(int directory, ReadOnlySpan<byte> path) : IDisposable
{
    private const int NotOpen = -1;

    // A quarter of what may be open is for this; 16,384 are enough for 100 processes with 80 threads each. "No limit" is negative.
    private static readonly long s_mostKept = (ulong)LinuxCalls.OpenFileLimit() > 65536 ? 16384 : LinuxCalls.OpenFileLimit() / 4;

    // Static because the limit is the operating system's for this process, whoever reads.
    private static int s_kept;

    private readonly byte[] _path = [.. path, 0];
    private int _file = NotOpen;

    /// <summary>Reads what the file says now.</summary>
    /// <returns>What was read; empty if the file cannot be read, or not any more.</returns>
    public ReadOnlySpan<byte> Read(Span<byte> buffer, long offset = 0)
    {
        var file = _file;
        if (file == NotOpen && (file = LinuxCalls.OpenAt(directory, _path, LinuxCalls.CloseOnExec)) < 0)
        {
            return default;
        }

        var count = (int)LinuxCalls.ReadAt(file, buffer, buffer.Length, offset);
        if (_file == NotOpen && !TryKeep(file))
        {
            _ = LinuxCalls.Close(file);
        }

        return count <= 0 ? default : buffer[..count];
    }

    /// <summary>Closes the file; it may be read again.</summary>
    public void Dispose()
    {
        if (_file != NotOpen)
        {
            _ = LinuxCalls.Close(_file);
            _file = NotOpen;
            Interlocked.Decrement(ref s_kept);
        }
    }

    private bool TryKeep(int file)
    {
        if (Interlocked.Increment(ref s_kept) > s_mostKept)
        {
            Interlocked.Decrement(ref s_kept);
            return false;
        }

        _file = file;
        return true;
    }
}
