using Hone.Tracking.Store;
using Hone.Tracking.Tests.Rest;

namespace Hone.Tracking.Tests.Store;

public sealed class BackupTests
{
    [Fact]
    public async Task A_copy_that_is_made_under_load_is_whole_and_of_one_moment()
    {
        await using var server = await RestServer.StartAsync();
        var run = await server.NewRunAsync();
        using var ending = new CancellationTokenSource();
        var acknowledged = 0;
        var writing = Task.Run(async () =>
        {
            for (var step = 0; !ending.IsCancellationRequested; step++)
            {
                await server.PostAsync("runs/log-batch", new { run_id = run, metrics = Enumerable.Range(0, 10).Select(i => new { key = $"m{i}", value = step, timestamp = step, step }) });
                Interlocked.Exchange(ref acknowledged, step);
            }
        });
        for (var i = 0; i < 3; i++)
        {
            while (Volatile.Read(ref acknowledged) < (i + 1) * 5)
            {
                await Task.Yield();
            }

            var least = Volatile.Read(ref acknowledged);
            var copy = Path.Combine(server.Folder, $"copy-{i}.db");
            StoreBackup.Save(server.StorePath, copy);
            var most = Volatile.Read(ref acknowledged) + 1;

            // A batch is in it or is not; what was acknowledged before is.
            using var database = SqliteDatabase.Open(copy, create: false);
            var steps = database.Number("SELECT max(step) FROM run_metrics")!.Value;
            Assert.InRange(steps, least, most);
            Assert.Equal((steps + 1) * 10, database.Number("SELECT count(*) FROM run_metrics"));
        }

        await ending.CancelAsync();
        await writing;
    }

    [Fact]
    public async Task A_copy_is_put_back_as_a_store_that_goes_on()
    {
        await using var server = await RestServer.StartAsync();
        var run = await server.NewRunAsync(name: "kept");
        await server.LogAsync(run, "loss", 0.5);
        var (copy, store) = (Path.Combine(server.Folder, "copy.db"), Path.Combine(server.Folder, "restored", "hone.db"));
        StoreBackup.Save(server.StorePath, copy);

        StoreBackup.Restore(copy, store);

        await using var restored = await Tracking.Rest.TrackingServer.StartAsync(new() { Store = store, Port = 0 }, TimeProvider.System);
        using var http = new HttpClient { BaseAddress = restored.Address };
        var text = await http.GetStringAsync($"/api/2.0/mlflow/runs/get?run_id={run}");
        Assert.Contains("\"value\":0.5", text, StringComparison.Ordinal);
        Assert.Contains("kept", text, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(copy));
        }
    }

    [Fact]
    public async Task Nothing_that_is_there_is_overwritten()
    {
        await using var server = await RestServer.StartAsync();
        var copy = Path.Combine(server.Folder, "copy.db");
        StoreBackup.Save(server.StorePath, copy);

        Assert.Equal($"'{copy}' is there already. Name another file, or move it away.", Assert.Throws<StudyStoreException>(() => StoreBackup.Save(server.StorePath, copy)).Message);
        Assert.StartsWith(
            $"'{server.StorePath}' is there already. ", Assert.Throws<StudyStoreException>(() => StoreBackup.Restore(copy, server.StorePath)).Message, StringComparison.Ordinal);
        File.Move(copy, Path.Combine(server.Folder, "other.db"));
        await File.WriteAllTextAsync(copy + "-wal", "left over");
        Assert.Throws<StudyStoreException>(() => StoreBackup.Restore(Path.Combine(server.Folder, "other.db"), copy));
    }

    [Fact]
    public async Task What_is_damaged_or_no_store_is_told_and_nothing_is_left_behind()
    {
        using var folder = new TemporaryFolder();
        var (copy, damaged) = (Path.Combine(folder.Path, "copy.db"), Path.Combine(folder.Path, "damaged.db"));
        Assert.Equal($"There is no store '{folder.Store}'. Name one with --store.", Assert.Throws<StudyStoreException>(() => StoreBackup.Save(folder.Store, copy)).Message);
        Assert.Equal($"There is no backup '{copy}'.", Assert.Throws<StudyStoreException>(() => StoreBackup.Restore(copy, folder.Store)).Message);
        await (await StudyStore.OpenAsync(damaged, TimeProvider.System)).DisposeAsync();
        var bytes = await File.ReadAllBytesAsync(damaged);
        bytes.AsSpan(bytes.Length / 2, 4_000).Fill(0xAB);
        await File.WriteAllBytesAsync(damaged, bytes);

        Assert.Throws<StudyStoreException>(() => StoreBackup.Restore(damaged, folder.Store));
        await File.WriteAllTextAsync(copy, "this is no database, but it is long enough to be taken for one");
        Assert.Throws<StudyStoreException>(() => StoreBackup.Restore(copy, folder.Store));

        Assert.Equal(["copy.db", "damaged.db"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Files_are_copied_once_and_links_are_not_followed()
    {
        using var folder = new TemporaryFolder();
        var (from, to) = (Path.Combine(folder.Path, "artifacts"), Path.Combine(folder.Path, "copy.artifacts"));
        Directory.CreateDirectory(Path.Combine(from, "0", "run"));
        Directory.CreateDirectory(Path.Combine(from, ".uploads"));
        await File.WriteAllTextAsync(Path.Combine(from, "0", "run", "a.txt"), "content");
        await File.WriteAllTextAsync(Path.Combine(from, ".uploads", "half"), "half");
        File.CreateSymbolicLink(Path.Combine(from, "0", "link"), "/etc/passwd");

        var first = await StoreBackup.CopyFilesAsync(from, to);
        var second = await StoreBackup.CopyFilesAsync(from, to);

        Assert.Equal((1, 7L, 0), (first.Files, first.FileBytes, second.Files));
        Assert.Equal(["a.txt"], Directory.EnumerateFiles(to, "*", SearchOption.AllDirectories).Select(Path.GetFileName));
        Assert.Equal("content", await File.ReadAllTextAsync(Path.Combine(to, "0", "run", "a.txt")));
    }
}
