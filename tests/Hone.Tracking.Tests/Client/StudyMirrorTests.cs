using System.Collections.Concurrent;
using System.Text.Json;
using Hone.Tracking.Client;
using Hone.Tracking.Tests.Rest;
using Hone.Tracking.Tests.Store;
using Hone.Trials;
using Hone.Tuning;

namespace Hone.Tracking.Tests.Client;

public sealed class StudyMirrorTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly ConcurrentQueue<string> _told = new();
    private RestServer _server = null!;

    private string Spool => Path.Combine(_server.Folder, "spool");

    public async ValueTask InitializeAsync() => _server = await RestServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Each_trial_is_a_run_with_its_parameters_values_state_and_reason()
    {
        await using (var mirror = Mirror())
        {
            Show(mirror, Session([.. Some.Complete(1, 3, double.NaN, 2), .. Failed(2)]), isOld: false);
        }

        var runs = await RunsAsync();
        Assert.Equal(["trial 1", "trial 2"], runs.Select(run => run.Text("info.run_name")));
        Assert.Equal(["FINISHED", "FAILED"], runs.Select(run => run.Text("info.status")));
        Assert.Equal(
            Some.Configuration(1).Values.Select(pair => $"{pair.Key}={pair.Value}").Order(StringComparer.Ordinal),
            runs[0].At("data.params").EnumerateArray().Select(pair => $"{pair.Text("key")}={pair.Text("value")}").Order(StringComparer.Ordinal));
        Assert.Equal([(3.0, 1), ("NaN", 2), (2.0, 3)], (await LossesAsync(runs[0])).OrderBy(loss => loss.Step));
        Assert.Equal(Some.Started(1).At.ToUnixTimeMilliseconds(), runs[0].At("info.start_time").GetInt64());
        Assert.Equal(Some.Ended(1, 2).At.ToUnixTimeMilliseconds(), runs[0].At("info.end_time").GetInt64());
        var tags = runs[1].At("data.tags").Pairs();
        Assert.Contains("hone.reason=exit status 3", tags, StringComparison.Ordinal);
        Assert.Contains("hone.state=Failed hone.study=diabetes hone.trial=2", tags, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Spool));
        Assert.Empty(_told);
    }

    [Fact]
    public async Task A_later_session_mirrors_what_is_new_alone()
    {
        StudyEvent[] first = [.. Session(Some.Complete(1, 1)), .. Some.Complete(2, 2).Take(2), new SessionEnded(Some.Noon, StudyState.Interrupted, Some.Spent(1))];
        await using (var mirror = Mirror())
        {
            Show(mirror, first, isOld: false);
        }

        Assert.Equal(["FINISHED", "SCHEDULED"], (await RunsAsync()).Select(run => run.Text("info.status")));
        await _server.PostAsync("runs/delete", new { run_id = (await RunsAsync())[0].Text("info.run_id") });
        await using (var mirror = Mirror())
        {
            Show(mirror, first, isOld: true);
            Show(mirror, Session([Some.Started(2, 2), Some.Reported(2, 1, new MetricValue("loss", 5)), Some.Ended(2, 5)]), isOld: false);
        }

        // Trial 1 was taken away and is not made again; trial 2 is the run that it was.
        var run = Assert.Single(await RunsAsync());
        Assert.Equal(("trial 2", "FINISHED"), (run.Text("info.run_name"), run.Text("info.status")));
        Assert.Contains("hone.attempt=2", run.At("data.tags").Pairs(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_broke_off_is_mirrored_again_and_nothing_is_doubled()
    {
        StudyEvent[] events = [.. Session(Some.Complete(1, 3, 2, 1)), .. Some.Complete(2, 9, 8).Take(3)];
        var broken = Mirror();
        Show(broken, events, isOld: false);
        await UntilAsync(async () => (await RunsAsync()) is [_, var second] && (await LossesAsync(second)).Count == 1);

        // As if the process had been killed: nothing is written down of what was mirrored.
        var mark = Directory.GetFiles(_server.Folder, "mirror-*.json").Single();
        var before = await File.ReadAllTextAsync(mark);
        await broken.DisposeAsync();
        await File.WriteAllTextAsync(mark, before);
        await using (var mirror = Mirror())
        {
            Show(mirror, events, isOld: true);
            Show(mirror, Session([new TrialRequeued(Some.Noon, 2, "interrupted", Some.Noon, false), Some.Started(2, 2), Some.Ended(2, 1)]), isOld: false);
        }

        var runs = await RunsAsync();
        Assert.Equal(["FINISHED", "FINISHED"], runs.Select(run => run.Text("info.status")));
        Assert.Equal(3, (await LossesAsync(runs[0])).Count);
        Assert.Single(await LossesAsync(runs[1]));
    }

    [Fact]
    public async Task A_study_that_began_without_a_server_is_mirrored_as_a_whole()
    {
        await using (var mirror = Mirror())
        {
            Show(mirror, [.. Session(Some.Complete(1, 1)), new SessionEnded(Some.Noon, StudyState.Interrupted, Some.Spent(1))], isOld: true);
            Show(mirror, Session(Some.Complete(2, 2)), isOld: false);
        }

        Assert.Equal(["FINISHED", "FINISHED"], (await RunsAsync()).Select(run => run.Text("info.status")));
    }

    [Fact]
    public async Task A_server_that_is_away_is_told_of_once_and_gets_it_all_when_it_is_back()
    {
        var isAway = true;
        await using var proxy = new FaultyProxy(_server.Address, _ => isAway ? Fault.Broken : Fault.None);
        await using (var mirror = Mirror(proxy.Address))
        {
            Show(mirror, Session(Enumerable.Range(1, 30).SelectMany(trial => Some.Complete(trial, 2, 1))), isOld: false);
            await UntilAsync(() => Task.FromResult(!_told.IsEmpty));
            isAway = false;
        }

        Assert.Equal(30, (await RunsAsync()).Count(run => run.Text("info.status") == "FINISHED"));
        Assert.Contains("the study goes on, and what is to be mirrored is kept in", _told.First(), StringComparison.Ordinal);
        Assert.Equal(2, _told.Count);
    }

    [Fact]
    public async Task What_a_server_never_takes_waits_in_spools_for_the_next_session()
    {
        var isAway = true;
        await using var proxy = new FaultyProxy(_server.Address, _ => isAway ? Fault.Broken : Fault.None);
        StudyEvent[] first = [.. Session(Some.Complete(1, 2, 1)), new SessionEnded(Some.Noon, StudyState.Interrupted, Some.Spent(1))];
        await using (var mirror = Mirror(proxy.Address, endLimit: TimeSpan.Zero))
        {
            Show(mirror, first, isOld: false);
        }

        Assert.Contains("1 trials are not wholly sent", _told.Last(), StringComparison.Ordinal);
        isAway = false;
        await using (var mirror = Mirror(proxy.Address))
        {
            Show(mirror, first, isOld: true);
        }

        Assert.Equal("FINISHED", Assert.Single(await RunsAsync()).Text("info.status"));
    }

    private static IEnumerable<StudyEvent> Session(IEnumerable<StudyEvent> events) => events.Prepend(new SessionBegan(Some.Noon));

    private static IEnumerable<StudyEvent> Failed(int trial) =>
    [
        Some.Proposed(trial), Some.Started(trial),
        new TrialEnded(Some.Noon.AddHours(1), trial, TrialState.Failed, "exit status 3", [double.NaN], 0, TimeSpan.FromSeconds(1)),
    ];

    private static void Show(StudyMirror mirror, IEnumerable<StudyEvent> events, bool isOld)
    {
        foreach (var entry in events)
        {
            mirror.See(entry, isOld);
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, "it does not come");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    private StudyMirror Mirror(Uri? server = null, TimeSpan? endLimit = null)
    {
        var mirror = new StudyMirror(
            Some.Study(),
            new HoneRunOptions
            {
                Server = (server ?? _server.Address).AbsoluteUri,
                SpoolFolder = Spool,
                EndLimit = endLimit ?? Patience,
                Notice = _told.Enqueue,
            },
            _server.Folder);
        mirror.Begin();
        return mirror;
    }

    private async Task<List<JsonElement>> RunsAsync()
    {
        var (status, experiment) = await _server.SendAsync(HttpMethod.Get, "experiments/get-by-name?experiment_name=diabetes", null);
        if (status != System.Net.HttpStatusCode.OK)
        {
            return [];
        }

        var found = await _server.PostAsync("runs/search", new { experiment_ids = new[] { experiment.Text("experiment.experiment_id") } });
        return found.Has("runs") ? [.. found.At("runs").EnumerateArray().OrderBy(run => run.Text("info.run_name"), StringComparer.Ordinal)] : [];
    }

    private async Task<List<(object Value, int Step)>> LossesAsync(JsonElement run)
    {
        var history = await _server.GetAsync($"metrics/get-history?run_id={run.Text("info.run_id")}&metric_key=loss");
        return history.Has("metrics")
            ? [.. history.At("metrics").EnumerateArray().Select(point => (
                point.At("value").ValueKind == JsonValueKind.String ? (object)point.Text("value")! : point.At("value").GetDouble(), point.At("step").GetInt32()))]
            : [];
    }
}
