using Hone.Workers.Processes;

namespace Hone.Workers.Tests.Processes;

public sealed class CoreSetTests
{
    private static int Cores => Posix.AllowedCores().Length;

    [Fact]
    public void Each_slot_gets_cores_of_its_own()
    {
        Assert.Equal([[1, 3], [5, 7]], CoreSets.Divide([1, 3, 5, 7, 9], slots: 2, coresEach: 2));
    }

    [Fact]
    public void More_cores_than_there_are_are_refused()
    {
        var error = Assert.Throws<WorkerPoolException>(() => CoreSets.Divide([0, 1, 2], slots: 2, coresEach: 2));

        Assert.Equal(
            "2 slots with 2 cores each need 4 cores, and this process may use 3. Ask for fewer slots or fewer cores each.", error.Message);
    }

    [Fact]
    public async Task A_trial_is_bound_to_its_cores_and_told_how_many_they_are()
    {
        await using var run = new PoolRun(
            "grep Cpus_allowed_list /proc/self/status; echo $OMP_NUM_THREADS $DOTNET_PROCESSOR_COUNT $MKL_NUM_THREADS",
            with: o => o with
            {
                Slots = Cores,
                CoresEach = 1,
                Environment = new Dictionary<string, string> { ["MKL_NUM_THREADS"] = "7" },
            });
        for (var trial = 1; trial <= Cores; trial++)
        {
            run.Start(trial);
        }

        for (var trial = 1; trial <= Cores; trial++)
        {
            await run.EndAsync();
        }

        var logs = Enumerable.Range(1, Cores).Select(t => run.Log(t).Split('\n', '\t')).ToList();
        Assert.Equal(Posix.AllowedCores().Select(c => $"{c}").Order(), logs.Select(l => l[1]).Order());
        Assert.All(logs, l => Assert.Equal("1 1 7", l[2]));
    }

    [Fact]
    public void Options_that_cannot_be_are_refused_at_construction()
    {
        Assert.Contains("Ask for at least 1", Refused(o => o with { Slots = 0 }), StringComparison.Ordinal);
        Assert.Contains("Ask for fewer", Refused(o => o with { Slots = Cores + 1, CoresEach = 1 }), StringComparison.Ordinal);
        Assert.Contains("Ask for at least 1", Refused(o => o with { CoresEach = 0 }), StringComparison.Ordinal);
        Assert.Equal("The working directory '/no/such' does not exist.", Refused(o => o with { WorkingDirectory = "/no/such" }));
        Assert.Contains("negative", Refused(o => o with { Grace = TimeSpan.FromSeconds(-1) }), StringComparison.Ordinal);
        Assert.Contains("{y}", Refused(o => o with { CommandTemplate = "x {y}" }), StringComparison.Ordinal);
    }

    private static string Refused(Func<ProcessPoolOptions, ProcessPoolOptions> with) =>
        Assert.Throws<WorkerPoolException>(() => new PoolRun("true", with: with)).Message;
}
