using System.Net;
using Hone.Pipelines.Objects;
using Hone.Pipelines.Remotes;
using Hone.Pipelines.Verbs;

namespace Hone.Pipelines.Tests.Verbs;

public sealed class TransferTests
{
    [Fact]
    public async Task Pushes_once_and_fetches_all_back()
    {
        using var repository = await SampleAsync();
        using var other = new TemporaryFolder();
        var remote = new LocalRemote(other["store"]);

        var first = await repository.PushAsync(remote);
        var second = await repository.PushAsync(remote);
        Directory.Delete(repository.Folder[".dvc/cache"], recursive: true);
        repository.Reopen();
        var fetched = await repository.FetchAsync(remote);

        Assert.Equal((4, 0, 4), (first.FileCount, second.FileCount, fetched.FileCount));
        Assert.All(repository.Status().Values, change => Assert.Equal(OutputChange.None, change));
        Assert.True(File.Exists(other[$"store/files/md5/{Key("one")}"]));
    }

    [Fact]
    public async Task Fetches_one_file_of_a_folder_alone()
    {
        using var repository = await SampleAsync();
        using var other = new TemporaryFolder();
        var remote = new LocalRemote(other["store"]);
        await repository.PushAsync(remote);
        Directory.Delete(repository.Folder[".dvc/cache"], recursive: true);
        repository.Reopen();

        var fetched = await repository.FetchAsync(remote, "data/sub/b");

        Assert.Equal(2, fetched.FileCount);
        Assert.True(File.Exists(repository.ObjectOf("two")));
        Assert.False(File.Exists(repository.ObjectOf("one")));
    }

    [Fact]
    public async Task A_corrupt_object_is_neither_pushed_nor_kept()
    {
        using var repository = await SampleAsync();
        using var other = new TemporaryFolder();
        var remote = new LocalRemote(other["store"]);
        DataRepository.Tamper(repository.ObjectOf("one"), "evil");

        var pushed = await repository.PushAsync(remote);
        Assert.Equal(
            [$"data/a: the object '{repository.ObjectOf("one")}' is corrupt and was not pushed; put it right with hone commit, or remove it and fetch it"], pushed.Failures);
        Assert.DoesNotContain(Directory.GetFiles(other.Path, "*", SearchOption.AllDirectories), path => path.EndsWith(".dir", StringComparison.Ordinal));

        File.Delete(repository.ObjectOf("one"));
        Directory.CreateDirectory(Path.GetDirectoryName(other[$"store/files/md5/{Key("one")}"])!);
        File.WriteAllText(other[$"store/files/md5/{Key("one")}"], "evil");
        var fetched = await repository.FetchAsync(remote);
        Assert.Contains(
            $"data/a: the object {ObjectId.Of("one"u8)} on the remote '{other["store"]}' is corrupt and was not kept; push it again from where it is sound", fetched.Failures);
        Assert.False(File.Exists(repository.ObjectOf("one")));
    }

    [Fact]
    public async Task What_a_remote_has_not_is_told()
    {
        using var repository = await SampleAsync();
        using var other = new TemporaryFolder();
        File.Delete(repository.ObjectOf("two"));

        var fetched = await repository.FetchAsync(new LocalRemote(other.Path));

        Assert.Equal(
            [$"data/sub/b: the object {ObjectId.Of("two"u8)} is neither in the cache nor on the remote '{other.Path}'; whoever made it must push it"], fetched.Failures);
    }

    [Fact]
    public async Task A_list_that_vanished_from_the_remote_brings_its_files_back_there()
    {
        using var repository = await SampleAsync();
        using var other = new TemporaryFolder();
        var remote = new LocalRemote(other["store"]);
        await repository.PushAsync(remote);
        Directory.Delete(other["store"], recursive: true);

        Assert.Equal(4, (await repository.PushAsync(remote)).FileCount);
    }

    [Fact]
    public async Task Tells_what_cache_and_remote_have_alone()
    {
        using var repository = await SampleAsync();
        using var other = new TemporaryFolder();
        var remote = new LocalRemote(other["store"]);
        Assert.Equal(
            [("data/a", "new"), ("data/sub/b", "new"), ("x", "new")], await new Transfer(repository.Repository, remote).CompareAsync(repository.Targets()));

        await repository.PushAsync(remote);
        File.Delete(repository.ObjectOf("one"));
        Assert.Equal([("data/a", "deleted")], await new Transfer(repository.Repository, remote).CompareAsync(repository.Targets()));
    }

    [Fact]
    public async Task Fetches_from_a_web_server_and_refuses_to_push_there()
    {
        using var repository = await SampleAsync();
        using var other = new TemporaryFolder();
        await repository.PushAsync(new LocalRemote(other.Path));
        Directory.Delete(repository.Folder[".dvc/cache"], recursive: true);
        repository.Reopen();
        await using var server = new FolderServer(other.Path);
        using var client = new HttpClient();
        var remote = new HttpRemote(server.Address, client);

        var fetched = await repository.FetchAsync(remote);

        Assert.Empty(fetched.Failures);
        Assert.Equal(4, fetched.FileCount);
        var refused = await Assert.ThrowsAsync<PipelineException>(() => repository.PushAsync(remote));
        Assert.Equal($"the remote '{server.Address}' can only be read; push to another one", refused.Message);
    }

    [Fact]
    public async Task Garbage_goes_only_when_no_record_names_it()
    {
        using var repository = await SampleAsync();
        repository.Folder.Write("x", "later");
        await repository.AddAsync("x");

        var dry = await Garbage.RunAsync(repository.Repository, new GarbageOptions { IsDry = true });
        Assert.Equal((1, 5L), (dry.Objects, dry.Bytes));
        Assert.True(File.Exists(repository.ObjectOf("three")));

        var removed = await Garbage.RunAsync(repository.Repository, new GarbageOptions());
        Assert.Equal(1, removed.Objects);
        Assert.False(File.Exists(repository.ObjectOf("three")));
        Assert.All(repository.Status().Values, change => Assert.Equal(OutputChange.None, change));
    }

    [Fact]
    public async Task Garbage_stays_while_a_folders_list_is_missing()
    {
        using var repository = await SampleAsync();
        var id = repository.Index.Find("data")!.Id!.Value;
        File.Delete(repository.Repository.Cache.PathOf(id));

        var refused = await Assert.ThrowsAsync<PipelineException>(() => Garbage.RunAsync(repository.Repository, new GarbageOptions()));

        Assert.Equal(
            $"the list of files {id} is not in the cache, so that nobody knows which files it needs. Get it with hone fetch, or give --skip-missing. Nothing was removed",
            refused.Message);
        Assert.True(File.Exists(repository.ObjectOf("one")));
    }

    private static string Key(string text)
    {
        var id = ObjectId.Of(System.Text.Encoding.UTF8.GetBytes(text)).ToString();
        return $"{id[..2]}/{id[2..]}";
    }

    private static async Task<DataRepository> SampleAsync()
    {
        var repository = await DataRepository.MakeAsync();
        repository.Folder.Write("data/a", "one");
        repository.Folder.Write("data/sub/b", "two");
        repository.Folder.Write("x", "three");
        await repository.AddAsync("data", "x");
        return repository;
    }

    /// <summary>A web server of the files in a folder.</summary>
    private sealed class FolderServer : IAsyncDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly Task _serving;

        public FolderServer(string folder)
        {
            for (var port = 20000 + (Environment.ProcessId % 20000); ; port++)
            {
                try
                {
                    _listener.Prefixes.Clear();
                    _listener.Prefixes.Add($"http://127.0.0.1:{port}/");
                    _listener.Start();
                    Address = new Uri($"http://127.0.0.1:{port}/");
                    break;
                }
                catch (HttpListenerException)
                {
                    // The port is taken: the next one.
                }
            }

            _serving = ServeAsync(folder);
        }

        public Uri Address { get; }

        public async ValueTask DisposeAsync()
        {
            _listener.Close();
            await _serving;
        }

        private async Task ServeAsync(string folder)
        {
            try
            {
                while (true)
                {
                    var context = await _listener.GetContextAsync();
                    var path = folder + context.Request.Url!.AbsolutePath;
                    context.Response.StatusCode = File.Exists(path) ? 200 : 404;
                    if (File.Exists(path) && context.Request.HttpMethod == "GET")
                    {
                        await context.Response.OutputStream.WriteAsync(await File.ReadAllBytesAsync(path));
                    }

                    context.Response.Close();
                }
            }
            catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }
}
