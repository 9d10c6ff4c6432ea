using System.Net;
using System.Security.Cryptography;
using Hone.Tracking.Tests.Rest;

namespace Hone.Tracking.Tests.Artifacts;

/// <summary>Files in a folder of this machine.</summary>
public sealed class ArtifactFolderTests : ArtifactContract
{
    private protected override Task<RestServer> StartAsync() => RestServer.StartAsync();

    [Fact]
    public async Task The_name_on_the_disk_is_the_name_that_was_sent()
    {
        await PutAsync("x/a%2520b.txt", "1"u8.ToArray());
        await PutAsync("x/a%20b.txt", "2"u8.ToArray());

        var files = (await Server.GetAsync($"{Proxy}?path=x")).At("files");

        Assert.Equal("""[{"path":"a b.txt","is_dir":false,"file_size":1},{"path":"a%20b.txt","is_dir":false,"file_size":1}]""", files.GetRawText());
        Assert.Equal("1", await File.ReadAllTextAsync(Path.Combine(Server.Folder, "artifacts", "x", "a%20b.txt")));
    }

    [Fact]
    public async Task A_file_is_replaced_as_a_whole_and_nothing_of_an_upload_stays()
    {
        await PutAsync("a", Some(100_000));
        await PutAsync("a", "short"u8.ToArray());
        await PutAsync("empty", []);

        Assert.Equal("short", await Server.Http.GetStringAsync($"{Proxy}/a"));
        Assert.Equal("", await Server.Http.GetStringAsync($"{Proxy}/empty"));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(Server.Folder, "artifacts", ".uploads")));
        Assert.Equal(2, (await Server.GetAsync(Proxy)).At("files").GetArrayLength());
    }

    [Fact]
    public async Task An_upload_that_breaks_off_leaves_what_was_there()
    {
        await PutAsync("a", "before"u8.ToArray());
        using var broken = new BreakingContent(length: 10_000_000, sent: 2_000_000);

        await Assert.ThrowsAnyAsync<Exception>(() => Server.Http.PutAsync($"{Proxy}/a", broken));

        Assert.Equal("before", await Server.Http.GetStringAsync($"{Proxy}/a"));

        // The server learns of it in its own time.
        var uploads = Path.Combine(Server.Folder, "artifacts", ".uploads");
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2), TimeProvider.System);
        while (Directory.EnumerateFiles(uploads).Any())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }

    [Fact]
    public async Task A_checksum_is_told_with_the_file_as_long_as_it_is_that_file()
    {
        var bytes = Some(70_000);
        await PutAsync("a", bytes);

        using (var known = await Server.Http.GetAsync($"{Proxy}/a"))
        {
            Assert.Equal($"sha-256=:{Convert.ToBase64String(SHA256.HashData(bytes))}:", known.Headers.GetValues("Repr-Digest").Single());
            Assert.Equal($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))}\"", known.Headers.ETag!.Tag);
        }

        await File.AppendAllTextAsync(Path.Combine(Server.Folder, "artifacts", "a"), "more");
        using var changed = await Server.Http.GetAsync($"{Proxy}/a");
        Assert.False(changed.Headers.Contains("Repr-Digest"));
        Assert.Equal(70_004, changed.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task A_file_and_a_folder_do_not_stand_in_each_others_place()
    {
        await PutAsync("a/b", "x"u8.ToArray());

        Assert.Equal(HttpStatusCode.BadRequest, await PutAsync("a", "x"u8.ToArray()));
        Assert.Equal(HttpStatusCode.BadRequest, await PutAsync("a/b/c", "x"u8.ToArray()));
        Assert.Equal(HttpStatusCode.BadRequest, await PutAsync("", "x"u8.ToArray()));
        Assert.Equal(404, (await Server.RefusalAsync(HttpMethod.Get, $"{Proxy}/a", null)).Status);
        Assert.Equal("x", await Server.Http.GetStringAsync($"{Proxy}/a/b"));
    }

    [Theory]
    [InlineData("POST", "mpu/create/a")]
    [InlineData("POST", "mpu/complete/a/b")]
    [InlineData("POST", "mpu/abort/a")]
    [InlineData("GET", "presigned/a")]
    public async Task Uploads_in_parts_are_not_spoken_so_that_clients_send_files_whole(string method, string path)
    {
        var refusal = await Server.RefusalAsync(new HttpMethod(method), $"/api/2.0/mlflow-artifacts/{path}", method == "POST" ? "{}" : null);

        Assert.Equal((501, "NOT_IMPLEMENTED"), (refusal.Status, refusal.Code));
    }
}
