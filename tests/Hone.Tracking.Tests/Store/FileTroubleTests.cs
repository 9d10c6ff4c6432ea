using Hone.Tracking.Store;

namespace Hone.Tracking.Tests.Store;

public sealed class FileTroubleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Folders_on_the_way_to_the_file_are_made()
    {
        var path = Path.Combine(_folder.Path, "a", "b", "hone.db");
        await using var store = await StudyStore.OpenAsync(path, TimeProvider.System);

        Assert.True(File.Exists(path));
    }

    [Fact]
    public async Task A_question_makes_no_file()
    {
        var refusal = await Assert.ThrowsAsync<StudyStoreException>(() => StudyStore.OpenExistingAsync(_folder.Store, TimeProvider.System));

        Assert.Equal($"There is no store '{_folder.Store}'. Name one with --store, or make one with hone tune.", refusal.Message);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task A_folder_is_no_store() => Assert.Equal(
        $"The store '{_folder.Path}' is a folder. Name a file in it, e.g. {_folder.Path}/hone.db.", await RefusalAsync(_folder.Path));

    [Fact]
    public async Task A_file_in_the_way_of_the_folder_is_named()
    {
        await File.WriteAllTextAsync(_folder.Store, "");

        Assert.StartsWith("The folder of the store '", await RefusalAsync(Path.Combine(_folder.Store, "hone.db")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_left_alone()
    {
        var text = string.Concat(Enumerable.Repeat("study: diabetes\n", 100));
        await File.WriteAllTextAsync(_folder.Store, text);

        Assert.Equal($"'{_folder.Store}' is not a store: it is no SQLite database. Name another file with --store.", await RefusalAsync(_folder.Store));
        Assert.Equal(text, await File.ReadAllTextAsync(_folder.Store));
    }

    [Fact]
    public async Task Another_programs_database_is_refused()
    {
        Sqlite(_folder.Store, "CREATE TABLE t (x)");

        Assert.Equal(
            $"'{_folder.Store}' is not a store: it is a SQLite database of another program. Name another file with --store.",
            await RefusalAsync(_folder.Store));
    }

    [Fact]
    public async Task A_newer_version_is_refused()
    {
        await (await StudyStore.OpenAsync(_folder.Store, TimeProvider.System)).DisposeAsync();
        Sqlite(_folder.Store, "PRAGMA user_version = 99");

        Assert.Equal(
            $"The store '{_folder.Store}' has version 99, and this program knows versions up to {StoreSchema.Version}. Use a newer hone.",
            await RefusalAsync(_folder.Store));
    }

    [Fact]
    public async Task A_damaged_file_is_called_damaged()
    {
        await FillAsync(trials: 300);
        await using (var file = new FileStream(_folder.Store, FileMode.Open, FileAccess.Write))
        {
            file.Position = 4096;
            file.Write(new byte[file.Length - 4096]);
        }

        await AssertDamagedAsync();
    }

    [Fact]
    public async Task A_file_that_was_cut_off_is_called_damaged()
    {
        await FillAsync(trials: 300);
        await using (var file = new FileStream(_folder.Store, FileMode.Open, FileAccess.Write))
        {
            file.SetLength(file.Length / 2);
        }

        await AssertDamagedAsync();
    }

    [Fact]
    public async Task A_log_torn_at_its_end_loses_only_the_torn_commit()
    {
        var copy = Path.Combine(_folder.Path, "copy.db");
        await using (var store = await StudyStore.OpenAsync(_folder.Store, TimeProvider.System))
        {
            await using var journal = await store.OpenStudyAsync(Some.Study());
            for (var trial = 1; trial <= 10; trial++)
            {
                await journal.WriteAsync([.. Some.Complete(trial, trial)]);
            }

            // What a power cut in the middle of the eleventh commit leaves.
            await journal.WriteAsync([.. Some.Complete(11, 11)]);
            File.Copy(_folder.Store, copy);
            var log = await File.ReadAllBytesAsync(_folder.Store + "-wal");
            await File.WriteAllBytesAsync(copy + "-wal", log[..^1000]);
        }

        await using var torn = await StudyStore.OpenExistingAsync(copy, TimeProvider.System);
        await using var reopened = await torn.OpenStudyAsync(Some.Study());
        Assert.Equal(EventText.Of(Enumerable.Range(1, 10).SelectMany(t => Some.Complete(t, t))), await EventText.OfAsync(reopened));
    }

    [Fact]
    public async Task A_full_disk_loses_nothing_acknowledged_and_the_batch_waits_for_space()
    {
        await using var store = await StudyStore.OpenAsync(_folder.Store, TimeProvider.System);
        var experiment = await ExperimentAsync(store);
        var database = SqliteDatabase.Open(_folder.Store, create: false);
        database.Execute("PRAGMA synchronous = FULL; PRAGMA max_page_count = 60");
        Assert.True(await database.TryLockAsync("diabetes", CancellationToken.None));
        await using (var journal = new StudyJournal(database, Some.Study(), experiment, TimeProvider.System))
        {
            var trial = 0;
            StudyStoreException? refusal = null;
            while (refusal is null)
            {
                trial++;
                refusal = await Record.ExceptionAsync(() => journal.WriteAsync([.. Some.Complete(trial, 3, 2, 1)])) as StudyStoreException;
            }

            Assert.Equal(
                $"No space is left for the store '{_folder.Store}'. Free some and go on: nothing that was acknowledged is lost.", refusal.Message);
            Assert.Equal(History(trial - 1), await EventText.OfAsync(journal));
            await Assert.ThrowsAsync<StudyStoreException>(() => journal.CommitAsync(CancellationToken.None).AsTask());

            database.Execute("PRAGMA max_page_count = 6000");
            await journal.CommitAsync(CancellationToken.None);
            await journal.WriteAsync([.. Some.Complete(trial + 1, 3, 2, 1)]);
            Assert.Equal(History(trial + 1), await EventText.OfAsync(journal));
        }
    }

    private static List<string> History(int trials) => EventText.Of(Enumerable.Range(1, trials).SelectMany(t => Some.Complete(t, 3, 2, 1)));

    private static async Task<long> ExperimentAsync(StudyStore store)
    {
        await using var journal = await store.OpenStudyAsync(Some.Study());
        return journal.Experiment;
    }

    // Where the damage is seen depends on where it is: when the file is opened, or when the damaged part is read.
    private async Task AssertDamagedAsync()
    {
        var refusal = await Assert.ThrowsAsync<StudyStoreException>(async () =>
        {
            await using var store = await StudyStore.OpenExistingAsync(_folder.Store, TimeProvider.System);
            await store.ReadStudyAsync("diabetes", history: true);
        });

        Assert.StartsWith($"The store '{_folder.Store}' is damaged (", refusal.Message, StringComparison.Ordinal);
    }

    private async Task FillAsync(int trials)
    {
        await using var store = await StudyStore.OpenAsync(_folder.Store, TimeProvider.System);
        await using var journal = await store.OpenStudyAsync(Some.Study());
        await journal.WriteAsync([.. Enumerable.Range(1, trials).SelectMany(t => Some.Complete(t, 3, 2, 1))]);
    }

    private static async Task<string> RefusalAsync(string path) =>
        (await Assert.ThrowsAsync<StudyStoreException>(() => StudyStore.OpenAsync(path, TimeProvider.System))).Message;

    private static void Sqlite(string path, string sql)
    {
        SQLitePCL.Batteries_V2.Init();
        SQLitePCL.raw.sqlite3_open(path, out var database);
        SQLitePCL.raw.sqlite3_exec(database, sql);
        database.Dispose();
    }
}
