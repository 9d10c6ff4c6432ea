using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace Hone.Tracking.Tests.Rest;

/// <summary>A real client of another make: MLflow's for Node.</summary>
public sealed class NodeClientTests
{
    private static readonly string Folder =
        typeof(NodeClientTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "NodeFolder").Value!;

    [Fact]
    public async Task The_client_for_Node_logs_finds_reads_and_restores()
    {
        await using var server = await RestServer.StartAsync();
        var start = new ProcessStartInfo("node", ["client.js", server.Address.GetLeftPart(UriPartial.Authority)])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var node = Process.Start(start)!;
        var errors = node.StandardError.ReadToEndAsync();
        var output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        Assert.True(node.ExitCode == 0, await errors);

        using var read = JsonDocument.Parse(output);
        var run = read.RootElement.At("run");
        Assert.Equal(("FINISHED", 1_700_000_001_000), (run.Text("info.status"), run.At("info.end_time").GetInt64()));
        Assert.Equal("loss=0.3333333333333333 accuracy=0.5", run.At("data.metrics").Pairs());
        Assert.Equal("model=linear rate=0.1", run.At("data.params").Pairs());
        Assert.Contains("team=☃", run.At("data.tags").Pairs(), StringComparison.Ordinal);
        Assert.DoesNotContain("gone", run.At("data.tags").Pairs(), StringComparison.Ordinal);
        Assert.Equal([0, 1, 2], read.RootElement.At("steps").EnumerateArray().Select(step => step.GetInt64()));
        Assert.Contains("RESOURCE_DOES_NOT_EXIST", read.RootElement.Text("missing"), StringComparison.Ordinal);
        Assert.Equal("active", read.RootElement.Text("stage"));
    }
}
