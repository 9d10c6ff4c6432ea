using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Hone.Tracking.Tests.Registry;
using Hone.Tracking.Tests.Rest;

namespace Hone.Tracking.Tests.Artifacts;

/// <summary>What holds for files wherever they are kept.</summary>
public abstract class ArtifactContract : IAsyncLifetime
{
    protected const string Proxy = "/api/2.0/mlflow-artifacts/artifacts";

    private protected RestServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected abstract Task<RestServer> StartAsync();

    [Theory]
    [InlineData("a.txt")]
    [InlineData("deep/er/ünï ☃ (1).bin")]
    [InlineData("100%25.txt")]
    [InlineData("a%2520b#.txt")]
    [InlineData("a+b&c=d.txt")]
    public async Task A_file_comes_back_as_it_was_sent(string path)
    {
        var bytes = Some(300_000);

        Assert.Equal(HttpStatusCode.OK, await PutAsync(path.Replace("#", "%23", StringComparison.Ordinal), bytes));

        Assert.Equal(bytes, await Server.Http.GetByteArrayAsync($"{Proxy}/{path.Replace("#", "%23", StringComparison.Ordinal)}"));
    }

    [Fact]
    public async Task A_download_says_what_the_file_is_and_is_never_a_page()
    {
        await PutAsync("page.html", "<script>"u8.ToArray());
        await PutAsync("ünï.bin", "x"u8.ToArray());

        using var page = await Server.Http.GetAsync($"{Proxy}/page.html");
        using var named = await Server.Http.GetAsync($"{Proxy}/ünï.bin");
        using var head = await Server.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"{Proxy}/page.html"));

        Assert.Equal("text/plain", page.Content.Headers.ContentType!.MediaType);
        Assert.Equal("nosniff", page.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.StartsWith("sandbox", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("attachment", page.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("ünï.bin", named.Content.Headers.ContentDisposition!.FileNameStar);
        Assert.Equal("application/octet-stream", named.Content.Headers.ContentType!.MediaType);
        Assert.Equal(8, head.Content.Headers.ContentLength);
    }

    [Theory]
    [InlineData("Content-Digest", "sha-256=:{0}:")]
    [InlineData("Repr-Digest", "sha-512=:AAAA:, sha-256=:{0}:")]
    [InlineData("Digest", "SHA-256={0}")]
    [InlineData("Content-MD5", "{1}")]
    public async Task An_upload_is_held_against_the_clients_digest(string header, string value)
    {
        var bytes = Some(1_000);
        var right = string.Format(null, value, Convert.ToBase64String(SHA256.HashData(bytes)), Convert.ToBase64String(CryptographicOperations.HashData(HashAlgorithmName.MD5, bytes)));
        bytes[500] ^= 1;
        var wrong = string.Format(null, value, Convert.ToBase64String(SHA256.HashData(bytes)), Convert.ToBase64String(CryptographicOperations.HashData(HashAlgorithmName.MD5, bytes)));
        bytes[500] ^= 1;

        Assert.Equal(HttpStatusCode.BadRequest, await PutAsync("a", bytes, header, wrong));
        Assert.Equal(HttpStatusCode.NotFound, (await Server.Http.GetAsync($"{Proxy}/a")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, await PutAsync("a", bytes, header, string.Format(null, value, "AAAA", "AAAA")));
        Assert.Equal(HttpStatusCode.OK, await PutAsync("a", bytes, header, right));
    }

    [Theory]
    [InlineData("bytes=0-0", 206, "0", "bytes 0-0/10")]
    [InlineData("bytes=2-4", 206, "234", "bytes 2-4/10")]
    [InlineData("bytes=7-", 206, "789", "bytes 7-9/10")]
    [InlineData("bytes=7-99", 206, "789", "bytes 7-9/10")]
    [InlineData("bytes=-3", 206, "789", "bytes 7-9/10")]
    [InlineData("bytes=-99", 206, "0123456789", "bytes 0-9/10")]
    [InlineData("bytes=10-", 416, "", "bytes */10")]
    [InlineData("bytes=-0", 416, "", "bytes */10")]
    [InlineData("bytes=4-2", 200, "0123456789", null)]
    [InlineData("bytes=a-b", 200, "0123456789", null)]
    [InlineData("bytes=-", 200, "0123456789", null)]
    [InlineData("bytes=0-1,3-4", 200, "0123456789", null)]
    [InlineData("lines=1-2", 200, "0123456789", null)]
    [InlineData("bytes=99999999999999999999-", 200, "0123456789", null)]
    public async Task A_part_of_a_file_is_sent_where_it_is_asked_for(string range, int status, string expected, string? contentRange)
    {
        await PutAsync("a", "0123456789"u8.ToArray());

        using var response = await RangeAsync("a", range, null);

        Assert.Equal((status, expected), ((int)response.StatusCode, await response.Content.ReadAsStringAsync()));
        Assert.Equal(contentRange, response.Content.Headers.ContentRange?.ToString());
        Assert.Equal("bytes", response.Headers.AcceptRanges.Single());
    }

    [Fact]
    public async Task A_download_that_goes_on_gets_the_whole_file_if_it_has_changed()
    {
        await PutAsync("a", "0123456789"u8.ToArray());
        using var first = await Server.Http.GetAsync($"{Proxy}/a");
        using var same = await RangeAsync("a", "bytes=5-", first.Headers.ETag!.Tag);
        await PutAsync("a", "abcdefghij"u8.ToArray());
        using var other = await RangeAsync("a", "bytes=5-", first.Headers.ETag!.Tag);

        Assert.Equal("56789", await same.Content.ReadAsStringAsync());
        Assert.Equal("abcdefghij", await other.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Files_and_folders_are_listed_by_run_and_by_model()
    {
        var run = await Server.NewRunAsync();
        var model = (await Server.NewLoggedModelAsync("net", run)).Text("info.model_id");
        await PutAsync($"0/{run}/artifacts/model/MLmodel", "x"u8.ToArray());
        await PutAsync($"0/{run}/artifacts/notes.txt", "four"u8.ToArray());
        await PutAsync($"0/models/{model}/artifacts/MLmodel", "y"u8.ToArray());

        var top = await Server.GetAsync($"artifacts/list?run_id={run}&run_uuid={run}");
        Assert.Equal($"mlflow-artifacts:/0/{run}/artifacts", top.Text("root_uri"));
        Assert.Equal("""[{"path":"model","is_dir":true},{"path":"notes.txt","is_dir":false,"file_size":4}]""", top.At("files").GetRawText());
        var below = await Server.GetAsync($"artifacts/list?run_id={run}&path=model");
        Assert.Equal("""[{"path":"model/MLmodel","is_dir":false,"file_size":1}]""", below.At("files").GetRawText());
        Assert.Equal("""[{"path":"MLmodel","is_dir":false,"file_size":1}]""", (await Server.GetAsync($"{Proxy}?path=0/{run}/artifacts/model/")).At("files").GetRawText());
        Assert.False((await Server.GetAsync($"artifacts/list?run_id={run}&path=notes.txt")).Has("files"));
        Assert.Equal("{}", (await Server.GetAsync($"{Proxy}?path=nothing")).GetRawText());

        var ofModel = await Server.GetAsync($"logged-models/{model}/artifacts/directories");
        Assert.Equal(("MLmodel", $"mlflow-artifacts:/0/models/{model}/artifacts"), (ofModel.Text("files.0.path"), ofModel.Text("root_uri")));
        Assert.Equal("y", await Server.Http.GetStringAsync($"/ajax-api/2.0/mlflow/logged-models/{model}/artifacts/files?artifact_file_path=MLmodel"));
    }

    [Fact]
    public async Task The_web_pages_addresses_reach_the_same_files()
    {
        var run = await Server.NewRunAsync();
        using var file = new StringContent("words");
        (await Server.Http.PostAsync($"/ajax-api/2.0/mlflow/upload-artifact?run_uuid={run}&path=model/a.txt", file)).EnsureSuccessStatusCode();
        await Server.NewModelAsync("m");
        await Server.NewVersionAsync("m", $"mlflow-artifacts:/0/{run}/artifacts/model", run);
        await Server.NewVersionAsync("m", $"runs:/{run}/model", run);
        await Server.NewVersionAsync("m", $"mlflow-artifacts://127.0.0.1:5000/0/{run}/artifacts/model", run);

        Assert.Equal("words", await Server.Http.GetStringAsync($"{Proxy}/0/{run}/artifacts/model/a.txt"));
        Assert.Equal("words", await Server.Http.GetStringAsync($"/get-artifact?run_id={run}&path=model/a.txt"));
        Assert.Equal("words", await Server.Http.GetStringAsync($"/get-artifact?run_uuid={run}&path=model%2Fa.txt"));
        foreach (var version in new[] { "1", "2", "3" })
        {
            Assert.Equal("words", await Server.Http.GetStringAsync($"/model-versions/get-artifact?name=m&version={version}&path=a.txt"));
        }
    }

    [Fact]
    public async Task Files_and_whole_folders_are_deleted()
    {
        await PutAsync("a/b/c", "x"u8.ToArray());
        await PutAsync("a/d", "x"u8.ToArray());

        Assert.Equal("{}", (await Server.AnswerAsync("DELETE", $"{Proxy}/a/d", null)).GetRawText());
        Assert.Equal("""[{"path":"b","is_dir":true}]""", (await Server.GetAsync($"{Proxy}?path=a")).At("files").GetRawText());
        await Server.AnswerAsync("DELETE", $"{Proxy}/a", null);
        Assert.Equal(404, (await Server.RefusalAsync(HttpMethod.Get, $"{Proxy}/a/b/c", null)).Status);
        Assert.Equal(
            (404, "RESOURCE_DOES_NOT_EXIST", "No such artifact: 'a'"), await Server.RefusalAsync(HttpMethod.Delete, $"{Proxy}/a", null));
        Assert.Equal(400, (await Server.RefusalAsync(HttpMethod.Delete, $"{Proxy}/", null)).Status);
    }

    [Theory]
    [InlineData("artifacts/list?run_id=x", 404, "Run with id=x not found")]
    [InlineData("artifacts/list", 400, "Missing value for required parameter 'run_id'. See the API docs for more information about request parameters.")]
    [InlineData("logged-models/m-x/artifacts/directories", 404, "Logged model with ID 'm-x' not found.")]
    [InlineData("/get-artifact?run_id=x&path=a", 404, "Run with id=x not found")]
    [InlineData("/model-versions/get-artifact?name=m&version=1&path=a", 404, "Model Version (name=m, version=1) not found")]
    [InlineData("/api/2.0/mlflow-artifacts/artifacts/a", 404, "No such artifact: 'a'")]
    public async Task What_is_not_there_is_not_found(string path, int status, string message)
    {
        var refusal = await Server.RefusalAsync(HttpMethod.Get, path, null);

        Assert.Equal((status, message), (refusal.Status, refusal.Message));
    }

    [Fact]
    public async Task Files_of_many_clients_at_once_do_not_mix()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 24), async (i, _) => await PutAsync($"same/{i % 3}", Encoding.ASCII.GetBytes(new string((char)('a' + i), 50_000))));

        for (var i = 0; i < 3; i++)
        {
            var text = await Server.Http.GetStringAsync($"{Proxy}/same/{i}");
            Assert.Equal(new string(text[0], 50_000), text);
        }
    }

    protected async Task<HttpStatusCode> PutAsync(string path, byte[] bytes, string? header = null, string? value = null)
    {
        using var content = new ByteArrayContent(bytes);
        using var request = new HttpRequestMessage(HttpMethod.Put, $"{Proxy}/{path}") { Content = content };
        if (header == "Content-MD5")
        {
            content.Headers.TryAddWithoutValidation(header, value);
        }
        else if (header is not null)
        {
            request.Headers.TryAddWithoutValidation(header, value);
        }

        using var response = await Server.Http.SendAsync(request);
        return response.StatusCode;
    }

    protected async Task<HttpResponseMessage> RangeAsync(string path, string range, string? ifRange)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Proxy}/{path}");
        request.Headers.TryAddWithoutValidation("Range", range);
        if (ifRange is not null)
        {
            request.Headers.IfRange = new RangeConditionHeaderValue(ifRange);
        }

        return await Server.Http.SendAsync(request);
    }

    protected static byte[] Some(int count)
    {
        var bytes = new byte[count];
        new SeededRandom(7).NextBytes(bytes);
        return bytes;
    }
}
