using System.Runtime.ExceptionServices;

namespace Hone.Pipelines.Files;

/// <summary>Writes to a file on a thread of its own, with two buffers in flight at most: the caller fills one while the other is written.</summary>
internal sealed class SideWriter : IDisposable
{
    private const int Size = 1 << 20;
    private readonly int _file;
    private readonly string _path;
    private readonly Thread _thread;
    private readonly SemaphoreSlim _filled = new(0);
    private readonly SemaphoreSlim _free = new(2);
    private readonly (byte[] Bytes, int Length)[] _ring = [(new byte[Size], 0), (new byte[Size], 0)];
    private ExceptionDispatchInfo? _failure;
    private int _next;
    private bool _hasEnded;

    public SideWriter(int file, string path)
    {
        _file = file;
        _path = path;
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Writes at once, on the caller's thread; only before the first <see cref="Start"/>.</summary>
    public void Write(ReadOnlySpan<byte> bytes) => Posix.Write(_file, bytes, _path);

    /// <summary>The buffer to fill next, as soon as it is written.</summary>
    public byte[] Free()
    {
        _free.Wait();
        _failure?.Throw();
        return _ring[_next].Bytes;
    }

    /// <summary>Hands over the buffer that <see cref="Free"/> gave. The caller may go on reading it.</summary>
    public void Start(byte[] buffer, int length)
    {
        _ring[_next] = (buffer, length);
        _next = 1 - _next;
        _filled.Release();
    }

    /// <summary>Waits until all is written.</summary>
    /// <exception cref="PipelineException">Writing failed.</exception>
    public void Finish()
    {
        End();
        _failure?.Throw();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        End();
        _filled.Dispose();
        _free.Dispose();
    }

    private void End()
    {
        if (!_hasEnded)
        {
            _hasEnded = true;
            _ring[_next].Length = 0;
            _filled.Release();
            _thread.Join();
        }
    }

    private void Run()
    {
        for (var turn = 0; ; turn = 1 - turn)
        {
            _filled.Wait();
            var (bytes, length) = _ring[turn];
            if (length == 0)
            {
                return;
            }

            try
            {
                Posix.Write(_file, bytes.AsSpan(0, length), _path);
            }
            catch (PipelineException failed)
            {
                _failure ??= ExceptionDispatchInfo.Capture(failed);
            }

            _free.Release();
        }
    }
}
