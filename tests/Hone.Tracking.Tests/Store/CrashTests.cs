using System.Globalization;
using Hone.Tracking.Store;
using Hone.Trials;
using Hone.Tuning;

namespace Hone.Tracking.Tests.Store;

public abstract class CrashTests(StoreKind kind, int rounds) : IAsyncLifetime
{
    private TemporaryStore _store = null!;

    public async ValueTask InitializeAsync() => _store = await TemporaryStore.NewAsync(kind);

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_no_batch_is_half_there_when_the_writer_is_killed()
    {
        var random = new SeededRandom(17);
        for (var round = 1; round <= rounds; round++)
        {
            var acknowledged = await KillAfterAsync(random.Next(1, 150));
            await using var store = await StudyStore.OpenExistingAsync(_store.Address, TimeProvider.System);
            Assert.Equal(StudyState.Interrupted, (await store.ListStudiesAsync())[0].State);
            await using var journal = await store.OpenStudyAsync(Some.Study(KilledWriter.Study));
            var kept = await EventText.OfAsync(journal);

            Assert.True(kept.Count >= acknowledged, $"round {round}: {acknowledged} events were acknowledged, {kept.Count} are kept");
            Assert.True(KilledWriter.IsWhole(kept.Count), $"round {round}: {kept.Count} events are kept, and half a batch");
            Assert.Equal(EventText.Of(KilledWriter.History().Take(kept.Count)), kept);
        }
    }

    [Fact]
    public async Task What_is_said_of_the_trials_agrees_with_the_events_after_a_kill()
    {
        await KillAfterAsync(100);
        await using var store = await StudyStore.OpenExistingAsync(_store.Address, TimeProvider.System);
        await using var journal = await store.OpenStudyAsync(Some.Study(KilledWriter.Study));
        var ended = 0;
        await foreach (var entry in journal.ReadAsync(CancellationToken.None))
        {
            ended += entry is TrialEnded ? 1 : 0;
        }

        var best = await store.ReadBestAsync(KilledWriter.Study);
        Assert.Equal(ended, best!.Study.Counts.GetValueOrDefault(TrialState.Complete));
        Assert.Equal(ended, best.Trials[0].Number);
    }

    // Returns how many events the killed process had said were durable.
    private async Task<int> KillAfterAsync(int commits)
    {
        using var writer = KilledWriter.Start(_store.Address);
        var acknowledged = 0;
        for (var i = 0; i < commits; i++)
        {
            var line = await writer.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The writer ended by itself.");
            acknowledged = int.Parse(line, CultureInfo.InvariantCulture);
        }

        writer.Kill();
        while (await writer.StandardOutput.ReadLineAsync() is { } line)
        {
            // The last line may have been cut off by the kill.
            acknowledged = int.TryParse(line, CultureInfo.InvariantCulture, out var number) ? Math.Max(acknowledged, number) : acknowledged;
        }

        await writer.WaitForExitAsync();
        return acknowledged;
    }
}

public sealed class SqliteCrashTests() : CrashTests(StoreKind.Sqlite, rounds: 32);

public sealed class PostgresCrashTests() : CrashTests(StoreKind.Postgres, rounds: 8);
