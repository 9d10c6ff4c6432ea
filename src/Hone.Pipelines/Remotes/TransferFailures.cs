using System.Collections.Concurrent;
using System.Globalization;

namespace Hone.Pipelines.Remotes;

/// <summary>What went wrong in a transfer, and when it is time to give it up. Thread-safe.</summary>
internal sealed class TransferFailures : IDisposable
{
    private const int Shown = 10;
    private const int InARow = 8;
    private readonly ConcurrentQueue<string> _messages = new();
    private readonly CancellationTokenSource _end;
    private int _sinceSuccess;
    private int _done;
    private volatile bool _isGivenUp;

    public TransferFailures(CancellationToken cancellationToken) => _end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

    /// <summary>Whether nothing went wrong.</summary>
    public bool IsEmpty => _messages.IsEmpty;

    /// <summary>How many.</summary>
    public int Count => _messages.Count;

    /// <summary>How many objects went through.</summary>
    public int Done => _done;

    /// <summary>Ends the work: the caller wants it to, or the remote is gone.</summary>
    public CancellationToken End => _end.Token;

    /// <summary>Whether so many failed one after the other that the remote counts as gone.</summary>
    /// <remarks>It stays so, even if something that was on its way arrives after all.</remarks>
    public bool IsGivenUp => _isGivenUp;

    /// <summary>The messages, the first of them if there are many.</summary>
    public IReadOnlyList<string> Messages =>
    [
        .. _messages.Take(Shown),
        .. _messages.Count > Shown ? [string.Create(CultureInfo.InvariantCulture, $"… and {_messages.Count - Shown} more")] : Array.Empty<string>(),
    ];

    /// <summary>One object went through.</summary>
    public void Succeed()
    {
        Interlocked.Increment(ref _done);
        Interlocked.Exchange(ref _sinceSuccess, 0);
    }

    /// <summary>Something is wrong with one object; the others have nothing to do with it.</summary>
    public void Add(string message) => _messages.Enqueue(message);

    /// <summary>The remote refused or did not answer.</summary>
    public void Fail(string path, PipelineException failed)
    {
        Add($"{path}: {failed.Message}");
        if (Interlocked.Increment(ref _sinceSuccess) == InARow)
        {
            _isGivenUp = true;
            _end.Cancel();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _end.Dispose();
}
