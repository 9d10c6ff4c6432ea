using System.Runtime.InteropServices;
using Hone.Trials;
using Hone.Workers.SystemMetrics;

namespace Hone.Workers.Processes;

/// <summary>Runs one command for a person at a terminal: passes on what it reads and writes and which signals come, and tells what it reports.</summary>
/// <remarks>
/// The command is the leader of a session and process group of its own; signals go to the group. What it left running when it ended goes on
/// by itself. If this process is killed, the command goes on too. Linux only.
/// </remarks>
public sealed class CommandProcess
{
    // The shell finds the program on the path, and says so as people know it if there is none.
    private const string Become = "exec \"$@\"";
    private const int StandardInput = 0;

    private readonly CommandOptions _options;
    private readonly SystemSampler _sampler;
    private readonly TimeProvider _time;

    // Guards what follows, and that no group is signalled whose number may be a stranger's by now.
    private readonly Lock _lock = new();
    private int _id;
    private bool _isOver;
    private TrialMeter? _meter;

    /// <param name="options">What to run, and who hears of it.</param>
    /// <param name="sampler">Measures the command; not disposed.</param>
    /// <param name="time">The clock of waits.</param>
    /// <exception cref="PlatformNotSupportedException">This is not Linux.</exception>
    public CommandProcess(CommandOptions options, SystemSampler sampler, TimeProvider time)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("Commands are tracked on Linux only.");
        }

        _options = options;
        _sampler = sampler;
        _time = time;
    }

    /// <summary>Sends a signal to the command and what it started; nothing happens before it has started and after it has ended.</summary>
    /// <param name="signal">The number, as on Linux.</param>
    public void Signal(int signal)
    {
        lock (_lock)
        {
            if (_id > 0 && !_isOver)
            {
                Posix.Signal(-_id, signal);
            }
        }
    }

    /// <summary>Runs the command to its end.</summary>
    /// <returns>How it ended. A command that is not there has ended with status 127, as in a shell.</returns>
    /// <exception cref="WorkerPoolException">No process could be started.</exception>
    /// <exception cref="IOException">Too many files are open.</exception>
    public async Task<CommandEnd> RunAsync()
    {
        using var exits = new ChildExits();
        using var log = new TrialLog(_options.LogPath, _options.LogLimitBytes);
        using var output = Start(log, out var error);
        using (error)
        {
            var exited = exits.WhenExitedAsync(_id);
            _meter = _sampler.Watch(_id, values => _options.Sampled(values));
            var reading = Task.WhenAll(output.ReadAsync(TakeAsync), error.ReadAsync(_ => ValueTask.CompletedTask));
            await exited;

            // While it is a zombie its last counters can still be read, and its number is its own.
            var final = _meter.Final();
            lock (_lock)
            {
                _isOver = true;
                _meter.Dispose();
            }

            Posix.Reap(_id);
            output.EndSoon();
            error.EndSoon();
            await reading;
            var status = await exited;
            return new CommandEnd(status.Status, status.Signal, status.ToString(), final);
        }
    }

    private OutputReader Start(TrialLog log, out OutputReader error)
    {
        var (outputRead, outputWrite) = Posix.Pipe();
        var (errorRead, errorWrite) = Posix.Pipe();
        var failure = SessionSpawn.Start(
            "/bin/sh", ["sh", "-c", Become, .. _options.Command.Prepend("hone")], _options.Environment, StandardInput, outputWrite, errorWrite, out var id);
        Posix.Close(outputWrite);
        Posix.Close(errorWrite);
        if (failure != 0)
        {
            Posix.Close(outputRead);
            Posix.Close(errorRead);
            throw new WorkerPoolException($"/bin/sh could not be started: {Marshal.GetPInvokeErrorMessage(failure)}");
        }

        lock (_lock)
        {
            _id = id;
        }

        error = Reader(errorRead, mayReport: false, log, _options.Errors);
        return Reader(outputRead, mayReport: true, log, _options.Output);
    }

    private OutputReader Reader(int file, bool mayReport, TrialLog log, Stream to)
    {
        var isOpen = true;
        return new OutputReader(file, mayReport, log: null, _options.LineLimitBytes, _time, bytes =>
        {
            log.Write(bytes);
            try
            {
                if (isOpen)
                {
                    to.Write(bytes);
                    to.Flush();
                }
            }
            catch (IOException)
            {
                // Nobody reads any more. The command goes on, and so does its log.
                isOpen = false;
            }
        });
    }

    private ValueTask TakeAsync(Report report)
    {
        IReadOnlyList<MetricValue> steps;
        lock (_lock)
        {
            steps = _isOver || _meter is null ? [] : _meter.Report(report.Step);
        }

        _options.Reported(report.Step, report.Values, steps);
        return ValueTask.CompletedTask;
    }
}

/// <summary>What a <see cref="CommandProcess"/> runs, and who hears of it.</summary>
public sealed record CommandOptions
{
    /// <summary>The program and its arguments, as they are; no shell reads them.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>All variables of the command, as <c>NAME=value</c>.</summary>
    public required string[] Environment { get; init; }

    /// <summary>Gets what the command writes, as it writes it.</summary>
    public required Stream Output { get; init; }

    /// <summary>Gets what it writes as errors.</summary>
    public required Stream Errors { get; init; }

    /// <summary>The file that keeps both.</summary>
    public required string LogPath { get; init; }

    /// <summary>How much the file keeps, in bytes; the rest is passed on alone.</summary>
    public long LogLimitBytes { get; init; } = 10_000_000;

    /// <summary>The longest line that can be a report, in bytes.</summary>
    public int LineLimitBytes { get; init; } = 1_000_000;

    /// <summary>Hears of a line of JSON with a step on standard output: the step, its values, and what was measured then.</summary>
    public required Action<long, IReadOnlyList<MetricValue>, IReadOnlyList<MetricValue>> Reported { get; init; }

    /// <summary>Hears of what was measured in between. It returns soon.</summary>
    public required Action<IReadOnlyList<MetricValue>> Sampled { get; init; }
}

/// <summary>How a command ended.</summary>
/// <param name="Status">Its exit status, or null.</param>
/// <param name="Signal">The signal that ended it, or null.</param>
/// <param name="Text">The same in words.</param>
/// <param name="Measured">The last reading of the system's metrics.</param>
public readonly record struct CommandEnd(int? Status, int? Signal, string Text, IReadOnlyList<MetricValue> Measured)
{
    /// <summary>What a shell would tell: the status, or 128 and the signal.</summary>
    public int ExitCode => Status ?? (Signal is { } signal ? 128 + signal : 1);
}
