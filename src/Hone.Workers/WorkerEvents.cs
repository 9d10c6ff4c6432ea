using System.Threading.Channels;
using Hone.Tuning;

namespace Hone.Workers;

/// <summary>What has happened on a pool's workers and was not read yet: many writers, one reader.</summary>
/// <remarks>
/// Bounded, so that a program that reports faster than the tuner reads is slowed down by its pipe instead of filling the memory.
/// </remarks>
internal sealed class WorkerEvents(TimeProvider time)
{
    private const int Capacity = 4096;
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    private readonly Channel<WorkerEvent> _channel = Channel.CreateBounded<WorkerEvent>(
        new BoundedChannelOptions(Capacity) { SingleReader = true });

    public bool TryRead(out WorkerEvent? workerEvent) => _channel.Reader.TryRead(out workerEvent);

    public async ValueTask WaitAsync(DateTimeOffset? until, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        while (!_channel.Reader.TryPeek(out _))
        {
            if (until is null)
            {
                await _channel.Reader.WaitToReadAsync(cancellationToken);
                return;
            }

            var left = until.Value - time.GetUtcNow();
            if (left <= TimeSpan.Zero || await IsOverAsync(left, cancellationToken))
            {
                return;
            }
        }
    }

    /// <summary>Waits for room. False: the pool has been closed and nobody reads any more.</summary>
    public async ValueTask<bool> WriteAsync(WorkerEvent workerEvent)
    {
        try
        {
            await _channel.Writer.WriteAsync(workerEvent, CancellationToken.None);
            return true;
        }
        catch (ChannelClosedException)
        {
            return false;
        }
    }

    /// <summary>False: there is no room, or the pool has been closed.</summary>
    public bool TryWrite(WorkerEvent workerEvent) => _channel.Writer.TryWrite(workerEvent);

    public void Close() => _channel.Writer.TryComplete();

    // True when an event can be read or none will come; false when the time has passed.
    private async Task<bool> IsOverAsync(TimeSpan left, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(left < LongestTimer ? left : LongestTimer, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await _channel.Reader.WaitToReadAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
