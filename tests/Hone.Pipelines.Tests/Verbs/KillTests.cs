using Hone.Pipelines.Files;
using Hone.Pipelines.Objects;
using Hone.Pipelines.Repositories;
using Hone.Pipelines.Verbs;
using Hone.Pipelines.Workspaces;

namespace Hone.Pipelines.Tests.Verbs;

public sealed class KillTests
{
    // More by HONE_KILLS: the suite's share is what fits into its time.
    private static readonly int Kills = int.TryParse(Environment.GetEnvironmentVariable("HONE_KILLS"), out var kills) ? kills : 16;

    [Fact]
    public async Task Killed_at_any_moment_the_repository_is_whole_and_the_next_command_goes_on()
    {
        using var repository = await DataRepository.MakeAsync();
        var store = repository.Folder.Path + "-store";
        try
        {
            for (var seed = 0; seed < Kills; seed++)
            {
                await KillAsync(repository.Folder.Path, seed);
                repository.Reopen();
                CheckObjects(repository.Folder[".dvc/cache/files/md5"], $"seed {seed}");
                CheckObjects(store + "/files/md5", $"seed {seed}");
                await GoOnAsync(repository, $"seed {seed}");
            }
        }
        finally
        {
            if (Directory.Exists(store))
            {
                Directory.Delete(store, recursive: true);
            }
        }
    }

    private static async Task KillAsync(string root, int seed)
    {
        var random = new Random(seed);
        using var worker = KilledWorker.Start(root, seed);
        for (var line = 0; line <= seed % 5; line++)
        {
            Assert.NotNull(await worker.StandardOutput.ReadLineAsync());
        }

        Thread.SpinWait(random.Next(400_000));
        worker.Kill();
        await worker.WaitForExitAsync();
    }

    // An object has its name or is a temporary file; a folder's list on the remote stands for all its files.
    private static void CheckObjects(string folder, string seed)
    {
        foreach (var path in Directory.Exists(folder) ? Directory.GetFiles(folder, "*", SearchOption.AllDirectories) : [])
        {
            var name = Path.GetFileName(path);
            if (SafeFile.IsTemporary(name))
            {
                continue;
            }

            var bytes = File.ReadAllBytes(path);
            var isFolder = name.EndsWith(".dir", StringComparison.Ordinal);
            Assert.True(Path.GetFileName(Path.GetDirectoryName(path)) + name == ObjectId.Of(bytes, isFolder).ToString(), $"{seed}: {path} is not what its name says");
            foreach (var entry in isFolder && folder.Contains("-store", StringComparison.Ordinal) ? Manifest.Read(bytes, path).Entries : [])
            {
                var id = entry.Id.ToString();
                Assert.True(File.Exists(Path.Combine(folder, id[..2], id[2..])), $"{seed}: {entry.Path} of {path} is missing");
            }
        }
    }

    private static async Task GoOnAsync(DataRepository repository, string seed)
    {
        var data = repository.Folder["data"];
        if (repository.Index.Find("data") is { Id: { } id } output)
        {
            var reader = new ContentReader(repository.Repository);
            Assert.True(Status.IsKept(repository.Repository, output, id, null, reader), $"{seed}: the recorded content is not in the cache");
        }

        foreach (var file in Directory.Exists(data) ? Directory.GetFiles(data, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith('~')) : [])
        {
            Assert.True(KilledWorker.IsWhole(await File.ReadAllTextAsync(file)), $"{seed}: {file} is not whole");
        }

        using var held = await RepositoryLock.TakeAsync(repository.Repository, TimeProvider.System);
        if (Directory.Exists(data))
        {
            await repository.AddAsync("data");
        }

        var result = await repository.CheckoutAsync();
        Assert.True(result.Failures.Count == 0, $"{seed}: {string.Join('\n', result.Failures)}");
        Assert.All(repository.Status().Values, change => Assert.Equal(OutputChange.None, change));
    }
}
