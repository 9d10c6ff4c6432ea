using Hone.Pipelines.Remotes;

namespace Hone.Pipelines.Tests.Remotes;

/// <summary>Repositories to be pushed.</summary>
internal static class Samples
{
    /// <summary>A folder <c>data</c> of so many files, each another, and a file <c>single</c>: two objects more than that.</summary>
    public static async Task<DataRepository> ManyAsync(int files)
    {
        var repository = await DataRepository.MakeAsync();
        for (var i = 0; i < files; i++)
        {
            repository.Folder.Write($"data/d{i % 3}/f{i}", $"file {i}");
        }

        repository.Folder.Write("single", "alone");
        await repository.AddAsync("data", "single");
        return repository;
    }

    /// <summary>How many objects a remote holds.</summary>
    public static async Task<int> CountAsync(IRemote remote)
    {
        var count = 0;
        await foreach (var key in remote.KeysAsync("files/md5/", CancellationToken.None))
        {
            count += key.EndsWith(".tmp", StringComparison.Ordinal) ? 0 : 1;
        }

        return count;
    }
}
