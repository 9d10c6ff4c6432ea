using System.Runtime.InteropServices;

namespace Hone.Cli.Commands.Pipelines;

/// <summary>Turns Ctrl-C and the signals that ask a process to end into a cancelled token, until it is disposed of.</summary>
internal sealed class EndSignals : IDisposable
{
    private readonly CancellationTokenSource _end;
    private readonly List<PosixSignalRegistration> _registrations = [];

    /// <param name="outer">Cancels, too.</param>
    public EndSignals(CancellationToken outer)
    {
        _end = CancellationTokenSource.CreateLinkedTokenSource(outer);
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                _end.Cancel();
            }));
        }
    }

    /// <summary>Cancelled at the first signal.</summary>
    public CancellationToken Token => _end.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _end.Dispose();
    }
}
