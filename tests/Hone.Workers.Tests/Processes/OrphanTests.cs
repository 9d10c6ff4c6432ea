using System.Diagnostics;
using System.Globalization;
using System.Text;
using Hone.Space;
using Hone.Workers.Processes;
using Hone.Workers.SystemMetrics;

namespace Hone.Workers.Tests.Processes;

/// <summary>No process of a trial outlives its tuner, whatever kills it.</summary>
public sealed class OrphanTests : IDisposable
{
    // A child, a child in a session of its own, and a daemon: forked twice, with a session of its own. None of them minds SIGTERM or SIGHUP.
    private const string Family =
        "trap '' TERM HUP; echo $$ >> pids; sleep 1000 & echo $! >> pids; setsid sh -c 'echo $$ >> pids; sleep 1000; :' & "
        + "(setsid sh -c 'sh -c \"echo \\$\\$ >> pids; exec sleep 1000\" &' &); wait";

    private const int FamilySize = 4;
    private readonly string _root = Directory.CreateTempSubdirectory("hone-orphans-").FullName;

    [Fact]
    public async Task A_tuner_that_is_killed_takes_everything_with_it_that_its_trials_started()
    {
        using var tuner = TunerHost.Start(_root, Family);
        var processes = await PidsAsync("pids", 2 * FamilySize);

        tuner.Kill();

        await Eventually.HoldsAsync(() => !processes.Any(Outside.Lives) && Trials().Count == 0);
        await Eventually.HoldsAsync(() => !Outside.Lives(Pids("watchdog")[0]));
    }

    [Fact]
    public async Task A_tuner_that_is_killed_at_any_moment_leaves_no_process()
    {
        var random = new SeededRandom(7);
        for (var round = 0; round < 8; round++)
        {
            File.Delete(Path.Combine(_root, "pids"));
            using var tuner = TunerHost.Start(_root, "echo $$ >> pids; sleep 0.00$(($$ % 10)) & setsid sleep 0.01 &");
            var ended = 1 + random.Next(20);
            await Eventually.HoldsAsync(() => Pids("pids").Length >= ended || tuner.HasExited);
            await Task.Delay(TimeSpan.FromMicroseconds(random.Next(5000)), TimeProvider.System);

            Assert.False(tuner.HasExited);
            tuner.Kill();

            await Eventually.HoldsAsync(() => Trials().Count == 0);
        }
    }

    [Fact]
    public async Task When_the_watchdog_dies_with_the_tuner_the_next_start_ends_what_they_left()
    {
        using var tuner = TunerHost.Start(_root, Family);
        var processes = await PidsAsync("pids", 2 * FamilySize);
        Kill(Pids("watchdog")[0]);
        tuner.Kill();
        await tuner.WaitForExitAsync();
        Assert.All(processes, p => Assert.True(Outside.Lives(p)));

        await using (NewPool())
        {
            Assert.Empty(Trials());
            Assert.DoesNotContain(processes, Outside.Lives);
        }

        Assert.All(Directory.EnumerateFiles(Path.Combine(_root, "study", "running")), f => Assert.Equal(0, new FileInfo(f).Length));
    }

    [Fact]
    public async Task A_stranger_that_has_a_recorded_number_by_now_is_left_alone()
    {
        using var stranger = Process.Start("setsid", ["sleep", "1000"]);
        await Eventually.HoldsAsync(() => File.ReadAllText($"/proc/{stranger.Id}/comm") == "sleep\n");
        var running = Directory.CreateDirectory(Path.Combine(_root, "study", "running")).FullName;
        var boot = (await File.ReadAllTextAsync("/proc/sys/kernel/random/boot_id")).Trim();
        await File.WriteAllTextAsync(Path.Combine(running, "slot-0"), $"{boot} {stranger.Id} 12345 hone-mark/1.1/\n");
        await File.WriteAllTextAsync(Path.Combine(running, "slot-7"), $"{boot} 99999999 5");

        await using (NewPool())
        {
            Assert.True(Outside.Lives(stranger.Id));
        }

        stranger.Kill();
        Assert.False(File.Exists(Path.Combine(running, "slot-7")));
    }

    [Fact]
    public async Task A_watchdog_that_was_killed_is_replaced_at_the_next_trial()
    {
        await using var run = new PoolRun("exit 0");
        var first = run.Pool.WatchdogProcessId;
        Kill(first);
        await Eventually.HoldsAsync(() => !Outside.Lives(first));

        await run.RunAsync();

        Assert.NotEqual(first, run.Pool.WatchdogProcessId);
        Assert.True(Outside.Lives(run.Pool.WatchdogProcessId));
        await Eventually.HoldsAsync(() => !Outside.Exists(first));
    }

    [Fact]
    public async Task A_pool_that_is_disposed_leaves_neither_a_process_nor_a_zombie()
    {
        await using var run = new PoolRun(Family);
        run.Start(1);
        run.Start(2);
        var processes = await run.NumbersAsync("pids", 2 * FamilySize);
        var watchdog = run.Pool.WatchdogProcessId;

        await run.DisposePoolAsync();

        Assert.DoesNotContain(processes, Outside.Lives);
        Assert.False(Outside.Exists(watchdog));
        Assert.DoesNotContain(ChildrenOfThisProcess(), processes.Contains);
    }

    [Fact]
    public async Task Two_pools_cannot_share_a_directory()
    {
        await using (NewPool())
        {
            var error = Assert.Throws<WorkerPoolException>(NewPool);
            Assert.Equal($"Trials already run in '{_root}/study'. Wait for that tuner to end, or take another directory.", error.Message);
        }

        await NewPool().DisposeAsync();
    }

    public void Dispose()
    {
        foreach (var process in Trials())
        {
            Kill(process);
        }

        Directory.Delete(_root, recursive: true);
    }

    private ProcessWorkerPool NewPool()
    {
        using var sampler = new SystemSampler(TimeProvider.System);
        return new ProcessWorkerPool(
            TunerHost.OptionsIn(_root, "true"), new SearchSpace([new ConstantParameter("x", 1)]), sampler, TimeProvider.System);
    }

    private static void Kill(int process) => Posix.Signal(process, Posix.SignalKill);

    private int[] Pids(string name)
    {
        var path = Path.Combine(_root, name);
        return File.Exists(path)
            ? [.. File.ReadAllText(path).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(n => int.Parse(n, CultureInfo.InvariantCulture))]
            : [];
    }

    private async Task<int[]> PidsAsync(string name, int count)
    {
        await Eventually.HoldsAsync(() => Pids(name).Length >= count);
        return Pids(name);
    }

    // Found without the pool's words: by a path that only these trials have in their environment.
    private List<int> Trials()
    {
        var text = Encoding.UTF8.GetBytes($"HONE_CHECKPOINT_DIR={_root}");
        var found = new List<int>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var process))
            {
                try
                {
                    if (File.ReadAllBytes($"{directory}/environ").AsSpan().IndexOf(text) >= 0)
                    {
                        found.Add(process);
                    }
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    // It has ended, or it is another user's.
                }
            }
        }

        return found;
    }

    private static IEnumerable<int> ChildrenOfThisProcess() => Directory.EnumerateDirectories("/proc/self/task")
        .SelectMany(task => File.ReadAllText($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Select(n => int.Parse(n, CultureInfo.InvariantCulture));
}
