using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Hone.Tracking.Artifacts;
using Hone.Tracking.Rest;
using Hone.Tracking.Store;
using Hone.Tracking.Tests.Rest;

namespace Hone.Tracking.Tests.Artifacts;

/// <summary>Files in a bucket of a storage that speaks S3.</summary>
public sealed class S3ArtifactTests(StorageProcess storage, ITestOutputHelper output) : ArtifactContract, IClassFixture<StorageProcess>
{
    private const int PartBytes = 64 << 10;
    private readonly string _prefix = Guid.NewGuid().ToString("N");

    private protected override Task<RestServer> StartAsync() => RestServer.StartAsync(options: Options(PartBytes));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(PartBytes - 1)]
    [InlineData(PartBytes)]
    [InlineData(PartBytes + 1)]
    [InlineData(5 * PartBytes)]
    [InlineData(5 * PartBytes + 123)]
    public async Task A_file_of_any_number_of_parts_comes_back_with_its_checksum(int size)
    {
        var bytes = Some(size);

        Assert.Equal(HttpStatusCode.OK, await PutAsync("parts/file.bin", bytes));

        using var response = await Server.Http.GetAsync($"{Proxy}/parts/file.bin");
        Assert.Equal(bytes, await response.Content.ReadAsByteArrayAsync());
        Assert.Equal($"sha-256=:{Convert.ToBase64String(SHA256.HashData(bytes))}:", response.Headers.GetValues("Repr-Digest").Single());
        Assert.Equal(size, (await Server.GetAsync($"{Proxy}?path=parts")).At("files.0.file_size").GetInt64());
    }

    [Fact]
    public async Task A_part_of_a_file_is_read_across_the_parts_it_was_sent_in()
    {
        var bytes = Some(3 * PartBytes);
        await PutAsync("a", bytes);

        using var response = await RangeAsync("a", $"bytes={PartBytes - 10}-{PartBytes + 9}", null);

        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal(bytes[(PartBytes - 10)..(PartBytes + 10)], await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task An_upload_in_parts_that_breaks_off_leaves_what_was_there()
    {
        await PutAsync("a", "before"u8.ToArray());
        using var broken = new BreakingContent(length: 10 * PartBytes, sent: 3 * PartBytes);

        await Assert.ThrowsAnyAsync<Exception>(() => Server.Http.PutAsync($"{Proxy}/a", broken));

        Assert.Equal("before", await Server.Http.GetStringAsync($"{Proxy}/a"));
    }

    [Fact]
    public async Task Bytes_in_parts_that_are_not_those_of_the_digest_make_no_file()
    {
        var wrong = $"sha-256=:{Convert.ToBase64String(SHA256.HashData("other"u8))}:";

        Assert.Equal(HttpStatusCode.BadRequest, await PutAsync("a", Some(3 * PartBytes), "Content-Digest", wrong));

        Assert.Equal(HttpStatusCode.NotFound, (await Server.Http.GetAsync($"{Proxy}/a")).StatusCode);
    }

    [Fact]
    public async Task A_checksum_is_not_told_of_a_file_that_somebody_else_replaced()
    {
        await PutAsync("a", "ours"u8.ToArray());
        await using (var other = await RestServer.StartAsync(options: Options(PartBytes)))
        {
            using var content = new ByteArrayContent("hers"u8.ToArray());
            (await other.Http.PutAsync($"{Proxy}/a", content)).EnsureSuccessStatusCode();
        }

        using var response = await Server.Http.GetAsync($"{Proxy}/a");

        Assert.Equal("hers", await response.Content.ReadAsStringAsync());
        Assert.False(response.Headers.Contains("Repr-Digest"));
    }

    [Fact]
    public async Task A_client_sends_parts_to_the_storage_itself()
    {
        byte[][] parts = [Some(PartBytes), Some(100)];
        var created = await Server.PostAsync("/api/2.0/mlflow-artifacts/mpu/create/0/run/artifacts", new { path = "/home/me/big.bin", num_parts = 2 });
        var id = created.Text("upload_id");
        var tags = new List<object>();
        foreach (var credential in created.At("credentials").EnumerateArray())
        {
            var number = credential.At("part_number").GetInt32();
            using var content = new ByteArrayContent(parts[number - 1]);
            using var http = new HttpClient();
            using var answer = await http.PutAsync(credential.Text("url"), content);
            answer.EnsureSuccessStatusCode();
            tags.Add(new { part_number = number, etag = answer.Headers.ETag!.Tag });
        }

        await Server.PostAsync("/api/2.0/mlflow-artifacts/mpu/complete/0/run/artifacts", new { path = "big.bin", upload_id = id, parts = tags });

        var received = await Server.Http.GetByteArrayAsync($"{Proxy}/0/run/artifacts/big.bin");
        Assert.Equal([.. parts[0], .. parts[1]], received);
    }

    [Fact]
    public async Task An_upload_that_a_client_gives_up_makes_no_file()
    {
        var created = await Server.PostAsync("/ajax-api/2.0/mlflow-artifacts/mpu/create/a", new { path = "big.bin", num_parts = "1" });

        await Server.PostAsync("/ajax-api/2.0/mlflow-artifacts/mpu/abort/a", new { path = "big.bin", upload_id = created.Text("upload_id") });

        Assert.Equal(HttpStatusCode.NotFound, (await Server.Http.GetAsync($"{Proxy}/a/big.bin")).StatusCode);
    }

    [Theory]
    [InlineData("mpu/create/a", """{"path":"b"}""")]
    [InlineData("mpu/create/a", """{"path":"b","num_parts":0}""")]
    [InlineData("mpu/create/a", """{"path":"b","num_parts":10001}""")]
    [InlineData("mpu/create/a", """{"num_parts":1}""")]
    [InlineData("mpu/create/a", """{"path":"/","num_parts":1}""")]
    [InlineData("mpu/create/a", """{"path":"..","num_parts":1}""")]
    [InlineData("mpu/create/%252e%252e/a", """{"path":"b","num_parts":1}""")]
    [InlineData("mpu/complete/a", """{"path":"b"}""")]
    [InlineData("mpu/complete/a", """{"path":"b","upload_id":"x","parts":[{"part_number":0,"etag":"x"}]}""")]
    [InlineData("mpu/abort/a", """{"path":"b"}""")]
    public async Task An_upload_in_parts_that_cannot_be_is_refused(string address, string body)
    {
        Assert.Equal(400, await RawRequest.StatusAsync(Server.Address, "POST", $"/api/2.0/mlflow-artifacts/{address}", body, "application/json"));
    }

    [Fact]
    public async Task Signed_addresses_fetch_and_send_files_without_this_server()
    {
        var run = await Server.NewRunAsync();
        var path = $"0/{run}/artifacts/notes.txt";
        var upload = await Server.PostAsync("artifacts/presigned-upload-url", new { run_id = run, path = "notes.txt" });
        using var http = new HttpClient();
        using var content = new ByteArrayContent("words"u8.ToArray());
        (await http.PutAsync(upload.Text("presigned_url"), content)).EnsureSuccessStatusCode();

        var fetched = await Server.GetAsync($"/api/2.0/mlflow-artifacts/presigned/{path}");
        var asked = await Server.PostAsync("artifacts/presigned-download-url", new { run_id = run, path = "notes.txt", expiration = 60 });

        Assert.Equal(5, fetched.At("file_size").GetInt64());
        Assert.Equal("words", await http.GetStringAsync(fetched.Text("url")));
        Assert.Equal("words", await http.GetStringAsync(asked.Text("presigned_url")));
        Assert.Equal("words", await Server.Http.GetStringAsync($"/get-artifact?run_id={run}&path=notes.txt"));
    }

    [Fact]
    public async Task More_files_than_a_page_of_the_storages_list_are_listed_and_deleted()
    {
        await using var server = await RestServer.StartAsync(options: Options(PartBytes, pageKeys: 3));
        foreach (var i in Enumerable.Range(0, 10))
        {
            await PutAsync($"many/{i}", "x"u8.ToArray());
            await PutAsync($"many/below/{i}", "x"u8.ToArray());
        }

        await PutAsync("many-more", "kept"u8.ToArray());
        Assert.Equal(11, (await server.GetAsync($"{Proxy}?path=many")).At("files").GetArrayLength());

        using var deleted = await server.Http.DeleteAsync($"{Proxy}/many");

        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        Assert.Equal("""[{"path":"many-more","is_dir":false,"file_size":4}]""", (await server.GetAsync(Proxy)).At("files").GetRawText());
    }

    [Fact]
    public async Task A_bucket_that_is_not_there_is_told_at_the_start()
    {
        var options = Options(PartBytes) with { Artifacts = "s3://nowhere/x" };

        var error = await Assert.ThrowsAsync<StudyStoreException>(() => RestServer.StartAsync(options: options));

        Assert.StartsWith("s3://nowhere/x/ cannot be read or written: ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s3://", "--artifacts s3://: the bucket is missing; expected s3://BUCKET or s3://BUCKET/PREFIX.")]
    [InlineData("gs://bucket", "--artifacts gs://bucket: expected a folder, or s3://BUCKET/PREFIX.")]
    [InlineData("", "--artifacts : expected a folder, or s3://BUCKET/PREFIX.")]
    public async Task An_address_of_another_kind_is_refused(string address, string message)
    {
        var error = await Assert.ThrowsAsync<StudyStoreException>(() => RestServer.StartAsync(options: Options(PartBytes) with { Artifacts = address }));

        Assert.Equal(message, error.Message);
    }

    // HONE_ARTIFACT_MEGABYTES=5120 sends as much as a release is held to, in parts of the usual size.
    [Fact]
    public async Task A_large_file_passes_through_without_being_held()
    {
        var isLarge = int.TryParse(Environment.GetEnvironmentVariable("HONE_ARTIFACT_MEGABYTES"), out var megabytes);
        var size = (isLarge ? megabytes : 4L) << 20;
        await using var server = await RestServer.StartAsync(options: Options(isLarge ? 8 << 20 : 1 << 20));
        server.Http.Timeout = Timeout.InfiniteTimeSpan;
        using var sent = new RepeatedContent(size);
        (await server.Http.PutAsync($"{Proxy}/large.bin", sent)).EnsureSuccessStatusCode();

        using var response = await server.Http.GetAsync($"{Proxy}/large.bin", HttpCompletionOption.ResponseHeadersRead);
        var received = await SHA256.HashDataAsync(await response.Content.ReadAsStreamAsync());

        Assert.Equal(size, response.Content.Headers.ContentLength);
        Assert.Equal($"sha-256=:{Convert.ToBase64String(received)}:", response.Headers.GetValues("Repr-Digest").Single());
        using var process = Process.GetCurrentProcess();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{size >> 20} MiB, peak {process.PeakWorkingSet64 >> 20} MiB of memory"));
    }

    private TrackingServerOptions Options(int partBytes, int pageKeys = 1_000) => new()
    {
        Store = "",
        Artifacts = $"s3://{StorageProcess.Bucket}/{_prefix}",
        S3Endpoint = storage.Address,
        S3 = new S3Options { PartBytes = partBytes, PageKeys = pageKeys },
    };
}
