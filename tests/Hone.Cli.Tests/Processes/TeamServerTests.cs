using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Hone.Cli.Tests.Processes;

/// <summary>The real program as a team runs it.</summary>
public sealed class TeamServerTests : IDisposable
{
    private const int Terminate = 15;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Nothing_that_proves_a_user_is_ever_told_or_written()
    {
        const string Password = "correct horse battery";
        var token = (await HoneProcess.RunAsync(_folder.Path, "users", "add", "ann", "--role", "admin", "--password-file", _folder.Write("password", Password))).Output.Trim();
        Assert.StartsWith("hone_", token, StringComparison.Ordinal);
        await using var server = HoneProcess.Start(_folder.Path, "server", "--port", "0", "--verbose", "--telemetry", "http://127.0.0.1:9");
        Assert.True(await server.SaysAsync("MLFLOW_TRACKING_URI="));
        using (var http = new HttpClient { BaseAddress = new Uri(server.Errors.Single(line => line.Contains("MLFLOW_TRACKING_URI=", StringComparison.Ordinal)).Split('=')[1]) })
        {
            AuthenticationHeaderValue[] ways = [new("Bearer", token), Basic("ann", Password), Basic("ann", token), Basic("ann", "wrong horse battery"), new("Bearer", token + "x")];
            foreach (var way in ways)
            {
                http.DefaultRequestHeaders.Authorization = way;
                (await http.PostAsJsonAsync("/api/2.0/mlflow/experiments/create", new { name = "e" })).Dispose();
                (await http.GetAsync($"/api/2.0/mlflow/experiments/get?experiment_id=0&token={token}")).Dispose();
                (await http.GetAsync("/nowhere")).Dispose();
                (await http.PostAsync("/api/2.0/mlflow/runs/create", new StringContent("{", Encoding.UTF8, "application/json"))).Dispose();
            }

            http.DefaultRequestHeaders.Authorization = ways[0];
            (await http.PostAsJsonAsync("/api/2.0/mlflow/experiments/delete", new { experiment_id = "1" })).Dispose();
            Assert.DoesNotContain(token, await http.GetStringAsync("/metrics"), StringComparison.Ordinal);
        }

        server.Signal(Terminate);
        Assert.Equal(0, await server.EndAsync());
        var all = string.Join('\n', server.Errors) + string.Concat(Directory.EnumerateFiles(Path.Combine(_folder.Path, ".hone"), "*", SearchOption.AllDirectories).Select(File.ReadAllText));
        Assert.Contains("delete experiment", all, StringComparison.Ordinal);
        foreach (var secret in new[] { token, token[5..], "horse", Convert.ToBase64String(Encoding.UTF8.GetBytes($"ann:{Password}")) })
        {
            Assert.DoesNotContain(secret, all, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Beyond_this_machine_it_asks_for_users_or_to_be_told_that_it_is_open()
    {
        var (exitCode, _, errors) = await HoneProcess.RunAsync(_folder.Path, "server", "--host", "0.0.0.0", "--port", "0");
        Assert.Equal(2, exitCode);
        Assert.EndsWith(
            "hone: Others could reach 0.0.0.0:0, and the store has no users. Add one with hone users add NAME --role admin, or serve everybody with --open.",
            errors, StringComparison.Ordinal);

        await HoneProcess.RunAsync(_folder.Path, "users", "add", "ann");
        await using var server = HoneProcess.Start(_folder.Path, "server", "--host", "0.0.0.0", "--port", "0");
        Assert.True(await server.SaysAsync("Serving"));
        Assert.Contains(server.Errors, line => line.Contains("cross the network readably", StringComparison.Ordinal));
        var port = server.Errors.First(line => line.Contains("Serving", StringComparison.Ordinal)).Split(" (")[0].Split(':')[^1];
        using var http = new HttpClient();
        using var refused = await http.GetAsync(new Uri($"http://127.0.0.1:{port}/api/2.0/mlflow/experiments/get?experiment_id=0"));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Theory]
    [InlineData("--key key.pem", "--key: there is no --certificate beside it")]
    [InlineData("--rate 0", "--rate: '0' is out of range; expected a number above 0")]
    [InlineData("--telemetry here", "--telemetry: 'here' is no address; expected one such as http://127.0.0.1:4318")]
    [InlineData("--proxy here", "'here' are no addresses of proxies. Name them with --proxy as 10.0.0.7 or 10.0.0.0/24.")]
    public async Task Wrong_options_are_told(string options, string expected)
    {
        var (exitCode, _, errors) = await HoneProcess.RunAsync(_folder.Path, ["server", "--port", "0", .. options.Split(' ')]);

        Assert.Equal((2, $"hone: {expected}"), (exitCode, errors));
    }

    [Fact]
    public async Task A_copy_is_made_while_it_serves()
    {
        await using var server = HoneProcess.Start(_folder.Path, "server", "--port", "0");
        Assert.True(await server.SaysAsync("MLFLOW_TRACKING_URI="));
        using var http = new HttpClient { BaseAddress = new Uri(server.Errors.Single(line => line.Contains("MLFLOW_TRACKING_URI=", StringComparison.Ordinal)).Split('=')[1]) };
        (await http.PostAsJsonAsync("/api/2.0/mlflow/experiments/create", new { name = "kept" })).EnsureSuccessStatusCode();

        var (exitCode, output, errors) = await HoneProcess.RunAsync(_folder.Path, "backup", "copy.db", "--json");

        Assert.True(exitCode == 0, errors);
        Assert.Equal(new FileInfo(_folder.File("copy.db")).Length, JsonDocument.Parse(output).RootElement.GetProperty("store_bytes").GetInt64());
        Assert.Contains("kept", Encoding.Latin1.GetString(await File.ReadAllBytesAsync(_folder.File("copy.db"))), StringComparison.Ordinal);
    }

    private static AuthenticationHeaderValue Basic(string name, string password) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}")));
}
