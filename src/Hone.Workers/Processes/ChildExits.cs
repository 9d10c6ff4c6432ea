using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Hone.Workers.Processes;

/// <summary>Tells when children have ended, and leaves them as zombies, so that their numbers stay theirs.</summary>
/// <remarks>
/// Looks at the children that it was asked for when the kernel says that some child has ended, so it takes neither a thread per child nor
/// the children of anybody else in this process. Thread-safe.
/// </remarks>
internal sealed class ChildExits : IDisposable
{
    private readonly ConcurrentDictionary<int, TaskCompletionSource<ExitStatus>> _waits = new();
    private readonly PosixSignalRegistration _registration;

#pragma warning disable CA1416 // The pool has refused every system but Linux before it makes one.
    public ChildExits() => _registration = PosixSignalRegistration.Create(PosixSignal.SIGCHLD, _ => Look());
#pragma warning restore CA1416

    public Task<ExitStatus> WhenExitedAsync(int processId)
    {
        var wait = new TaskCompletionSource<ExitStatus>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waits[processId] = wait;
        Look(processId, wait);
        return wait.Task;
    }

    public void Dispose() => _registration.Dispose();

    private void Look()
    {
        foreach (var (processId, wait) in _waits)
        {
            Look(processId, wait);
        }
    }

    private void Look(int processId, TaskCompletionSource<ExitStatus> wait)
    {
        // The signal may come on two threads at once; only the one that takes the entry may tell, and nobody looks after that.
        if (Posix.PeekExit(processId) is { } status
            && _waits.TryRemove(new KeyValuePair<int, TaskCompletionSource<ExitStatus>>(processId, wait)))
        {
            wait.TrySetResult(status);
        }
    }
}
