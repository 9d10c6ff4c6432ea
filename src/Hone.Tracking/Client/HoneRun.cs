using System.Globalization;

namespace Hone.Tracking.Client;

/// <summary>A run on a tracking server, Hone's or MLflow's, to which a program logs while it trains.</summary>
/// <remarks>
/// <para>
/// Logging takes well under a microsecond and waits neither for the server nor for a network: what is logged is written to a file, the spool,
/// some times a second, and sent from there in the background, in order, up to 1,000 values a request. While the server is away it stays in
/// the spool; when it is back, or when the next process starts a run in the same folder, it is sent. If the process is killed, at most the
/// last tenth of a second is lost.
/// </para>
/// <para>
/// A request whose answer was lost is sent again as it was. Servers that keep runs in a database, Hone's among them, keep equal values of a
/// metric once, so nothing is doubled; one that keeps them in plain files doubles the values of that request, at most 1,000.
/// </para>
/// <para>Thread-safe.</para>
/// </remarks>
public sealed class HoneRun : IAsyncDisposable
{
    private const int Capacity = 8192;
    private static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(2);

    private readonly HoneRunOptions _options;
    private readonly RunPlan _plan;
    private readonly RunLog _log;
    private readonly TrackingConnection _connection;
    private readonly SpoolSender _sender;
    private readonly ITimer _writer;
    private readonly RunSending _sending;
    private readonly Lock _gate = new();
    private Task<RunEnding>? _ended;

    private HoneRun(HoneRunOptions options)
    {
        _options = options;
        _plan = RunPlan.Of(options);
        _log = new RunLog(Spool.Create(_plan.Folder, _plan.Run), Capacity, options.Notice);
        _connection = new TrackingConnection(_plan.Address, options.RequestLimit, options.Time);
        _sender = new SpoolSender(_log.Spool, _connection, options.Notice, new SpoolBatch());
        _sending = new RunSending(_sender, _connection, _plan, options);
        _writer = options.Time.CreateTimer(_ => _log.Drain(), null, RunLog.WriteEvery, RunLog.WriteEvery);
    }

    /// <summary>The run's id; null as long as the server was not there to give one.</summary>
    public string? RunId => _log.Spool.Known?.RunId;

    /// <summary>The id of the run's experiment; null as long as the server was not there.</summary>
    public string? ExperimentId => _log.Spool.Known?.ExperimentId;

    /// <summary>The server, without credentials.</summary>
    public Uri Server => _plan.Address.Server;

    /// <summary>The file in which what was logged stands until the server has it.</summary>
    public string SpoolPath => _log.Spool.Path;

    /// <summary>Starts a run, or goes on with one.</summary>
    /// <param name="options">Which, and where; null: as the environment says.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    /// <returns>The run. If the server was not there within <see cref="HoneRunOptions.StartLimit"/> it has no id yet, and logs nevertheless.</returns>
    /// <exception cref="HoneRunException">No server is named, or it refuses the run.</exception>
    /// <exception cref="IOException">The spool cannot be written.</exception>
    public static async Task<HoneRun> StartAsync(HoneRunOptions? options = null, CancellationToken cancellationToken = default)
    {
        var run = new HoneRun(options ?? new HoneRunOptions());
        try
        {
            if (await run.MeetAsync(cancellationToken) is { Kind: AnswerKind.Refused } refusal)
            {
                throw new HoneRunException($"{run._plan.Address} refuses the run: {refusal.Message}");
            }
        }
        catch
        {
            run.GiveUp();
            throw;
        }

        run._sending.Begin();
        AppDomain.CurrentDomain.ProcessExit += run.Exit;
        return run;
    }

    /// <summary>Sends what earlier processes left in the spool folder for this server.</summary>
    /// <param name="options">The server and the folder; null: as the environment says.</param>
    /// <param name="cancellationToken">Gives up; what was acknowledged is not sent again.</param>
    /// <exception cref="HoneRunException">No server is named.</exception>
    public static async Task<SpoolReplay> ReplayAsync(HoneRunOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new HoneRunOptions();
        var address = RunPlan.AddressOf(options);
        using var connection = new TrackingConnection(address, options.RequestLimit, options.Time);
        return await SpoolFolder.ReplayAsync(
            RunPlan.FolderOf(options), connection, options.ServerName ?? address.Text, options.Notice, cancellationToken);
    }

    /// <summary>Logs a value of a metric, now.</summary>
    /// <param name="name">At most 250 letters, digits and <c>_ - . / :</c> and blanks.</param>
    /// <param name="value">Any; NaN and the infinities too.</param>
    /// <param name="step">The training step.</param>
    /// <exception cref="ArgumentException">The name is no name for a metric.</exception>
    /// <exception cref="InvalidOperationException">The run has ended.</exception>
    public void LogMetric(string name, double value, long step = 0) =>
        _log.Metric(name, value, step, Now);

    /// <summary>Logs a value of a metric as of a moment.</summary>
    /// <param name="name">At most 250 letters, digits and <c>_ - . / :</c> and blanks.</param>
    /// <param name="value">Any; NaN and the infinities too.</param>
    /// <param name="step">The training step.</param>
    /// <param name="at">When it was taken, to the millisecond.</param>
    /// <exception cref="ArgumentException">The name is no name for a metric.</exception>
    /// <exception cref="InvalidOperationException">The run has ended.</exception>
    public void LogMetric(string name, double value, long step, DateTimeOffset at) => _log.Metric(name, value, step, at.ToUnixTimeMilliseconds());

    /// <summary>Logs a parameter. A run keeps the value that was logged first; another one is refused by the server, and told of.</summary>
    /// <param name="name">At most 250 letters, digits and <c>_ - . / :</c> and blanks.</param>
    /// <param name="value">At most 6,000 characters; what is longer is cut.</param>
    /// <exception cref="ArgumentException">The name is no name for a parameter.</exception>
    /// <exception cref="InvalidOperationException">The run has ended.</exception>
    public void LogParameter(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _log.Parameter(name, value);
    }

    /// <summary>Sets a tag, in place of an earlier value.</summary>
    /// <param name="name">At most 250 letters, digits and <c>_ - . / :</c> and blanks.</param>
    /// <param name="value">At most 8,000 characters; what is longer is cut.</param>
    /// <exception cref="ArgumentException">The name is no name for a tag.</exception>
    /// <exception cref="InvalidOperationException">The run has ended.</exception>
    public void SetTag(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _log.Tag(name, value);
    }

    /// <summary>Logs a file, or all files below a folder. A copy is made first, and sent from then on like everything else.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="folder">Where it is to lie among the run's files, such as <c>models/best</c>; null: at the top.</param>
    /// <param name="cancellationToken">Gives up between two files.</param>
    /// <returns>Ends when the copy is made: the file may be changed then.</returns>
    /// <exception cref="FileNotFoundException">There is no such file or folder.</exception>
    /// <exception cref="IOException">It cannot be copied.</exception>
    /// <exception cref="ArgumentException">The folder leads out of the run's files.</exception>
    /// <exception cref="InvalidOperationException">The run has ended.</exception>
    public Task LogArtifactAsync(string path, string? folder = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var prefix = Prefix(folder);
        return Task.Run(() => Copy(path, prefix, cancellationToken), cancellationToken);
    }

    /// <summary>Ends the run, and waits at most <see cref="HoneRunOptions.EndLimit"/> for the server to take what is left.</summary>
    /// <param name="status">How it ended.</param>
    /// <param name="cancellationToken">Gives up the wait; what is left stays in the spool.</param>
    /// <returns>What became of it; the same for a second call.</returns>
    public Task<RunEnding> EndAsync(RunStatus status = RunStatus.Finished, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            return _ended ??= EndOnceAsync(status, cancellationToken);
        }
    }

    /// <summary>Ends the run as finished, if <see cref="EndAsync"/> has not ended it.</summary>
    public async ValueTask DisposeAsync() => await EndAsync();

    private long Now => _options.Time.GetUtcNow().ToUnixTimeMilliseconds();

    private static string Prefix(string? folder)
    {
        var segments = (folder ?? "").Replace('\\', '/').Split('/', StringSplitOptions.RemoveEmptyEntries);
        return segments.Contains("..")
            ? throw new ArgumentException($"'{folder}' leads out of the run's files.", nameof(folder))
            : string.Concat(segments.Where(segment => segment != ".").Select(segment => segment + "/"));
    }

    private void Copy(string path, string prefix, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(path))
        {
            _log.File(path, prefix + Path.GetFileName(path));
            return;
        }

        foreach (var file in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            _log.File(file, prefix + Path.GetRelativePath(path, file).Replace('\\', '/'));
        }
    }

    // Asks the server to know the run, within the limit of the start.
    private async Task<ServerAnswer> MeetAsync(CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(_options.StartLimit, _options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        ServerAnswer answer;
        try
        {
            answer = await _sender.OpenAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            answer = ServerAnswer.None($"{_plan.Address} has not answered within {_options.StartLimit.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s");
        }

        if (answer.Kind == AnswerKind.TryAgain)
        {
            _options.Notice($"{answer.Message}; what is logged is kept in {SpoolPath} until it is there");
        }

        return answer;
    }

    private void GiveUp()
    {
        _writer.Dispose();
        _log.Spool.Delete();
        _log.Dispose();
        _connection.Dispose();
        _sending.Dispose();
    }

    private async Task<RunEnding> EndOnceAsync(RunStatus status, CancellationToken cancellationToken)
    {
        AppDomain.CurrentDomain.ProcessExit -= Exit;
        _log.End(Word(status), Now);
        await _sending.EndAsync(cancellationToken);
        var ending = Close();
        _sending.Dispose();
        return ending;
    }

    private RunEnding Close()
    {
        _writer.Dispose();
        var ending = Ending();
        _log.Dispose();
        _connection.Dispose();
        return ending;
    }

    private RunEnding Ending()
    {
        var spool = _log.Spool;
        var left = spool.Unsent;
        if (_sending.IsComplete)
        {
            spool.Delete();
            return new RunEnding(_log.Lost == 0, 0, null);
        }

        if (_sending.Refusal is { IsForbidden: false })
        {
            var path = _log.SetAside();
            _options.Notice(string.Create(CultureInfo.InvariantCulture, $"{left} bytes that the server did not take are kept in {path}"));
            return new RunEnding(false, left, path);
        }

        spool.Flush();
        _options.Notice(string.Create(
            CultureInfo.InvariantCulture, $"{left} bytes of what was logged stay in {SpoolPath}; the next run sends them, or hone run --flush-spool"));
        return new RunEnding(false, left, SpoolPath);
    }

    // The program ends without a word to the run.
    private void Exit(object? sender, EventArgs arguments)
    {
        _log.End(Word(Environment.ExitCode == 0 ? RunStatus.Finished : RunStatus.Failed), Now);
        if (_sending.EndWithin(ExitLimit))
        {
            Close();
        }
        else
        {
            _options.Notice($"what was logged last stays in {SpoolPath}; the next run sends it, or hone run --flush-spool");
        }
    }

    private static string Word(RunStatus status) => status switch
    {
        RunStatus.Finished => "FINISHED",
        RunStatus.Failed => "FAILED",
        _ => "KILLED",
    };
}
