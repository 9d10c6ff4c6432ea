using Hone.Simulation;
using Hone.Stopping;
using Hone.Tracking.Store;
using Hone.Trials;
using Hone.Tuning;

namespace Hone.Tracking.Tests.Store;

public sealed class TunedStudyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static Study Study(int trials) => Some.Study() with
    {
        Rules = [PercentileRule.Median("loss", Goal.Minimize)],
        Budget = new() { Trials = trials },
        Retries = new() { Retries = 1 },
    };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_tuners_events_are_the_same_from_the_store_as_from_memory()
    {
        var inMemory = new InMemoryJournal();
        await TuneAsync(Study(60), inMemory);
        await using var store = await StudyStore.OpenAsync(_folder.Store, TimeProvider.System);
        await using var journal = await store.OpenStudyAsync(Study(60));
        await TuneAsync(Study(60), journal);

        Assert.Equal(await EventText.OfAsync(inMemory), await EventText.OfAsync(journal));
    }

    [Fact]
    public async Task A_study_goes_on_in_a_later_session_and_what_is_read_agrees_with_the_tuners_result()
    {
        await using var store = await StudyStore.OpenAsync(_folder.Store, TimeProvider.System);
        var result = await TuneAsync(store, Study(20));
        result = await TuneAsync(store, Study(60));

        var record = (await store.ReadStudyAsync("diabetes", history: false))!;
        var best = (await store.ReadBestAsync("diabetes"))!;
        Assert.Equal(60, record.Trials.Count);
        Assert.Equal(result.Complete, best.Study.Counts[TrialState.Complete]);
        Assert.Equal(result.Stopped, best.Study.Counts[TrialState.Stopped]);
        Assert.Equal(result.Best!.Number, best.Trials[0].Number);
        Assert.Equal((StudyState.Finished, result.Spent), (record.State, record.Spent));
        Assert.All(record.Trials, trial => Assert.Equal(trial.Reason.Length > 0, trial.State != TrialState.Complete));
    }

    private static async Task<StudyResult> TuneAsync(StudyStore store, Study study)
    {
        await using var journal = await store.OpenStudyAsync(study);
        return await TuneAsync(study, journal);
    }

    private static async Task<StudyResult> TuneAsync(Study study, IStudyJournal journal)
    {
        var time = new VirtualTime();
        await using var pool = new SimulatedWorkerPool(4, time, Attempt);
        using var tuner = new Tuner(study, pool, journal, time);
        return await tuner.RunAsync(CancellationToken.None);
    }

    // Every seventh first attempt crashes halfway.
    private static SimulatedAttempt Attempt(TrialOrder order)
    {
        var crashes = order is { Attempt: 1, Seed: var seed } && seed % 7 == 0;
        var reports = Enumerable.Range(1, crashes ? 5 : 10).Select(
            step => new SimulatedReport(TimeSpan.FromSeconds(step), step, [new("loss", (order.Seed % 100) + (1.0 / step)), new("cost", step)]));
        return crashes
            ? new SimulatedAttempt(reports, TimeSpan.FromSeconds(5), AttemptOutcome.Crashed, "exit status 1")
            : new SimulatedAttempt(reports, TimeSpan.FromSeconds(11));
    }
}
