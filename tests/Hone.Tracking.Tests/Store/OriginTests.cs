using System.Runtime.CompilerServices;
using Hone.Space;
using Hone.Tracking.Store;
using Hone.Trials;
using Hone.Tuning;

namespace Hone.Tracking.Tests.Store;

public sealed class OriginTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static Study Study(string? stop) => Some.Study() with
    {
        Origin = new StudyOrigin { Training = new Dictionary<string, string> { ["learner"] = "svm", ["data"] = "a \"b\" ☃" }, Stop = stop },
    };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_the_file_says_beyond_the_study_is_kept()
    {
        await using var store = await StudyStore.OpenAsync(_folder.Store, TimeProvider.System);
        await (await store.OpenStudyAsync(Study("[median, {when: \"a > 3\"}]"))).DisposeAsync();

        var record = (await store.ReadStudyAsync("diabetes", history: false))!;
        var summary = (await store.ReadBestAsync("diabetes"))!.Study;

        Assert.All([record.Origin!, summary.Origin!], origin =>
        {
            Assert.Equal("[median, {when: \"a > 3\"}]", origin.Stop);
            Assert.Equal([new("data", "a \"b\" ☃"), new("learner", "svm")], origin.Training.OrderBy(setting => setting.Key));
        });
        Assert.False(record.RulesChanged);
    }

    [Theory]
    [InlineData(false, "[median]", "[median]", "[median]")]
    [InlineData(true, "[median]", "[median]", "[]", "[]")]
    [InlineData(true, "[median]", "[]", "[median]")]
    [InlineData(true, null, "[median]")]
    public async Task That_the_rules_changed_between_sessions_is_kept(bool changed, params string?[] sessions)
    {
        await using var store = await StudyStore.OpenAsync(_folder.Store, TimeProvider.System);
        foreach (var stop in sessions)
        {
            await (await store.OpenStudyAsync(Study(stop))).DisposeAsync();
        }

        var record = (await store.ReadStudyAsync("diabetes", history: false))!;
        Assert.Equal((changed, sessions[^1]), (record.RulesChanged, record.Origin!.Stop));
    }

    [Fact]
    public async Task A_study_begun_anew_has_no_other_rules_before()
    {
        await using var store = await StudyStore.OpenAsync(_folder.Store, TimeProvider.System);
        await (await store.OpenStudyAsync(Study("[median]"))).DisposeAsync();
        await (await store.OpenStudyAsync(Study("[]"), fresh: true)).DisposeAsync();

        Assert.False((await store.ReadStudyAsync("diabetes", history: false))!.RulesChanged);
    }

    // Written by the program that knew version 1 alone: three trials of x * x at step 1 and x at step 2, the last stopped at 9.
    [Fact]
    public async Task A_store_of_the_first_version_is_read_and_goes_on()
    {
        Sqlite(_folder.Store, await File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(Here())!, "version1.sql")));
        await using var store = await StudyStore.OpenExistingAsync(_folder.Store, TimeProvider.System);

        var old = (await store.ReadStudyAsync("old", history: true))!;
        Assert.Equal([TrialState.Complete, TrialState.Complete, TrialState.Stopped], old.Trials.Select(trial => trial.State));
        Assert.Equal([1, 4, 2], [old.Trials[0].Values[0], old.Trials[1].History.First(m => m.Metric == "loss").Value, old.Trials[1].Values[0]]);
        Assert.Equal((null, false), (old.Origin, old.RulesChanged));

        var study = new Study { Name = "old", Space = new SearchSpace([new OrdinalParameter("x", 1, 2, 3)]), Objectives = [new Objective("loss")] };
        await using (var journal = await store.OpenStudyAsync(study with { Origin = new StudyOrigin { Stop = "[]" } }))
        {
            Assert.Equal(3, (await journal.ReadAsync(CancellationToken.None).ToListAsync()).OfType<TrialProposed>().Count());
        }

        Assert.True((await store.ReadStudyAsync("old", history: false))!.RulesChanged);
    }

    private static void Sqlite(string path, string sql)
    {
        SQLitePCL.Batteries_V2.Init();
        SQLitePCL.raw.sqlite3_open(path, out var database);
        Assert.Equal(SQLitePCL.raw.SQLITE_OK, SQLitePCL.raw.sqlite3_exec(database, sql));
        database.Dispose();
    }

    private static string Here([CallerFilePath] string here = "") => here;
}
