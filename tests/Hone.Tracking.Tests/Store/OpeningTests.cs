using Hone.Space;
using Hone.Tracking.Store;
using Hone.Trials;

namespace Hone.Tracking.Tests.Store;

public sealed class OpeningTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Another_space_or_objective_is_refused_with_the_difference()
    {
        await using var store = await OpenAsync();
        await (await store.OpenStudyAsync(Some.Study())).DisposeAsync();
        var changed = Some.Study() with
        {
            Space = new SearchSpace([Some.Space.Parameters[0], new IntParameter("batch_size", 1, 256, log: true), .. Some.Space.Parameters.Skip(2)]),
            Objectives = [new Objective("loss", Goal.Minimize, Aggregate.Min)],
        };

        var refusal = await Assert.ThrowsAsync<StudyMismatchException>(() => store.OpenStudyAsync(changed));

        Assert.Equal(
            """
            The study 'diabetes' is in the store with another space or other objectives (- stored, + given):
              - objective loss: minimize, last value
              - batch_size: int [1, 512] log
              + objective loss: minimize, min value
              + batch_size: int [1, 256] log
            Use --new to begin it anew and keep the old one under another name, or give this study another name.
            """,
            refusal.Message);
    }

    [Fact]
    public async Task Another_order_of_objectives_is_another_study()
    {
        await using var store = await OpenAsync();
        var study = Some.Study() with { Objectives = [new Objective("loss"), new Objective("cost")] };
        await (await store.OpenStudyAsync(study)).DisposeAsync();

        var refusal = await Assert.ThrowsAsync<StudyMismatchException>(
            () => store.OpenStudyAsync(study with { Objectives = [.. study.Objectives.Reverse()] }));

        Assert.Contains("- objective loss: minimize, last value; objective cost: minimize, last value", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Budget_sampler_constraints_and_rules_may_change()
    {
        await using var store = await OpenAsync();
        await (await store.OpenStudyAsync(Some.Study())).DisposeAsync();
        var changed = Some.Study() with { Budget = new() { Trials = 9 }, Constraints = [new Comparison("an odd name (1)", Comparator.Below, 3, Aggregate.Min)], Seed = 5 };

        await (await store.OpenStudyAsync(changed)).DisposeAsync();

        Assert.Equal(changed.Constraints, (await store.ReadStudyAsync("diabetes", history: false))!.Constraints);
    }

    [Fact]
    public async Task A_fresh_study_keeps_the_old_one_under_a_name_with_the_time()
    {
        var time = new FixedTime(Some.Noon);
        await using var store = await StudyStore.OpenAsync(_folder.Store, time);
        for (var i = 0; i < 3; i++)
        {
            await using var journal = await store.OpenStudyAsync(Some.Study(), fresh: true);
            await journal.WriteAsync([.. Some.Complete(1, i)]);
        }

        var studies = await store.ListStudiesAsync();
        Assert.Equal(
            [("diabetes", 2.0), ("diabetes (archived 2026-01-02 12:00:00)", 0.0), ("diabetes (archived 2026-01-02 12:00:00) 2", 1.0)],
            studies.Select(s => (s.Name, s.BestValue!.Value)));
    }

    [Fact]
    public async Task A_second_tuner_is_refused_and_told_of_the_first()
    {
        await using var store = await OpenAsync();
        await using var first = await store.OpenStudyAsync(Some.Study());

        var refusal = await Assert.ThrowsAsync<StudyLockedException>(() => store.OpenStudyAsync(Some.Study(), fresh: true));

        Assert.Equal(
            $"Another hone tunes the study 'diabetes': process {Environment.ProcessId} on {Environment.MachineName}. "
            + "Wait for it or end it, or give this study another name.",
            refusal.Message);
    }

    [Fact]
    public async Task A_tuner_in_another_process_is_named_and_the_study_is_free_when_it_dies()
    {
        using var writer = KilledWriter.Start(_folder.Store);
        await writer.StandardOutput.ReadLineAsync();
        await using var store = await OpenAsync();

        var refusal = await Assert.ThrowsAsync<StudyLockedException>(() => store.OpenStudyAsync(Some.Study(KilledWriter.Study)));
        Assert.Contains($"process {writer.Id} on", refusal.Message, StringComparison.Ordinal);

        writer.Kill();
        await writer.WaitForExitAsync();
        await (await store.OpenStudyAsync(Some.Study(KilledWriter.Study))).DisposeAsync();
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("/absolute")]
    [InlineData("..")]
    [InlineData("☃ ünïcode 研究")]
    [InlineData("a\nb\0c'; DROP TABLE runs; --")]
    [InlineData(" ")]
    public async Task Any_name_is_a_study_and_its_lock_stays_in_the_folder_of_locks(string name)
    {
        await using var store = await OpenAsync();
        await using (var journal = await store.OpenStudyAsync(Some.Study(name)))
        {
            await journal.WriteAsync([.. Some.Complete(1, 3)]);
        }

        Assert.Equal(name, (await store.ReadBestAsync(name))!.Study.Name);
        Assert.Single(Directory.GetFiles(Path.Combine(_folder.Path, "locks")));
        Assert.All(Directory.GetFileSystemEntries(_folder.Path), entry => Assert.Matches("^(hone\\.db(-wal|-shm)?|locks)$", Path.GetFileName(entry)));
    }

    [Fact]
    public async Task Names_that_differ_in_one_character_have_locks_of_their_own()
    {
        await using var store = await OpenAsync();
        await using var first = await store.OpenStudyAsync(Some.Study("a/b"));
        await using var second = await store.OpenStudyAsync(Some.Study("a_b"));

        Assert.NotEqual(first.Experiment, second.Experiment);
    }

    private Task<StudyStore> OpenAsync() => StudyStore.OpenAsync(_folder.Store, TimeProvider.System);

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
