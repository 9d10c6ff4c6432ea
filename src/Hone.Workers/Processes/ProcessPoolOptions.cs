namespace Hone.Workers.Processes;

/// <summary>How trials run as processes of this machine.</summary>
public sealed record ProcessPoolOptions
{
    /// <summary>How many trials run at once; at least 1.</summary>
    public required int Slots { get; init; }

    /// <summary>What a trial runs: a command for <c>/bin/sh</c> with <c>{parameter}</c> placeholders, see
    /// <see cref="Processes.CommandTemplate"/>.</summary>
    public required string CommandTemplate { get; init; }

    /// <summary>
    /// Where the study's trials write: each gets <c>trial-00017/</c> in it, with <c>log.txt</c>, <c>checkpoints/</c> and <c>artifacts/</c>.
    /// Made when missing. One pool at a time may use it.
    /// </summary>
    public required string StudyDirectory { get; init; }

    /// <summary>Where the command runs; the default is the current directory.</summary>
    public string WorkingDirectory { get; init; } = System.Environment.CurrentDirectory;

    /// <summary>
    /// Variables set for every trial beside this process's own and <c>PYTHONUNBUFFERED=1</c>; Hone's <c>HONE_…</c> come last and win.
    /// </summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// How many cores each slot has for itself. Its trials are bound to them, and told so by the variables that numeric libraries read
    /// (<c>OMP_NUM_THREADS</c> and its like) unless <see cref="Environment"/> sets those. Null: trials share all cores.
    /// </summary>
    public int? CoresEach { get; init; }

    /// <summary>How long a trial that was asked to stop (SIGTERM) may take before it is killed (SIGKILL).</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How much of a trial's output is kept in its log, in bytes; the rest is read and dropped.</summary>
    public long LogLimitBytes { get; init; } = 10_000_000;

    /// <summary>The longest line of output that can be a report, in bytes; what is longer goes to the log as it comes.</summary>
    public int LineLimitBytes { get; init; } = 1_000_000;

    /// <summary>What programs can ask for at the address to which they send reports; null: nothing else.</summary>
    public BeginService? Serve { get; init; }

    /// <summary>Checks everything that can be known before the first trial.</summary>
    /// <param name="space">The space whose parameters the command may name.</param>
    /// <exception cref="WorkerPoolException">A value is out of range, a placeholder unknown, a directory missing, or there are too few
    /// cores.</exception>
    public void Validate(Space.SearchSpace space)
    {
        ArgumentNullException.ThrowIfNull(space);
        Require(Slots >= 1, $"{Slots} slots cannot run a trial. Ask for at least 1.");
        Require(CoresEach is null or >= 1, $"{CoresEach} cores each cannot run a trial. Ask for at least 1, or leave it out.");
        Require(Grace >= TimeSpan.Zero, $"A grace of {Grace} is negative.");
        Require(LogLimitBytes >= 0, $"A log limit of {LogLimitBytes} bytes is negative.");
        Require(LineLimitBytes >= 256, $"A line limit of {LineLimitBytes} bytes is too small for a report. Allow at least 256.");
        Require(Directory.Exists(WorkingDirectory), $"The working directory '{WorkingDirectory}' does not exist.");
        Processes.CommandTemplate.Parse(CommandTemplate, space);
        if (CoresEach is { } cores && OperatingSystem.IsLinux())
        {
            CoreSets.Divide(Posix.AllowedCores(), Slots, cores);
        }
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new WorkerPoolException(otherwise);
        }
    }
}
