using Hone.Budgets;
using Hone.Cli.Commands;
using Hone.Space;
using Hone.Stopping;
using Hone.Tracking.Rest;
using Hone.Tracking.Store;
using Hone.Trials;
using Hone.Tuning;
using Hone.Workers.Processes;
using Hone.Workers.SystemMetrics;

namespace Hone.Cli.Tests.Mlflow;

/// <summary>
/// A study that is really tuned: its trials are processes that write down what they were given and wait, while the test speaks for them.
/// </summary>
internal sealed class ServedStudy : IAsyncDisposable
{
    // What a trial was given stands in given-TRIAL-ATTEMPT; it ends with the status that is written to end-TRIAL-ATTEMPT.
    private const string Program = """
        attempt=1; while [ -e given-$HONE_TRIAL-$attempt ]; do attempt=$((attempt + 1)); done
        env > part-$HONE_TRIAL; mv part-$HONE_TRIAL given-$HONE_TRIAL-$attempt
        while [ ! -e end-$HONE_TRIAL-$attempt ]; do sleep 0.02; done
        exit $(cat end-$HONE_TRIAL-$attempt)
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly SystemSampler _sampler = new(TimeProvider.System);
    private CancellationTokenSource _kill = new();
    private StudyJournal _journal = null!;
    private TrialServer _server = null!;
    private ProcessWorkerPool _pool = null!;
    private Tuner _tuner = null!;
    private Task<StudyResult> _tuning = null!;

    private ServedStudy(Study study) => Study = study;

    public Study Study { get; }

    public StudyStore Store { get; private set; } = null!;

    public string StorePath => _folder.Store;

    public string Folder => _folder.Path;

    /// <summary>Begins to tune.</summary>
    public static async Task<ServedStudy> StartAsync(int trials = 1, int slots = 1, params IStoppingRule[] rules)
    {
        var served = new ServedStudy(new Study
        {
            Name = "served",
            Space = new SearchSpace([new FloatParameter("learning_rate", 1e-6, 9e-6), new IntParameter("depth", 3, 3), new CategoricalParameter("penalty", "l1", "l1 too")]),
            Objectives = [new Objective("loss")],
            Rules = rules,
            Budget = new Budget { Trials = trials },
        });
        await served.OpenAsync(slots);
        return served;
    }

    /// <summary>The program of a trial, once it runs.</summary>
    public async Task<TrialProgram> ProgramAsync(int trial = 1, int attempt = 1)
    {
        var given = _folder.File($"given-{trial}-{attempt}");
        await HoldsAsync(() => File.Exists(given));
        var environment = (await File.ReadAllLinesAsync(given)).Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2)
            .GroupBy(pair => pair[0], StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First()[1], StringComparer.Ordinal);
        return new TrialProgram(environment, status => _folder.Write($"end-{trial}-{attempt}", $"{status}\n"));
    }

    /// <summary>Waits for the end of the study.</summary>
    public Task<StudyResult> EndAsync() => _tuning.WaitAsync(TimeSpan.FromSeconds(60));

    /// <summary>Ends the tuner while trials run, and begins to tune again.</summary>
    public async Task RestartAsync()
    {
        await _kill.CancelAsync();
        await CloseAsync();
        _kill.Dispose();
        _kill = new CancellationTokenSource();
        await OpenAsync(slots: 1);
    }

    /// <summary>A trial with its history.</summary>
    public async Task<Analysis.TrialRecord> TrialAsync(int trial = 1) =>
        (await Store.ReadStudyAsync(Study.Name, history: true))!.Trials.Single(record => record.Number == trial);

    /// <summary>What a trial reported of a metric, as <c>step:value</c>.</summary>
    public async Task<string> HistoryAsync(string metric, int trial = 1) => string.Join(
        ' ',
        (await TrialAsync(trial)).History.Where(m => m.Metric == metric)
            .Select(m => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{m.Step}:{m.Value}")));

    public async ValueTask DisposeAsync()
    {
        await _kill.CancelAsync();
        await CloseAsync();
        _kill.Dispose();
        _sampler.Dispose();
        _folder.Dispose();
    }

    private static async Task HoldsAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, limit.Token);
        }
    }

    private async Task OpenAsync(int slots)
    {
        Store = await StudyStore.OpenAsync(_folder.Store, TimeProvider.System);
        _journal = await Store.OpenStudyAsync(Study);
        _server = new TrialServer(_folder.Store, _journal, TimeProvider.System);
        var options = new ProcessPoolOptions
        {
            Slots = slots,
            CommandTemplate = Program,
            WorkingDirectory = _folder.Path,
            StudyDirectory = _folder.File("runs"),
            Grace = TimeSpan.FromMilliseconds(200),
        };
        _pool = new ProcessWorkerPool(TrialProcesses.Served(options, _server), Study.Space, _sampler, TimeProvider.System);
        _tuner = new Tuner(Study, _pool, _journal, TimeProvider.System);
        _tuning = Task.Run(() => _tuner.RunAsync(_kill.Token));
    }

    private async Task CloseAsync()
    {
        await _tuning;
        _tuner.Dispose();
        await _pool.DisposeAsync();
        await _server.DisposeAsync();
        await _journal.DisposeAsync();
        await Store.DisposeAsync();
    }
}
