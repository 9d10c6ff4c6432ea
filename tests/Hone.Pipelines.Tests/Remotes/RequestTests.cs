using Hone.Pipelines.Remotes;

namespace Hone.Pipelines.Tests.Remotes;

/// <summary>How much a remote is asked: as little as can be, since every request costs a way there and back.</summary>
public sealed class RequestTests : IDisposable
{
    private readonly TemporaryFolder _disk = new();

    public void Dispose() => _disk.Dispose();

    [Fact]
    public async Task A_first_push_lists_what_is_there_and_asks_for_no_file()
    {
        using var repository = await Samples.ManyAsync(100);
        var remote = Bucket();

        Assert.Equal(102, (await repository.PushAsync(remote)).FileCount);

        // One 256th of all keys, then all of them; and whether the folder's list is there.
        Assert.Equal((2, 1, 102), (remote.Listed, remote.Asked, remote.Sent));
    }

    [Fact]
    public async Task A_push_of_what_is_there_lists_nothing()
    {
        using var repository = await Samples.ManyAsync(100);
        var remote = Bucket();
        await repository.PushAsync(remote);
        remote.Forget();

        Assert.Equal(0, (await repository.PushAsync(remote)).FileCount);

        // Whether the folder's list is there, which stands for its files, and whether the single file is.
        Assert.Equal((0, 2, 0), (remote.Listed, remote.Asked, remote.Sent));
    }

    [Fact]
    public async Task A_push_of_a_folder_with_one_new_file_asks_for_that_file_alone()
    {
        using var repository = await Samples.ManyAsync(100);
        var remote = Bucket();
        await repository.PushAsync(remote);
        repository.Folder.Write("data/new", "new");
        await repository.AddAsync("data");
        remote.Forget();

        Assert.Equal(2, (await repository.PushAsync(remote)).FileCount);

        // The list of before stands for all others; then the new file, the single one and the new list.
        Assert.Equal((0, 4, 2), (remote.Listed, remote.Asked, remote.Sent));
    }

    [Fact]
    public async Task A_remote_that_was_emptied_is_not_believed_to_be_full()
    {
        using var repository = await Samples.ManyAsync(100);
        await repository.PushAsync(Bucket());
        Directory.Delete(_disk["store"], recursive: true);
        repository.Folder.Write("data/new", "new");
        await repository.AddAsync("data");

        Assert.Equal(103, (await repository.PushAsync(Bucket())).FileCount);
    }

    [Fact]
    public async Task A_fetch_of_what_is_here_asks_nothing()
    {
        using var repository = await Samples.ManyAsync(10);
        var remote = Bucket();
        await repository.PushAsync(remote);
        remote.Forget();

        Assert.Equal(0, (await repository.FetchAsync(remote)).FileCount);

        Assert.Equal((0, 0), (remote.Listed, remote.Asked));
    }

    [Fact]
    public async Task A_disk_that_vanishes_is_told_and_the_next_push_goes_on()
    {
        using var repository = await Samples.ManyAsync(100);
        var mount = Directory.CreateDirectory(_disk["mount"]).FullName;
        var away = _disk["away"];
        var remote = new WatchedRemote(new LocalRemote(mount + "/disk/store"))
        {
            BeforeUpload = before =>
            {
                if (before == 50)
                {
                    Directory.Move(mount + "/disk", away);
                }

                return Task.CompletedTask;
            },
        };
        Directory.CreateDirectory(mount + "/disk");

        // One at a time: what is on its way when the disk goes may fail in other words.
        var cut = await new Transfer(repository.Repository, remote, jobs: 1).PushAsync(repository.Targets());

        Assert.Equal(50, cut.FileCount);
        Assert.Contains($"the remote '{mount}/disk/store' is not there, nor is the folder '{mount}/disk' that it would lie in; mount it or make it", cut.Failures[^2], StringComparison.Ordinal);
        Assert.StartsWith("gave up, since nothing went through any more: ", cut.Failures[^1], StringComparison.Ordinal);
        Assert.False(Directory.Exists(mount + "/disk"));

        Directory.Move(away, mount + "/disk");
        var rest = await repository.PushAsync(new LocalRemote(mount + "/disk/store"));
        Assert.Empty(rest.Failures);
        Assert.Equal(102, await Samples.CountAsync(new LocalRemote(mount + "/disk/store")));
    }

    // A folder that is asked as a bucket would be.
    private WatchedRemote Bucket() => new(new LocalRemote(_disk["store"])) { KeysPerAnswer = 1_000 };
}
