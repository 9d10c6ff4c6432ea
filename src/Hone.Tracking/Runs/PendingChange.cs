using System.Threading.Tasks.Sources;

namespace Hone.Tracking.Runs;

/// <summary>A change that waits for its turn and then for the disk. Awaiting it gives back when it is durable, or why it was not made.</summary>
internal abstract class PendingChange : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _done = new() { RunContinuationsAsynchronously = true };

    /// <summary>Why it was refused; null as long as it was not.</summary>
    public Exception? Refusal { get; set; }

    /// <summary>Makes the change in the open transaction. May be called again after the transaction was undone.</summary>
    /// <exception cref="TrackingException">It cannot be made.</exception>
    public abstract void Apply(TrackingSession session);

    /// <summary>Done when the change is durable.</summary>
    public ValueTask Task => new(this, _done.Version);

    /// <summary>Lets the waiting go on.</summary>
    public void Complete()
    {
        if (Refusal is { } refusal)
        {
            _done.SetException(refusal);
        }
        else
        {
            _done.SetResult(true);
        }
    }

    void IValueTaskSource.GetResult(short token) => _done.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _done.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _done.OnCompleted(continuation, state, token, flags);
}
