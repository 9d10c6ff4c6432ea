using System.Runtime.InteropServices;
using Hone.Tuning;

namespace Hone.Cli.Commands;

/// <summary>
/// What ends tuning from outside. Ctrl-C lets running trials end and starts no more; a second one ends them. SIGTERM and the loss of the
/// terminal do the same, with a few seconds in between.
/// </summary>
internal sealed class TuneSignals : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private readonly CancellationTokenSource _kill = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly Tuner _tuner;
    private readonly Action<string> _notice;
    private readonly ITimer _grace;
    private int _interrupts;

    /// <param name="tuner">What to drain.</param>
    /// <param name="notice">Tells the user what happens next.</param>
    /// <param name="time">The clock of the grace.</param>
    public TuneSignals(Tuner tuner, Action<string> notice, TimeProvider time)
    {
        _tuner = tuner;
        _notice = notice;
        _grace = time.CreateTimer(_ => End(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Register(PosixSignal.SIGINT, Interrupt);
        Register(PosixSignal.SIGTERM, Terminate);
        if (!IsHangupIgnored())
        {
            Register(PosixSignal.SIGHUP, Terminate);
        }
    }

    /// <summary>Set when running trials are to be ended at once.</summary>
    public CancellationToken Kill => _kill.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _grace.Dispose();
        _kill.Dispose();
    }

    private void Register(PosixSignal signal, Action act) => _registrations.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        act();
    }));

    private void Interrupt()
    {
        if (Interlocked.Increment(ref _interrupts) == 1)
        {
            _notice("running trials may end, no more are started; press Ctrl-C again to end them now");
            _tuner.Drain();
        }
        else
        {
            _notice("running trials are ended and will be tried again");
            End();
        }
    }

    private void Terminate()
    {
        _notice($"asked to end: running trials have {Grace.TotalSeconds} s");
        _tuner.Drain();
        _grace.Change(Grace, Timeout.InfiniteTimeSpan);
    }

    private void End()
    {
        try
        {
            _kill.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Tuning has ended meanwhile.
        }
    }

    /// <summary>Whether the loss of the terminal is to be passed over: nohup starts a program so, and means it.</summary>
    public static bool IsHangupIgnored()
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        var ignored = File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal));
        return ignored is not null && (Convert.ToUInt64(ignored["SigIgn:".Length..].Trim(), 16) & 1) != 0;
    }
}
