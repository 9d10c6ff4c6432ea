using System.Collections.Concurrent;
using System.Net;
using Hone.Tracking.Filters;
using Hone.Tracking.Runs;
using Hone.Tracking.Store;
using Hone.Tracking.Tests.Rest;
using Hone.Tracking.Tests.Store;

namespace Hone.Tracking.Tests.Postgres;

/// <summary>What a store in PostgreSQL does by itself; what it has in common with a file is in the suites of both.</summary>
public sealed class PostgresStoreTests : IAsyncLifetime
{
    private static readonly string[] Texts =
        ["", "a", "A", "ab", "aB", "a%", "a_b", "a\\b", "ä", "Ä", "äb", "É", "é", "☃", "a☃b", "😀", "a😀b", "aab", "%", "_", "\\", "'", "\"", "z", "Z", " "];

    private PostgresCluster _cluster = null!;
    private string _store = "";

    public async ValueTask InitializeAsync()
    {
        _cluster = await PostgresCluster.SharedAsync();
        _store = await _cluster.TakeAsync();
    }

    public async ValueTask DisposeAsync() => await _cluster.ReturnAsync(_store);

    [Fact]
    public async Task Finds_and_sorts_what_a_file_finds_and_sorts()
    {
        using var folder = new TemporaryFolder();
        await using var file = await FilledAsync(folder.Store);
        await using var database = await FilledAsync(_store);
        var (left, right) = (file.Readers.Rent(), database.Readers.Rent());
        Comparator[] comparators = [Comparator.Equal, Comparator.NotEqual, Comparator.Like, Comparator.LikeInAnyCase];
        string[] subjects = ["params.p", "tags.t", "run_name"];
        string[] orders = ["params.p", "params.p DESC", "tags.t", "run_name DESC", "metrics.m", "metrics.m DESC", "start_time"];
        string[] numbers = ["1e300", "-2", "0.5", "9007199254740993", "3", "0"];
        for (var seed = 1; seed <= 300; seed++)
        {
            var random = new SeededRandom((ulong)seed);
            var text = Texts[random.Next(Texts.Length)] + (random.Next(3) == 0 ? Texts[random.Next(Texts.Length)] : "");
            var condition = random.Next(3) == 0
                ? Filter.Parse($"metrics.m {(random.Next(2) == 0 ? "<" : ">=")} {numbers[random.Next(numbers.Length)]}")[0]
                : new Condition(Subjects.Parse(subjects[random.Next(3)]), comparators[random.Next(4)], [new FilterToken(TokenKind.Text, text, text)]);
            var query = new RunQuery
            {
                Experiments = [0],
                Conditions = random.Next(5) == 0 ? [] : [condition],
                Orders = [Order.Parse(orders[random.Next(orders.Length)])],
                Offset = random.Next(20),
                Most = random.Next(1, 60),
            };

            Assert.True(RunSearch.Find(left, query).SequenceEqual(RunSearch.Find(right, query)), $"seed {seed}: {condition} '{text}' by {query.Orders[0]}");
        }

        file.Readers.Return(left);
        database.Readers.Return(right);
    }

    [Fact]
    public async Task Serves_through_several_servers_at_once_and_gives_nobody_the_same_key_twice()
    {
        await using var first = await RestServer.OverAsync(_store);
        await using var second = await RestServer.OverAsync(_store);
        var runs = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(Enumerable.Range(0, 8), async (lane, _) =>
        {
            var server = lane % 2 == 0 ? first : second;
            for (var i = 0; i < 15; i++)
            {
                var run = await server.NewRunAsync(name: $"{lane}.{i}");
                await server.LogAsync(run, $"metric {i}", lane);
                runs.Add(run);
            }
        });

        Assert.Equal(120, runs.Distinct().Count());
        foreach (var run in runs)
        {
            Assert.Single((await first.RunAsync(run)).At("data.metrics").EnumerateArray());
        }

        Assert.Equal(["15"], await _cluster.SqlAsync(_store, "SELECT count(*) FROM hone.metric_names"));
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i => await (i % 2 == 0 ? first : second)
            .SendAsync(HttpMethod.Post, "experiments/create", new { name = "one" })));
        Assert.Single(made, answer => answer.Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task Lets_one_tuner_work_on_a_study_and_tells_who_it_is()
    {
        await using var store = await StudyStore.OpenAsync(_store, TimeProvider.System);
        await using (var journal = await store.OpenStudyAsync(Some.Study()))
        {
            var refusal = await Assert.ThrowsAsync<StudyLockedException>(() => store.OpenStudyAsync(Some.Study()));

            Assert.Equal(
                $"Another hone tunes the study 'diabetes': process {Environment.ProcessId} on {Environment.MachineName}. Wait for it or end it, or give this study another name.",
                refusal.Message);
            Assert.Equal(Tuning.StudyState.Running, (await store.ListStudiesAsync())[0].State);
            await using var server = await RestServer.OverAsync(_store);
            Assert.Equal("INVALID_STATE", (await server.RefusalAsync(HttpMethod.Post, "experiments/delete", new { experiment_id = $"{journal.Experiment}" })).Code);
        }

        await using var next = await store.OpenStudyAsync(Some.Study());
    }

    [Fact]
    public async Task Is_made_once_however_many_open_it_first()
    {
        await _cluster.SqlAsync(_store, "SET client_min_messages = error; DROP SCHEMA IF EXISTS hone CASCADE");
        var refusal = await Assert.ThrowsAsync<StudyStoreException>(() => StudyStore.OpenExistingAsync(_store, TimeProvider.System));
        Assert.Equal($"There is no store '{_store}'. Name one with --store, or make one with hone tune.", refusal.Message);

        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => StudyStore.OpenAsync(_store, TimeProvider.System))));

        foreach (var store in stores)
        {
            Assert.Empty(await store.ListStudiesAsync());
            await store.DisposeAsync();
        }

        Assert.Equal(["1"], await _cluster.SqlAsync(_store, "SELECT count(*) FROM hone.store"));
    }

    [Fact]
    public async Task One_of_a_newer_version_is_left_alone()
    {
        await (await StudyStore.OpenAsync(_store, TimeProvider.System)).DisposeAsync();
        await _cluster.SqlAsync(_store, "UPDATE hone.version SET version = 99");

        var refusal = await Assert.ThrowsAsync<StudyStoreException>(() => StudyStore.OpenAsync(_store, TimeProvider.System));

        Assert.Equal($"The store {_store} has version 99, and this program knows versions up to {StoreSchema.Version}. Use a newer hone.", refusal.Message);
        await _cluster.SqlAsync(_store, $"UPDATE hone.version SET version = {StoreSchema.Version}");
    }

    [Fact]
    public async Task Commits_are_on_the_disk_whatever_the_database_does_by_itself()
    {
        await using var store = await TrackingStore.OpenAsync(_store + "?options=-c%20synchronous_commit%3Doff", TimeProvider.System, CancellationToken.None);
        var session = store.Readers.Rent();
        using var setting = session.Database.Prepare("SELECT current_setting('synchronous_commit')");

        Assert.True(setting.Step());
        Assert.Equal("on", setting.Text(0));
        store.Readers.Return(session);
    }

    private static async Task<TrackingStore> FilledAsync(string address)
    {
        var store = await TrackingStore.OpenAsync(address, TimeProvider.System, CancellationToken.None);
        await store.Writer.RunAsync(new Fill());
        return store;
    }

    private sealed class Fill : PendingChange
    {
        private static readonly double[] Numbers = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0, -0.0, 3, 0.5, double.MaxValue, double.Epsilon];

        public override void Apply(TrackingSession session)
        {
            var random = new SeededRandom(3);
            for (var i = 0; i < 150; i++)
            {
                var run = TrackedRuns.Create(session, 0, "", Text(random), random.Next(10));
                if (random.Next(4) > 0)
                {
                    RunParameters.Add(session, run, [("p", Text(random))]);
                    TrackedRuns.SetTag(session, run, "t", Text(random));
                    RunMetrics.Log(session, run, new LoggedMetric("m", Numbers[random.Next(Numbers.Length)], 1, 1));
                }
            }
        }

        private static string Text(SeededRandom random) => Texts[random.Next(Texts.Length)] + Texts[random.Next(Texts.Length)];
    }
}
