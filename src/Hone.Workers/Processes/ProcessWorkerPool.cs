using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Hone.Space;
using Hone.Tuning;
using Hone.Workers.SystemMetrics;

namespace Hone.Workers.Processes;

/// <summary>Runs trials as processes of this machine: any command, in any language.</summary>
/// <remarks>
/// <para>
/// Each attempt is a session of its own. It reports by lines of JSON on standard output or by HTTP on loopback; everything else that it
/// writes is its log. When its first process has ended the rest is killed, and so is everything when this process ends, by whatever
/// means. What has left its session is found by its environment; only a process that leaves the session <em>and</em> wipes its
/// environment gets away.
/// </para>
/// <para>Linux only.</para>
/// </remarks>
public sealed class ProcessWorkerPool : IWorkerPool
{
    private const int MarkBytes = 12;

    private readonly PoolParts _parts;
    private readonly string _mark;
    private readonly int[][]? _cores;
    private readonly ConcurrentDictionary<(int Trial, int Attempt), ProcessAttempt> _attempts = new();
    private readonly ConcurrentDictionary<Task, byte> _runs = new();
    private readonly ConcurrentQueue<int> _free;
    private bool _isDisposed;

    /// <param name="options">What to run and how.</param>
    /// <param name="space">The space whose parameters the command may name.</param>
    /// <param name="sampler">Measures the trials; not disposed with the pool.</param>
    /// <param name="time">The clock of reports, of the grace period and of waiting.</param>
    /// <exception cref="WorkerPoolException">The options cannot be (<see cref="ProcessPoolOptions.Validate"/>), or the directory is in
    /// use.</exception>
    /// <exception cref="PlatformNotSupportedException">This is not Linux.</exception>
    public ProcessWorkerPool(ProcessPoolOptions options, SearchSpace space, SystemSampler sampler, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(sampler);
        ArgumentNullException.ThrowIfNull(time);
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("Trials run as processes on Linux only. Use threads here, or run Hone on Linux.");
        }

        options.Validate(space);
        options = options with
        {
            StudyDirectory = Path.GetFullPath(options.StudyDirectory),
            WorkingDirectory = Path.GetFullPath(options.WorkingDirectory),
        };
        _mark = "hone-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(MarkBytes)) + "/";
        _cores = options.CoresEach is { } cores ? CoreSets.Divide(Posix.AllowedCores(), options.Slots, cores) : null;
        _free = new ConcurrentQueue<int>(Enumerable.Range(0, options.Slots));
        Slots = options.Slots;
        _parts = Assemble(options, CommandTemplate.Parse(options.CommandTemplate, space), sampler, time);
    }

    /// <inheritdoc/>
    public int Slots { get; }

    /// <summary>The number of the process that ends the trials when this one is gone. For those who watch over it.</summary>
    internal int WatchdogProcessId => _parts.Watchdog.ProcessId;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">No slot is free, or the attempt runs already.</exception>
    public void Start(TrialOrder order)
    {
        ArgumentNullException.ThrowIfNull(order);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (!_free.TryDequeue(out var slot))
        {
            throw new InvalidOperationException($"All {Slots} slots are taken.");
        }

        var mark = string.Create(CultureInfo.InvariantCulture, $"{_mark}{order.Trial}.{order.Attempt}/");
        var attempt = new ProcessAttempt(_parts, order, slot, _cores?[slot], mark);
        if (!_attempts.TryAdd((order.Trial, order.Attempt), attempt))
        {
            _free.Enqueue(slot);
            throw new InvalidOperationException($"Attempt {order.Attempt} at trial {order.Trial} runs already.");
        }

        var run = Task.Run(() => RunAsync(order, attempt, slot));
        _runs.TryAdd(run, 0);
        _ = run.ContinueWith(done => _runs.TryRemove(done, out _), TaskScheduler.Default);
    }

    /// <inheritdoc/>
    public void Stop(int trial, int attempt, bool force = false)
    {
        if (_attempts.TryGetValue((trial, attempt), out var running))
        {
            running.Stop(force);
        }
    }

    /// <inheritdoc/>
    public bool TryRead(out WorkerEvent? workerEvent) => _parts.Events.TryRead(out workerEvent);

    /// <inheritdoc/>
    public ValueTask WaitAsync(DateTimeOffset? until, CancellationToken cancellationToken) =>
        _parts.Events.WaitAsync(until, cancellationToken);

    /// <summary>Kills all trials and returns when none of their processes lives. What was not read yet is lost.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _parts.Events.Close();
        foreach (var attempt in _attempts.Values)
        {
            attempt.Stop(force: true);
        }

        await Task.WhenAll(_runs.Keys);
        await _parts.Endpoint.DisposeAsync();
        await _parts.Watchdog.DisposeAsync();
        _parts.Records.Dispose();
        _parts.Exits.Dispose();
    }

    private PoolParts Assemble(ProcessPoolOptions options, CommandTemplate command, SystemSampler sampler, TimeProvider time)
    {
        var records = new ProcessRecords(options.StudyDirectory, options.Slots);
        var exits = default(ChildExits);
        try
        {
            exits = new ChildExits();
            return new PoolParts(
                options, command, new TrialEnvironment(options), new WorkerEvents(time), new ReportEndpoint(), records,
                new Watchdog(_mark, exits), exits, sampler, time);
        }
        catch
        {
            exits?.Dispose();
            records.Dispose();
            throw;
        }
    }

    private async Task RunAsync(TrialOrder order, ProcessAttempt attempt, int slot)
    {
        var ended = await attempt.RunAsync();
        _attempts.TryRemove((order.Trial, order.Attempt), out _);
        _free.Enqueue(slot);
        await _parts.Events.WriteAsync(ended);
    }
}
