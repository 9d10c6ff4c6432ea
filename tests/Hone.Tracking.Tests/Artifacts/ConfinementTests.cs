using System.Net;
using Hone.Tracking.Artifacts;
using Hone.Tracking.Runs;
using Hone.Tracking.Tests.Registry;
using Hone.Tracking.Tests.Rest;

namespace Hone.Tracking.Tests.Artifacts;

/// <summary>No path of a client leads out of the folder, in whichever field and however it is written.</summary>
public sealed class ConfinementTests : IAsyncLifetime
{
    private const string Secret = "not for clients";
    private RestServer _server = null!;
    private string _run = "";
    private string _model = "";

    private static readonly string[] Ways =
    [
        "..", "../secret.txt", "../../secret.txt", "a/../../secret.txt", "a/../b", "a/..", "./a", "a/./b", "a//b", "/etc/passwd", "//etc/passwd", "/",
        "..\\secret.txt", "a\\..\\..\\secret.txt", "\\\\host\\share", "C:\\secret.txt", "C:/secret.txt", "c:secret.txt", "..%2fsecret.txt", "%2e%2e/secret.txt",
        "%2e%2e%2fsecret.txt", "..%252fsecret.txt", "%252e%252e%252fsecret.txt", "%25252e%25252e%25252fsecret.txt", "..%5csecret.txt", "%2fetc%2fpasswd", "%5c%5chost",
        "c%3a/secret.txt", "a\0b", "a%00b", "a\nb", "a\u007fb", ".. /secret.txt", ".uploads", ".uploads/x", ".UPLOADS/x",
        "%25252525252525252525252525252525252525612525",
    ];

    public static TheoryData<string> AllWays() => [.. Ways];

    public async ValueTask InitializeAsync()
    {
        _server = await RestServer.StartAsync();
        _run = await _server.NewRunAsync();
        _model = (await _server.NewLoggedModelAsync("net", _run)).Text("info.model_id")!;
        await _server.NewModelAsync("m");
        await _server.NewVersionAsync("m", $"mlflow-artifacts:/0/{_run}/artifacts");
        await File.WriteAllTextAsync(Path.Combine(_server.Folder, "secret.txt"), Secret);
        using var file = new StringContent("inside");
        (await _server.Http.PutAsync($"/api/2.0/mlflow-artifacts/artifacts/0/{_run}/artifacts/a/inside.txt", file)).Dispose();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [MemberData(nameof(AllWays))]
    public void A_way_out_is_no_path(string path) =>
        Assert.StartsWith("Invalid path: '", Assert.Throws<TrackingException>(() => ArtifactPath.Parse(path)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("a", "a")]
    [InlineData("a/b.txt", "a/b.txt")]
    [InlineData("a/", "a")]
    [InlineData("", "")]
    [InlineData("..a/b..", "..a/b..")]
    [InlineData("a..b/...", "a..b/...")]
    [InlineData("100%.txt", "100%.txt")]
    [InlineData("a%20b", "a%20b")]
    [InlineData("Größe ☃/𝄞", "Größe ☃/𝄞")]
    public void A_name_that_only_looks_strange_is_one(string path, string expected) => Assert.Equal(expected, ArtifactPath.Parse(path));

    [Fact]
    public void A_path_is_as_long_as_file_systems_take()
    {
        Assert.Equal(255, ArtifactPath.Parse(new string('a', 255)).Length);
        Assert.Throws<TrackingException>(() => ArtifactPath.Parse(new string('a', 256)));
        Assert.Throws<TrackingException>(() => ArtifactPath.Parse(new string('☃', 86)));
        Assert.Throws<TrackingException>(() => ArtifactPath.Parse(string.Join('/', Enumerable.Repeat("abc", 1_000))));
        Assert.Throws<TrackingException>(() => ArtifactPath.Parse("a\ud800b"));
    }

    [Fact]
    public async Task Every_field_of_a_query_that_names_a_path_is_confined()
    {
        string[] addresses =
        [
            "/api/2.0/mlflow-artifacts/artifacts?path=", "/ajax-api/2.0/mlflow-artifacts/artifacts?path=", $"/api/2.0/mlflow/artifacts/list?run_id={_run}&path=",
            $"/api/2.0/mlflow/logged-models/{_model}/artifacts/directories?artifact_directory_path=",
            $"/ajax-api/2.0/mlflow/logged-models/{_model}/artifacts/files?artifact_file_path=", $"/get-artifact?run_id={_run}&path=",
            "/model-versions/get-artifact?name=m&version=1&path=",
        ];
        foreach (var address in addresses)
        {
            foreach (var way in Ways)
            {
                using var response = await _server.Http.GetAsync(address + Uri.EscapeDataString(way));
                Assert.True(response.StatusCode == HttpStatusCode.BadRequest, $"{address}{way}: {response.StatusCode}");
            }
        }

        foreach (var way in Ways)
        {
            using var file = new StringContent("x");
            using var response = await _server.Http.PostAsync($"/ajax-api/2.0/mlflow/upload-artifact?run_uuid={_run}&path={Uri.EscapeDataString(way)}", file);
            Assert.True(response.StatusCode == HttpStatusCode.BadRequest, $"{way}: {response.StatusCode}");
        }

        AssertNothingOutside();
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Every_path_of_the_proxy_is_confined(string method)
    {
        foreach (var prefix in new[] { "/api/2.0/mlflow-artifacts/artifacts/", "/ajax-api/2.0/mlflow-artifacts/artifacts/" })
        {
            foreach (var way in Ways)
            {
                // As it stands, where a request's first line can hold it, and encoded.
                if (!way.Any(c => c is '\0' or '\n'))
                {
                    Assert.Contains(await RawRequest.StatusAsync(_server.Address, method, prefix + way.Replace(" ", "%20", StringComparison.Ordinal)), new[] { 400, 404 });
                }

                Assert.Contains(await RawRequest.StatusAsync(_server.Address, method, prefix + Uri.EscapeDataString(way)), new[] { 400, 404 });
            }
        }

        AssertNothingOutside();
    }

    [Fact]
    public async Task A_symbolic_link_leads_nowhere()
    {
        var folder = Path.Combine(_server.Folder, "artifacts", "0", _run, "artifacts");
        File.CreateSymbolicLink(Path.Combine(folder, "link.txt"), Path.Combine(_server.Folder, "secret.txt"));
        Directory.CreateSymbolicLink(Path.Combine(folder, "out"), _server.Folder);
        var proxy = $"/api/2.0/mlflow-artifacts/artifacts/0/{_run}/artifacts";

        foreach (var path in new[] { "link.txt", "out/secret.txt", "out" })
        {
            using var read = await _server.Http.GetAsync($"{proxy}/{path}");
            using var file = new StringContent("changed");
            using var written = await _server.Http.PutAsync($"{proxy}/{path}", file);
            using var deleted = await _server.Http.DeleteAsync($"{proxy}/{path}");
            using var ofRun = await _server.Http.GetAsync($"/get-artifact?run_id={_run}&path={path}");
            Assert.Equal("400 400 400 400", $"{(int)read.StatusCode} {(int)written.StatusCode} {(int)deleted.StatusCode} {(int)ofRun.StatusCode}");
        }

        Assert.Equal(400, (await _server.RefusalAsync(HttpMethod.Get, $"artifacts/list?run_id={_run}&path=out", null)).Status);
        var list = await _server.GetAsync($"artifacts/list?run_id={_run}");
        Assert.Equal("""[{"path":"a","is_dir":true}]""", list.At("files").GetRawText());

        // A folder that is deleted takes the links in it along, and not what they lead to.
        using var gone = await _server.Http.DeleteAsync($"/api/2.0/mlflow-artifacts/artifacts/0/{_run}");
        Assert.Equal(HttpStatusCode.OK, gone.StatusCode);
        AssertNothingOutside();
    }

    [Fact]
    public async Task An_experiments_location_leads_nowhere_else()
    {
        foreach (var location in new[] { "mlflow-artifacts:/../..", "mlflow-artifacts:/%2e%2e/x", "mlflow-artifacts:/a%2f..%2f..", "file:///etc", "/etc", "s3://bucket" })
        {
            var (status, made) = await _server.SendAsync(HttpMethod.Post, "experiments/create", new { name = location, artifact_location = location });
            if (status == HttpStatusCode.OK)
            {
                var run = await _server.NewRunAsync(made.Text("experiment_id")!);
                Assert.Contains((await _server.RefusalAsync(HttpMethod.Get, $"artifacts/list?run_id={run}", null)).Status, new[] { 400, 501 });
                Assert.Contains((await _server.RefusalAsync(HttpMethod.Get, $"/get-artifact?run_id={run}&path=passwd", null)).Status, new[] { 400, 501 });
            }
        }
    }

    [Fact]
    public async Task A_page_of_another_site_cannot_upload()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/ajax-api/2.0/mlflow/upload-artifact?run_uuid={_run}&path=x");
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        request.Content = new StringContent("x");

        using var response = await _server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    // What lies beside the folder is as it was, and there is nothing new.
    private void AssertNothingOutside()
    {
        Assert.Equal(Secret, File.ReadAllText(Path.Combine(_server.Folder, "secret.txt")));
        var names = Directory.EnumerateFileSystemEntries(_server.Folder).Select(Path.GetFileName).Where(name => !name!.StartsWith("hone.db", StringComparison.Ordinal));
        Assert.Equal(["artifacts", "secret.txt"], names.Order());
    }
}
