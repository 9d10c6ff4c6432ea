using Hone.Tracking.Store;
using Hone.Tracking.Tests.Store;

namespace Hone.Tracking.Tests.Postgres;

/// <summary>A tuner's journal whose database is killed, and started again.</summary>
public sealed class PostgresJournalTests : IAsyncLifetime
{
    private PostgresCluster _cluster = null!;
    private string _store = "";

    public async ValueTask InitializeAsync()
    {
        _cluster = await PostgresCluster.StartAsync();
        _store = await _cluster.TakeAsync();
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Waits_for_the_database_says_so_and_goes_on_with_nothing_lost_or_doubled()
    {
        var notices = new List<string>();
        await using var store = await StudyStore.OpenAsync(_store, TimeProvider.System);
        await using var journal = await store.OpenStudyAsync(Some.Study());
        journal.Notice = notices.Add;
        var written = 0;
        for (var round = 1; round <= 3; round++)
        {
            // It goes on writing while the database is killed and started.
            var kill = KillAsync();
            for (var trials = 0; trials < 20 || !kill.IsCompleted; trials++)
            {
                written++;
                await journal.WriteAsync([.. Some.Complete(written, written, 1)]);
            }

            await kill;
        }

        Assert.Equal(EventText.Of(Enumerable.Range(1, written).SelectMany(trial => Some.Complete(trial, trial, 1))), await EventText.OfAsync(journal));
        Assert.Contains(notices, notice => notice.StartsWith($"The database {_store} cannot be reached (", StringComparison.Ordinal)
            && notice.EndsWith("). Waiting for it; the trials go on, and nothing is lost.", StringComparison.Ordinal));
        Assert.Equal("The store is there again.", notices[^1]);
    }

    [Fact]
    public async Task Gives_way_to_another_tuner_that_took_the_study_while_the_database_was_away()
    {
        await using var store = await StudyStore.OpenAsync(_store, TimeProvider.System);
        await using var journal = await store.OpenStudyAsync(Some.Study());
        await journal.WriteAsync(Some.Proposed(1));
        await _cluster.SqlAsync(_store, "SELECT pg_terminate_backend(pid, 60000) FROM pg_locks WHERE locktype = 'advisory'");
        await _cluster.SqlAsync(_store, "UPDATE hone.studies SET holder = 'process 1 on elsewhere'");

        var refusal = await Assert.ThrowsAsync<StudyStoreException>(() => journal.WriteAsync(Some.Proposed(2)));

        Assert.Equal(
            "Another hone tuned the study 'diabetes' while the database was away: process 1 on elsewhere. Run this again to go on from there.", refusal.Message);
        await using var other = await store.OpenStudyAsync(Some.Study());
        Assert.Single(await EventText.OfAsync(other));
    }

    private async Task KillAsync()
    {
        await _cluster.KillAsync();
        await _cluster.StartServerAsync();
    }
}
