using Hone.Space;
using Hone.Tracking.Store;
using Hone.Trials;
using Hone.Tuning;

namespace Hone.Tracking.Tests.Store;

public sealed class ReadingTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private StudyStore _store = null!;

    public async ValueTask InitializeAsync() => _store = await StudyStore.OpenAsync(_folder.Store, TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_name_that_is_not_there_is_null()
    {
        Assert.Null(await _store.ReadBestAsync("nothing"));
        Assert.Null(await _store.ReadStudyAsync("nothing", history: true));
        Assert.Empty(await _store.ListStudiesAsync());
    }

    [Fact]
    public async Task A_complete_trial_is_read_with_parameters_in_order_last_values_and_history()
    {
        await using var journal = await _store.OpenStudyAsync(Some.Study());
        var sgd = Configuration.Of(Some.Space, [
            new("learning_rate", 0.01), new("batch_size", 32), new("optimizer", "sgd"), new("momentum", 0.9), new("alpha", true)]);
        await journal.WriteAsync(
            Some.Proposed(1, sgd),
            Some.Started(1),
            Some.Reported(1, 1, new("loss", 3), new("a metric", double.NaN)),
            Some.Reported(1, 2, new MetricValue("loss", double.NegativeInfinity)),
            Some.Ended(1, 0.5));

        var trial = Assert.Single((await _store.ReadStudyAsync("diabetes", history: true))!.Trials);

        Assert.Equal(sgd.Values, trial.Parameters);
        Assert.Equal([new("a metric", double.NaN), new("loss", double.NegativeInfinity)], trial.Metrics);
        Assert.Equal(
            [
                new("loss", 1, 3, TimeSpan.FromSeconds(1)),
                new("a metric", 1, double.NaN, TimeSpan.FromSeconds(1)),
                new("loss", 2, double.NegativeInfinity, TimeSpan.FromSeconds(2)),
            ],
            trial.History);
        Assert.Equal((TrialState.Complete, "", 2, 60.0, 1), (trial.State, trial.Reason, trial.Steps, trial.WallSeconds, trial.Attempts));
        Assert.Equal([0.5], trial.Values);
        Assert.Equal(Some.Started(1).At, trial.Started);
        Assert.True(trial.Counts);
    }

    [Fact]
    public async Task A_running_trial_shows_what_it_reported_last()
    {
        await using var journal = await _store.OpenStudyAsync(Some.Study());
        await journal.WriteAsync(Some.Proposed(1), Some.Started(1), Some.Reported(1, 1, new("loss", 3), new("cost", 1)));
        await journal.WriteAsync(Some.Reported(1, 7, new MetricValue("loss", 2)));

        var trial = Assert.Single((await _store.ReadStudyAsync("diabetes", history: false))!.Trials);

        Assert.Equal((TrialState.Running, 7, 7.0), (trial.State, trial.Steps, trial.WallSeconds));
        Assert.Equal([new("cost", 1), new("loss", 2)], trial.Metrics);
        Assert.Empty(trial.History);
        Assert.Empty(trial.Values);
    }

    [Fact]
    public async Task Only_the_last_attempt_counts_also_when_another_session_ended_the_trial()
    {
        await using (var journal = await _store.OpenStudyAsync(Some.Study()))
        {
            await journal.WriteAsync(
                Some.Proposed(1),
                Some.Started(1),
                Some.Reported(1, 9, new("loss", 9), new("only_then", 1)),
                new TrialRequeued(Some.Noon, 1, "exit status 1", Some.Noon, IsRetry: true),
                Some.Started(1, attempt: 2),
                Some.Reported(1, 1, new MetricValue("loss", 4)) with { Attempt = 2 });
        }

        await using var continued = await _store.OpenStudyAsync(Some.Study());
        await continued.WriteAsync(Some.Ended(1, 4));

        var trial = Assert.Single((await _store.ReadStudyAsync("diabetes", history: true))!.Trials);
        Assert.Equal([new MetricValue("loss", 4)], trial.Metrics);
        Assert.Equal((1L, 2, 1), (trial.Steps, trial.Attempts, trial.History.Count));
    }

    [Fact]
    public async Task The_best_is_the_earliest_of_the_best_trials_that_count()
    {
        await using var journal = await _store.OpenStudyAsync(Some.Study() with { Objectives = [new Objective("score", Goal.Maximize)] });
        double[] scores = [0.1, 0.9, 0.9, double.PositiveInfinity, double.NaN, 2, 3, 0.2];
        for (var i = 0; i < scores.Length; i++)
        {
            await journal.WriteAsync(Some.Proposed(i + 1), Some.Started(i + 1), Some.Ended(i + 1, scores[i]) with
            {
                State = i == 5 ? TrialState.Stopped : TrialState.Complete,
                Violation = i == 6 ? 1 : 0,
            });
        }

        var best = await _store.ReadBestAsync("diabetes");

        Assert.Equal(2, Assert.Single(best!.Trials).Number);
        Assert.Equal(0.9, best.Study.BestValue);
        Assert.Equal((7, 1), (best.Study.Counts[TrialState.Complete], best.Study.Counts[TrialState.Stopped]));
    }

    [Fact]
    public async Task With_several_objectives_the_best_are_the_trials_that_none_beats()
    {
        await using var journal = await _store.OpenStudyAsync(
            Some.Study() with { Objectives = [new Objective("loss"), new Objective("speed", Goal.Maximize)] });
        (double, double)[] values = [(3, 3), (1, 1), (2, 2), (2, 1), (1, 0), (3, 3)];
        for (var i = 0; i < values.Length; i++)
        {
            await journal.WriteAsync(Some.Proposed(i + 1), Some.Started(i + 1), Some.Ended(i + 1, values[i].Item1, values[i].Item2));
        }

        Assert.Equal([2, 3, 1, 6], (await _store.ReadBestAsync("diabetes"))!.Trials.Select(t => t.Number));
    }

    [Fact]
    public async Task A_study_runs_while_its_journal_is_open_and_then_stands_as_its_last_session_ended()
    {
        await using (var journal = await _store.OpenStudyAsync(Some.Study()))
        {
            await journal.WriteAsync(new SessionBegan(Some.Noon));
            Assert.Equal(StudyState.Running, await StateAsync());
            await journal.WriteAsync([.. Some.Complete(1, 1)]);
            await journal.WriteAsync(new SessionEnded(Some.Noon.AddHours(2), StudyState.Finished, Some.Spent(1)));
        }

        Assert.Equal(StudyState.Finished, await StateAsync());
        Assert.Equal(Some.Spent(1), (await _store.ListStudiesAsync())[0].Spent);
        await using (var again = await _store.OpenStudyAsync(Some.Study()))
        {
            await again.WriteAsync(new SessionBegan(Some.Noon.AddHours(3)), Some.Proposed(2));
        }

        var summary = (await _store.ListStudiesAsync())[0];
        Assert.Equal((StudyState.Interrupted, 2, Some.Noon), (summary.State, summary.Spent.Trials, summary.Began));
    }

    [Fact]
    public async Task The_last_activity_is_the_last_report_of_a_running_trial()
    {
        await using var journal = await _store.OpenStudyAsync(Some.Study());
        await journal.WriteAsync(Some.Proposed(1), Some.Started(1), Some.Reported(1, 1000, new("loss", 3), new("cost", 1)));

        Assert.Equal(Some.Noon.AddSeconds(1001), (await _store.ListStudiesAsync())[0].LastActivity);
    }

    [Fact]
    public async Task Readers_see_whole_batches_while_a_tuner_writes()
    {
        await using var journal = await _store.OpenStudyAsync(Some.Study());
        using var done = new CancellationTokenSource();
        var reading = Task.Run(async () =>
        {
            var reads = 0;
            for (; !done.IsCancellationRequested || reads == 0; reads++)
            {
                await using var other = await StudyStore.OpenExistingAsync(_folder.Store, TimeProvider.System);
                var record = await other.ReadStudyAsync("diabetes", history: true);
                Assert.All(record!.Trials, trial => Assert.Equal((TrialState.Complete, 3), (trial.State, trial.History.Count)));
                Assert.Equal(Enumerable.Range(1, record.Trials.Count), record.Trials.Select(trial => trial.Number));
            }

            return reads;
        });
        for (var trial = 1; trial <= 300; trial++)
        {
            await journal.WriteAsync([.. Some.Complete(trial, 3, 2, 1)]);
        }

        await done.CancelAsync();
        Assert.True(await reading > 0);
        Assert.Equal(300, (await _store.ListStudiesAsync())[0].Trials);
    }

    [Fact]
    public async Task Trials_are_streamed_over_many_pages_in_order()
    {
        await using var journal = await _store.OpenStudyAsync(Some.Study());
        for (var trial = 1; trial <= 2500; trial++)
        {
            journal.Append(Some.Proposed(trial));
        }

        await journal.CommitAsync(CancellationToken.None);
        var numbers = new List<int>();
        await foreach (var trial in _store.ReadTrialsAsync("diabetes"))
        {
            numbers.Add(trial.Number);
        }

        Assert.Equal(Enumerable.Range(1, 2500), numbers);
    }

    [Fact]
    public async Task A_trial_keeps_the_rule_that_stopped_it_until_it_is_tried_again()
    {
        await using var journal = await _store.OpenStudyAsync(Some.Study());
        await journal.WriteAsync(
            Some.Proposed(1), Some.Started(1), new StopDecided(Some.Noon, 1, TrialState.Stopped, "median(loss)", "worse"), Some.Proposed(2));

        var stopped = await _store.ReadStudyAsync("diabetes", history: false);
        await journal.WriteAsync(new TrialRequeued(Some.Noon, 1, "again", Some.Noon, false), Some.Started(1, attempt: 2));
        var again = await _store.ReadStudyAsync("diabetes", history: false);

        Assert.Equal(["median(loss)", ""], stopped!.Trials.Select(t => t.Rule));
        Assert.Equal(["", ""], again!.Trials.Select(t => t.Rule));
    }

    [Fact]
    public async Task Measurements_keep_their_order_among_all_reports_of_the_study()
    {
        await using var journal = await _store.OpenStudyAsync(Some.Study());
        await journal.WriteAsync(
            Some.Proposed(1), Some.Proposed(2), Some.Started(1), Some.Started(2),
            Loss(2, 1, 1), Loss(1, 1, 2), Loss(2, 2, 3));

        var study = await _store.ReadStudyAsync("diabetes", history: true);

        var order = study!.Trials.SelectMany(t => t.Order.Zip(t.History, (at, m) => (at, m.Value))).OrderBy(m => m.at);
        Assert.Equal([1, 2, 3], order.Select(m => m.Value));
    }

    [Fact]
    public async Task Other_programs_find_runs_measurements_and_tags_in_views()
    {
        await using var journal = await _store.OpenStudyAsync(Some.Study());
        await journal.WriteAsync(
            Some.Proposed(1),
            Some.Started(1),
            Some.Reported(1, 5, new("loss", double.NaN), new("cost", 2)),
            Some.Ended(1, 4) with { State = TrialState.Failed, Reason = "diverged" });

        using var database = SqliteDatabase.Open(_folder.Store, create: false);
        Assert.Equal(
            ["loss  5 1", "cost 2.0 5 1"],
            Rows(database, "SELECT metric || ' ' || coalesce(value, '') || ' ' || step || ' ' || attempt FROM measurements ORDER BY run, sequence, position"));
        Assert.Equal(
            ["hone.attempt=1", "hone.reason=diverged", "hone.state=Failed", "hone.trial=1"],
            Rows(database, "SELECT key || '=' || value FROM run_tags ORDER BY key"));
        Assert.Matches("^1 [0-9a-f]{32}$", Assert.Single(Rows(database, "SELECT experiment || ' ' || run_uuid FROM run_ids")));
        Assert.Equal(["ok"], Rows(database, "PRAGMA integrity_check"));
    }

    private static TrialReported Loss(int trial, long step, double loss) => Some.Reported(trial, step, new MetricValue("loss", loss));

    private static List<string> Rows(Database database, string sql)
    {
        using var statement = database.Prepare(sql);
        var rows = new List<string>();
        while (statement.Step())
        {
            rows.Add(statement.Text(0)!);
        }

        return rows;
    }

    private async Task<StudyState> StateAsync() => (await _store.ListStudiesAsync())[0].State;
}
