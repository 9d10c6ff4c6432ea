using System.Runtime.InteropServices;
using Hone.Workers.Processes;

namespace Hone.Cli.Commands.Runs;

/// <summary>Passes the signals that people and systems end programs with on to a command.</summary>
internal sealed class PassedSignals : IDisposable
{
    private static readonly (PosixSignal Signal, int Number)[] Ending =
        [(PosixSignal.SIGHUP, 1), (PosixSignal.SIGINT, 2), (PosixSignal.SIGQUIT, 3), (PosixSignal.SIGTERM, 15)];

    private readonly List<PosixSignalRegistration> _registrations = [];
    private volatile bool _hasPassed;

    public PassedSignals(CommandProcess process)
    {
        foreach (var (signal, number) in Ending)
        {
            if (signal != PosixSignal.SIGHUP || !TuneSignals.IsHangupIgnored())
            {
                _registrations.Add(PosixSignalRegistration.Create(signal, context =>
                {
                    context.Cancel = true;
                    _hasPassed = true;
                    process.Signal(number);
                }));
            }
        }
    }

    /// <summary>Whether any came.</summary>
    public bool HasPassed => _hasPassed;

    /// <inheritdoc/>
    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());
}
