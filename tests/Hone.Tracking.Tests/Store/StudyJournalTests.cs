using Hone.Tracking.Store;
using Hone.Trials;
using Hone.Tuning;

namespace Hone.Tracking.Tests.Store;

public abstract class StudyJournalTests(StoreKind kind) : IAsyncLifetime
{
    private TemporaryStore _store = null!;

    public async ValueTask InitializeAsync() => _store = await TemporaryStore.NewAsync(kind);

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Any_events_are_read_back_as_they_were_written()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new SeededRandom((ulong)seed);
            var events = RandomEvents.Of(random, random.Next(1, 200));
            var lines = EventText.Of(events).ConvertAll(Kept);
            await using var store = await OpenAsync();
            var written = 0;
            while (written < events.Count)
            {
                // Each session opens the study anew and writes some batches.
                await using var journal = await store.OpenStudyAsync(Some.Study($"seed {seed}"));
                for (var batch = random.Next(1, 5); batch > 0 && written < events.Count; batch--)
                {
                    for (var i = random.Next(1, 30); i > 0 && written < events.Count; i--)
                    {
                        journal.Append(events[written++]);
                    }

                    await journal.CommitAsync(CancellationToken.None);
                }
            }

            await using var reopened = await store.OpenStudyAsync(Some.Study($"seed {seed}"));
            var read = await EventText.OfAsync(reopened);
            Assert.True(lines.SequenceEqual(read), $"seed {seed}: wrote\n{string.Join('\n', lines)}\nread\n{string.Join('\n', read)}");
        }
    }

    [Fact]
    public async Task Holds_only_what_was_committed()
    {
        await using var store = await OpenAsync();
        await using (var journal = await store.OpenStudyAsync(Some.Study()))
        {
            await journal.WriteAsync(Some.Proposed(1));
            journal.Append(Some.Proposed(2));
        }

        await using var reopened = await store.OpenStudyAsync(Some.Study());
        Assert.Equal([EventText.Of(Some.Proposed(1))], (IEnumerable<string>)await EventText.OfAsync(reopened));
    }

    [Fact]
    public async Task A_cancelled_commit_leaves_the_batch_for_the_next()
    {
        await using var store = await OpenAsync();
        await using var journal = await store.OpenStudyAsync(Some.Study());
        journal.Append(Some.Proposed(1));

        await Assert.ThrowsAsync<OperationCanceledException>(() => journal.CommitAsync(new CancellationToken(true)).AsTask());
        Assert.Empty(await EventText.OfAsync(journal));
        await journal.CommitAsync(CancellationToken.None);

        Assert.Single(await EventText.OfAsync(journal));
    }

    [Fact]
    public async Task An_event_of_a_trial_that_was_never_proposed_is_refused_with_its_whole_batch()
    {
        await using var store = await OpenAsync();
        await using var journal = await store.OpenStudyAsync(Some.Study());
        journal.Append(Some.Proposed(1));
        journal.Append(Some.Started(2));

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => journal.CommitAsync(CancellationToken.None).AsTask());

        Assert.Equal("Trial 2 was never proposed.", refusal.Message);
        Assert.Empty(await EventText.OfAsync(journal));
    }

    [Fact]
    public async Task Keeps_the_events_of_two_studies_apart()
    {
        await using var store = await OpenAsync();
        await using var first = await store.OpenStudyAsync(Some.Study("first"));
        await using var second = await store.OpenStudyAsync(Some.Study("second"));
        for (var trial = 1; trial <= 20; trial++)
        {
            await first.WriteAsync([.. Some.Complete(trial, trial)]);
            await second.WriteAsync([.. Some.Complete(trial, -trial, trial)]);
        }

        Assert.Equal(EventText.Of(Enumerable.Range(1, 20).SelectMany(t => Some.Complete(t, t))), await EventText.OfAsync(first));
        Assert.Equal(EventText.Of(Enumerable.Range(1, 20).SelectMany(t => Some.Complete(t, -t, t))), await EventText.OfAsync(second));
    }

    protected async Task TakeAsync(int steps)
    {
        await using var store = await OpenAsync();
        await using var journal = await store.OpenStudyAsync(Some.Study());
        var values = Enumerable.Range(0, 10).Select(i => new MetricValue($"metric_{i}", i)).ToArray();
        for (var trial = 1; trial <= 100; trial++)
        {
            journal.Append(Some.Proposed(trial));
            journal.Append(Some.Started(trial));
        }

        for (var step = 1; step <= steps; step++)
        {
            for (var trial = 1; trial <= 100; trial++)
            {
                journal.Append(Some.Reported(trial, step, values));
            }

            await journal.CommitAsync(CancellationToken.None);
        }

        var measurements = 0L;
        await foreach (var entry in journal.ReadAsync(CancellationToken.None))
        {
            measurements += entry is TrialReported reported ? reported.Values.Count : 0;
        }

        Assert.Equal(steps * 1_000, measurements);
    }

    // PostgreSQL has no U+0000 in a text; its picture stands for it.
    private string Kept(string line) => kind == StoreKind.Postgres ? line.Replace('\0', '␀') : line;

    private Task<StudyStore> OpenAsync() => StudyStore.OpenAsync(_store.Address, TimeProvider.System);
}

public sealed class SqliteStudyJournalTests() : StudyJournalTests(StoreKind.Sqlite)
{
    [Fact]
    public Task Takes_a_million_measurements() => TakeAsync(steps: 1_000);
}

public sealed class PostgresStudyJournalTests() : StudyJournalTests(StoreKind.Postgres)
{
    [Fact]
    public Task Takes_a_hundred_thousand_measurements() => TakeAsync(steps: 100);
}
