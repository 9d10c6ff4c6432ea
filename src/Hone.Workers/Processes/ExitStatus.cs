using System.Globalization;

namespace Hone.Workers.Processes;

/// <summary>How a process ended.</summary>
/// <param name="Status">Its exit status, or null.</param>
/// <param name="Signal">The signal that ended it, or null.</param>
internal readonly record struct ExitStatus(int? Status, int? Signal)
{
    /// <summary>Somebody else has taken the status.</summary>
    public static ExitStatus Unknown { get; }

    public override string ToString() => (Status, Signal) switch
    {
        // What a shell says of a program that a signal ended.
        ({ } status and > 128 and < 160, _) => string.Create(
            CultureInfo.InvariantCulture, $"exit status {status} ({Posix.SignalName(status - 128)})"),
        ({ } status, _) => string.Create(CultureInfo.InvariantCulture, $"exit status {status}"),
        (_, { } signal) => $"killed by {Posix.SignalName(signal)}",
        _ => "exit status unknown",
    };
}
