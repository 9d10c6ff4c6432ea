using Hone.Pipelines.Files;
using Hone.Pipelines.Objects;
using Hone.Pipelines.Repositories;

namespace Hone.Pipelines.Remotes;

/// <summary>Remembers which folders a remote was seen to hold as a whole, so that nothing of them is asked for again while their lists are there.</summary>
/// <remarks>A folder's list is pushed after all its files, so that a list that is there stands for them.</remarks>
internal sealed class RemoteMemory
{
    private readonly string _folder;

    public RemoteMemory(Repository repository, IRemote remote) =>
        _folder = Path.Combine(repository.HoneFolder, "remotes", ObjectId.Of(System.Text.Encoding.UTF8.GetBytes(remote.Address)).ToString());

    /// <summary>Whether all files of a folder were seen there.</summary>
    public bool Knows(ObjectId folder) => Posix.Stat(Path.Combine(_folder, folder.ToString())) is not null;

    /// <summary>The folders that were seen there, the last ones first.</summary>
    /// <param name="count">How many at most.</param>
    public IEnumerable<ObjectId> Latest(int count)
    {
        var known = new List<(ObjectId Id, long At)>();
        foreach (var entry in FolderReader.Read(_folder) ?? [])
        {
            if (ObjectId.TryParse(entry.Name, out var id) && Posix.Stat(Path.Combine(_folder, entry.Name)) is { } stamp)
            {
                known.Add((id, stamp.ModifiedNanoseconds));
            }
        }

        return known.OrderByDescending(folder => folder.At).Take(count).Select(folder => folder.Id);
    }

    /// <summary>Remembers that all files of a folder are there.</summary>
    public void Remember(ObjectId folder)
    {
        SafeFile.MakeFolders(_folder);
        SafeFile.WriteBytes(Path.Combine(_folder, folder.ToString()), [], 0x1B6);
    }

    /// <summary>Forgets a folder.</summary>
    public void Forget(ObjectId folder) => Posix.Unlink(Path.Combine(_folder, folder.ToString()));
}
