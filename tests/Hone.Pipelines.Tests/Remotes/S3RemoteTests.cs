using Hone.Pipelines.Objects;
using Hone.Pipelines.Remotes;
using Hone.Pipelines.Verbs;

namespace Hone.Pipelines.Tests.Remotes;

/// <summary>A bucket as a remote, over the wire.</summary>
public sealed class S3RemoteTests : IDisposable
{
    private readonly TemporaryFolder _disk = new();

    public void Dispose() => _disk.Dispose();

    [Fact]
    public async Task Pushes_fetches_lists_and_collects_garbage()
    {
        await using var server = await S3Server.StartAsync(_disk.Path);
        using var remote = server.Remote("a/b");
        using var repository = await Samples.ManyAsync(30);

        var pushed = await repository.PushAsync(remote);
        var again = await repository.PushAsync(remote);
        Directory.Delete(repository.Folder[".dvc/cache"], recursive: true);
        repository.Reopen();
        var fetched = await repository.FetchAsync(remote);

        Assert.Equal((32, 0, 32), (pushed.FileCount, again.FileCount, fetched.FileCount));
        Assert.Empty(pushed.Failures.Concat(again.Failures).Concat(fetched.Failures));
        Assert.All(repository.Status().Values, change => Assert.Equal(OutputChange.None, change));
        Assert.Equal(32, await Samples.CountAsync(remote));

        File.Delete(repository.Folder["single.dvc"]);
        var garbage = await Garbage.RunAsync(repository.Repository, new GarbageOptions { Remote = remote });
        Assert.Equal((1, 1), (garbage.Objects, garbage.RemoteObjects));
        Assert.Equal(31, await Samples.CountAsync(remote));
    }

    [Fact]
    public async Task A_large_object_goes_in_parts_and_comes_back_whole()
    {
        await using var server = await S3Server.StartAsync(_disk.Path);
        using var remote = server.Remote(inParts: 20 << 20);
        using var repository = await DataRepository.MakeAsync();
        var bytes = new byte[21 << 20];
        new Random(3).NextBytes(bytes);
        await File.WriteAllBytesAsync(repository.Folder["large"], bytes);
        await repository.AddAsync("large");

        var pushed = await repository.PushAsync(remote);
        Directory.Delete(repository.Folder[".dvc/cache"], recursive: true);
        repository.Reopen();
        var fetched = await repository.FetchAsync(remote);

        Assert.Empty(pushed.Failures.Concat(fetched.Failures));
        Assert.True(repository.Repository.Cache.IsSound(ObjectId.Of(bytes)));
    }

    [Fact]
    public async Task A_server_that_vanishes_ends_the_push_soon_and_the_next_one_goes_on()
    {
        using var repository = await Samples.ManyAsync(200);
        await using (var server = await S3Server.StartAsync(_disk.Path))
        {
            using var bucket = server.Remote();
            var remote = new WatchedRemote(bucket) { BeforeUpload = before => before == 20 ? server.KillAsync() : Task.CompletedTask };

            var cut = await repository.PushAsync(remote);

            Assert.InRange(cut.FileCount, 1, 20);
            Assert.All(cut.Failures.SkipLast(1), failure => Assert.Contains(": the remote 's3://team/store' does not answer: ", failure, StringComparison.Ordinal));
            Assert.Matches(@"^gave up, since nothing went through any more: \d+ more objects are left\. Run the push again when the remote answers$", cut.Failures[^1]);
        }

        // The server that others wrote does not come through being killed: it goes on with an empty disk.
        await using var back = await S3Server.StartAsync(_disk["other"]);
        using var whole = back.Remote();
        var rest = await repository.PushAsync(whole);
        Assert.Empty(rest.Failures);
        Assert.Equal(202, rest.FileCount);
        Assert.Equal(202, await Samples.CountAsync(whole));
    }

    [Fact]
    public async Task A_secret_that_is_wrong_and_a_bucket_that_is_not_there_are_told()
    {
        await using var server = await S3Server.StartAsync(_disk.Path);
        using var wrong = server.Remote(id: "guessed");
        using var missing = S3Remote.Open("s3://elsewhere/x", name => name switch
        {
            "endpointurl" => $"http://127.0.0.1:{server.Port}",
            "access_key_id" or "secret_access_key" => "S3RVER",
            _ => null,
        });
        using var repository = await Samples.ManyAsync(1);

        var refused = await Assert.ThrowsAsync<PipelineException>(() => repository.PushAsync(wrong));
        var nowhere = await repository.PushAsync(missing);

        Assert.StartsWith("the remote 's3://team/store' refuses 'files/md5/", refused.Message, StringComparison.Ordinal);
        Assert.Contains(": 403 ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(": 404 NoSuchBucket: ", nowhere.Failures[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s3://", "'s3://' names no bucket; expected s3://BUCKET/PREFIX")]
    [InlineData("s3://b", "there is no profile 'nobody' in /dev/null; set another with hone remote modify NAME profile PROFILE")]
    public void A_wrong_address_or_profile_is_told(string url, string message)
    {
        var wrong = Assert.Throws<PipelineException>(() => S3Remote.Open(url, name => name switch { "profile" => "nobody", "credentialpath" => "/dev/null", _ => null }));

        Assert.Equal(message, wrong.Message);
    }

    [Fact]
    public async Task Credentials_come_from_a_file_of_profiles_too()
    {
        await using var server = await S3Server.StartAsync(_disk["disk"]);
        var credentials = _disk.Write("credentials", "[team]\naws_access_key_id = S3RVER\naws_secret_access_key = S3RVER\n");
        using var repository = await Samples.ManyAsync(1);
        repository.Folder.Write(".dvc/config", $"['remote \"bucket\"']\n    url = s3://team/x\n    endpointurl = http://127.0.0.1:{server.Port}\n    profile = team\n    credentialpath = {credentials}\n");
        repository.Reopen();

        var pushed = await repository.PushAsync(Remote.Open(repository.Repository.Config, "bucket"));

        Assert.Empty(pushed.Failures);
        Assert.Equal(3, pushed.FileCount);
    }
}
