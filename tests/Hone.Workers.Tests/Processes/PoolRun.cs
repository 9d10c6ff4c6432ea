using System.Diagnostics;
using Hone.Space;
using Hone.Tuning;
using Hone.Workers.Processes;
using Hone.Workers.SystemMetrics;

namespace Hone.Workers.Tests.Processes;

/// <summary>A pool in a directory of its own, and what its trials did.</summary>
internal sealed class PoolRun : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly SystemSampler _sampler = new(TimeProvider.System);
    private bool _isPoolDisposed;

    public PoolRun(string command, SearchSpace? space = null, Func<ProcessPoolOptions, ProcessPoolOptions>? with = null)
    {
        Root = Directory.CreateTempSubdirectory("hone-workers-").FullName;
        Space = space ?? new SearchSpace([new ConstantParameter("x", 1)]);
        Options = new ProcessPoolOptions
        {
            Slots = 2,
            CommandTemplate = command,
            StudyDirectory = Path.Combine(Root, "study"),
            WorkingDirectory = Root,
            Grace = TimeSpan.FromMilliseconds(500),
        };
        Options = with?.Invoke(Options) ?? Options;
        Pool = new ProcessWorkerPool(Options, Space, _sampler, TimeProvider.System);
    }

    public string Root { get; }

    public SearchSpace Space { get; }

    public ProcessPoolOptions Options { get; }

    public ProcessWorkerPool Pool { get; }

    public List<AttemptReported> Reports { get; } = [];

    /// <summary>The reports of the program itself.</summary>
    public IEnumerable<AttemptReported> Steps => Reports.Where(r => r.Step is not null);

    public string Log(int trial = 1) => File.ReadAllText(Path.Combine(Options.StudyDirectory, $"trial-{trial:00000}", "log.txt"));

    public string InRoot(string name) => Path.Combine(Root, name);

    public void Start(int trial = 1, int attempt = 1, Configuration? configuration = null) =>
        Pool.Start(new TrialOrder("a study", trial, attempt, configuration ?? Space.Sample(new SeededRandom(1)), 42));

    /// <summary>Runs one attempt to its end.</summary>
    public Task<AttemptEnded> RunAsync(int trial = 1, int attempt = 1, Configuration? configuration = null)
    {
        Start(trial, attempt, configuration);
        return EndAsync();
    }

    public async Task<AttemptEnded> EndAsync()
    {
        while (true)
        {
            if (await NextAsync() is AttemptEnded ended)
            {
                return ended;
            }
        }
    }

    /// <summary>Takes events until the program has reported.</summary>
    public async Task<AttemptReported> ReportAsync()
    {
        while (true)
        {
            if (await NextAsync() is AttemptReported { Step: not null } reported)
            {
                return reported;
            }
        }
    }

    /// <summary>Takes the next event; what waits for a report to be durable is told that it is.</summary>
    public async Task<WorkerEvent> NextAsync(bool commit = true)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            if (Pool.TryRead(out var next))
            {
                if (next is AttemptReported reported)
                {
                    Reports.Add(reported);
                    if (commit)
                    {
                        reported.Committed?.Invoke();
                    }
                }

                return next!;
            }

            await Pool.WaitAsync(null, limit.Token);
        }
    }

    /// <summary>Waits until a file that a program writes has come, and reads the numbers in it.</summary>
    public async Task<int[]> NumbersAsync(string name, int count = 1)
    {
        int[] numbers = [];
        await Eventually.HoldsAsync(() =>
        {
            if (File.Exists(InRoot(name)))
            {
                var text = File.ReadAllText(InRoot(name));
                numbers = text.EndsWith('\n') ? [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)] : [];
            }

            return numbers.Length >= count;
        });
        return numbers;
    }

    public ValueTask DisposePoolAsync()
    {
        _isPoolDisposed = true;
        return Pool.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isPoolDisposed)
        {
            await Pool.DisposeAsync();
        }

        _sampler.Dispose();
        Directory.Delete(Root, recursive: true);
    }
}

/// <summary>Waits for conditions of the world outside, with a limit.</summary>
internal static class Eventually
{
    public static async Task HoldsAsync(Func<bool> condition, int limitSeconds = 20)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(limitSeconds), $"Not true after {limitSeconds} s.");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }
}

/// <summary>Looks at processes from outside.</summary>
internal static class Outside
{
    /// <summary>Whether a process lives; a zombie does not.</summary>
    public static bool Lives(int processId)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..][0] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    public static bool Exists(int processId) => Directory.Exists($"/proc/{processId}");
}
