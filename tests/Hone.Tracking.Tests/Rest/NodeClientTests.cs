using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace Hone.Tracking.Tests.Rest;

/// <summary>The client of Node.js from npm, which others wrote, against the server.</summary>
public sealed class NodeClientTests
{
    [Fact]
    public async Task A_program_of_Node_logs_searches_and_lists_as_with_any_server()
    {
        await using var server = await RestServer.StartAsync();

        var (exitCode, output, errors) = await RunAsync(server.Address.GetLeftPart(UriPartial.Authority));

        Assert.True(exitCode == 0, errors);
        using var document = JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]);
        var answers = document.RootElement;
        Assert.Equal(("renamed", "active"), (answers.Text("experiment.name"), answers.Text("experiment.lifecycle_stage")));
        Assert.Equal(("FINISHED", "node"), (answers.Text("run.info.status"), answers.Text("run.info.user_id")));
        Assert.Equal("depth=3 rate=0.1", answers.At("run.data.params").Pairs());
        Assert.Contains("kept=yes", answers.At("run.data.tags").Pairs(), StringComparison.Ordinal);
        Assert.DoesNotContain("gone", answers.At("run.data.tags").Pairs(), StringComparison.Ordinal);
        Assert.Equal("1 1", $"{answers.At("deleted")} {answers.At("found")}");
        Assert.Equal("0.5 0.25", string.Join(' ', answers.At("history").EnumerateArray().Select(point => point.At("value").GetRawText())));
        Assert.Equal("""[{"path":"model","is_dir":true}]""", answers.At("files").GetRawText());
        Assert.Equal("""[{"path":"model/weights.bin","is_dir":false,"file_size":7}]""", answers.At("below").GetRawText());
        Assert.Contains("Run with id=none not found", answers.Text("refusal"), StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string address)
    {
        var start = new ProcessStartInfo("node", [Path.Combine(AppContext.BaseDirectory, "Client", "session.js"), address])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["NODE_PATH"] = Path.Combine(ClientFolder(), "node_modules");
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }

    // Where the build put the client.
    internal static string ClientFolder() =>
        typeof(NodeClientTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "ClientFolder").Value!;
}
