using System.Runtime.ExceptionServices;

namespace Hone.Pipelines.Files;

/// <summary>Reads a file on a thread of its own, writes what it read to another, and lets the caller hash the same bytes meanwhile.</summary>
/// <remarks>Three buffers of 1 MiB go round, so that memory is bounded and neither side waits for long.</remarks>
internal sealed class SideCopier : IDisposable
{
    private const int Size = 1 << 20;
    private const int Buffers = 3;
    private readonly SourceFile _source;
    private readonly int _target;
    private readonly string _path;
    private readonly Thread _thread;
    private readonly SemaphoreSlim _filled = new(0);
    private readonly SemaphoreSlim _free = new(Buffers);
    private readonly byte[][] _bytes = [.. Enumerable.Range(0, Buffers).Select(_ => new byte[Size])];
    private readonly int[] _lengths = new int[Buffers];
    private volatile bool _isGivenUp;
    private ExceptionDispatchInfo? _failure;
    private int _next;

    /// <summary>Starts to copy.</summary>
    /// <param name="source">The file, read on from where it is.</param>
    /// <param name="target">The open file to write to.</param>
    /// <param name="path">What messages call the latter.</param>
    public SideCopier(SourceFile source, int target, string path)
    {
        _source = source;
        _target = target;
        _path = path;
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>The next bytes, until <see cref="Done"/>; empty at the end, when all is written.</summary>
    /// <exception cref="PipelineException">Reading or writing failed.</exception>
    public ReadOnlySpan<byte> Next()
    {
        _filled.Wait();
        var length = _lengths[_next];
        if (length == 0)
        {
            _thread.Join();
            _failure?.Throw();
        }

        return _bytes[_next].AsSpan(0, length);
    }

    /// <summary>Gives the bytes of <see cref="Next"/> back.</summary>
    public void Done()
    {
        _next = (_next + 1) % Buffers;
        _free.Release();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isGivenUp = true;
        _free.Release();
        _thread.Join();
        _filled.Dispose();
        _free.Dispose();
    }

    private void Run()
    {
        for (var turn = 0; ; turn = (turn + 1) % Buffers)
        {
            _free.Wait();
            var length = 0;
            try
            {
                length = _isGivenUp ? 0 : _source.Read(_bytes[turn]);
            }
            catch (PipelineException failed)
            {
                _failure = ExceptionDispatchInfo.Capture(failed);
            }

            _lengths[turn] = length;
            _filled.Release();
            if (length == 0 || !TryWrite(_bytes[turn].AsSpan(0, length)))
            {
                return;
            }
        }
    }

    private bool TryWrite(ReadOnlySpan<byte> bytes)
    {
        try
        {
            Posix.Write(_target, bytes, _path);
            return true;
        }
        catch (PipelineException failed)
        {
            // The caller is on its way to the next buffer: an empty one ends it.
            _failure = ExceptionDispatchInfo.Capture(failed);
            Array.Clear(_lengths);
            _filled.Release();
            return false;
        }
    }
}
