using System.Text.Json;

namespace Hone.Cli.Tests.Commands;

/// <summary>The verbs of tracked runs and registered models, over a store that was imported from MLflow's files.</summary>
public sealed class TrackingVerbTests : IAsyncLifetime
{
    private const string Run = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
    private readonly TemporaryFolder _folder = new();

    public async ValueTask InitializeAsync()
    {
        Write("mlruns/1/meta.yaml", "experiment_id: '1'\nname: churn\nlifecycle_stage: active\ncreation_time: 1700000000000\nlast_update_time: 1700000000000\n");
        Write($"mlruns/1/{Run}/meta.yaml", $"run_id: {Run}\nrun_uuid: {Run}\nrun_name: quick-lathe\nexperiment_id: '1'\nstatus: 3\nlifecycle_stage: active\nstart_time: 1700000000000\nend_time: 1700000001000\nuser_id: ann\n");
        Write($"mlruns/1/{Run}/metrics/loss", "1700000000500 0.25 1\n");
        Write($"mlruns/1/{Run}/params/depth", "3");
        Write($"mlruns/1/{Run}/tags/hone.git.commit", "abc123");
        Write($"mlruns/1/{Run}/tags/hone.pipeline.stage", "train");
        Write($"mlruns/1/{Run}/tags/hone.pipeline.lock", "d41d8cd9");
        Write($"mlruns/1/{Run}/tags/hone.data.data/raw.csv", "98f00b20");
        Write($"mlruns/1/{Run}/artifacts/model/weights.bin", "weights");
        var (exitCode, output, errors) = await HoneAsync("import", "mlflow", Path.Combine(_folder.Path, "mlruns"), "--copy-artifacts");
        Assert.True(exitCode == 0, errors);
        Assert.Equal("1 runs imported, 0 were there; 1 experiments, 0 logged models, 0 versions of registered models, 1 files; 0 things passed over.\n", output);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_second_import_says_that_everything_was_there()
    {
        var (exitCode, output, _) = await HoneAsync("import", "mlflow", Path.Combine(_folder.Path, "mlruns"), "--copy-artifacts", "--json");

        Assert.Equal(0, exitCode);
        Assert.Equal(
            """{"experiments":0,"runs":0,"known_runs":1,"logged_models":0,"versions":0,"files":0,"skipped":0,"problems":[]}""", output.TrimEnd());
    }

    [Fact]
    public async Task A_model_is_registered_promoted_and_followed_back_to_its_data()
    {
        await DoneAsync("models", "register", "net", "--run", Run, "--path", "model", "--description", "the first");
        await DoneAsync("models", "promote", "net", "--stage", "production", "--alias", "champion");

        var shown = await DoneAsync("models", "show", "net@champion", "--lineage");

        Assert.Contains("net/1: the first\n  stage: Production\n  aliases: champion\n", shown, StringComparison.Ordinal);
        Assert.Contains("  metrics: loss=0.25\n", shown, StringComparison.Ordinal);
        Assert.Contains("made by run quick-lathe of churn (", shown, StringComparison.Ordinal);
        Assert.Contains("  parameters: depth=3\n  commit: abc123\n  pipeline: stage train, locked as d41d8cd9\n  data: data/raw.csv 98f00b20\n", shown, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(await DoneAsync("models", "show", "net/1", "--lineage", "--json"));
        var run = json.RootElement.GetProperty("made_by");
        Assert.Equal("""{"data/raw.csv":"98f00b20"}""", run.GetProperty("data").GetRawText());
        Assert.Equal("""{"stage":"train","lock":"d41d8cd9"}""", run.GetProperty("pipeline").GetRawText());
    }

    [Fact]
    public async Task Models_are_listed_downloaded_renamed_and_deleted()
    {
        await DoneAsync("models", "register", "net", "--run", Run, "--path", "model");
        var lines = (await DoneAsync("models", "list")).Split('\n');
        Assert.Equal("model versions latest production aliases changed", string.Join(' ', lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.StartsWith("net", lines[1], StringComparison.Ordinal);

        var target = Path.Combine(_folder.Path, "downloaded");
        Assert.Equal($"1 files are in {target}\n", await DoneAsync("models", "download", "net", "--to", target));
        Assert.Equal("weights", await File.ReadAllTextAsync(Path.Combine(target, "weights.bin")));
        await DoneAsync("models", "rename", "net", "mesh");
        Assert.Equal("mesh/1 deleted; its files stay\n", await DoneAsync("models", "delete", "mesh/1"));
        Assert.Equal("mesh\n", await DoneAsync("models", "show", "mesh"));
    }

    [Fact]
    public async Task What_is_exported_is_imported_again()
    {
        var target = Path.Combine(_folder.Path, "out");
        Assert.Equal($"1 runs of 1 experiments, 0 logged models, 0 registered models and 1 files are in {target}.\n", await DoneAsync("export", "--experiment", "churn", "--to", target));

        Assert.Contains("1 runs imported", (await Hone.RunAsync("import", "mlflow", target, "--store", Path.Combine(_folder.Path, "other.db"))).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_deleted_is_removed_for_good_by_the_servers_gc()
    {
        Assert.Equal("0 experiments, 0 runs and 0 logged models would be removed for good.\n", await DoneAsync("server", "gc", "--older-than", "0", "--dry"));
        Assert.Equal("""{"dry":false,"experiments":0,"runs":0,"logged_models":0,"kept":0}""", (await DoneAsync("server", "gc", "--json")).TrimEnd());
    }

    [Theory]
    [InlineData("hone: Registered Model with name=none not found\n", "models", "show", "none")]
    [InlineData("hone: say where to: --stage STAGE or --alias ALIAS\n", "models", "promote", "none")]
    [InlineData("hone: Run with id=none not found\n", "models", "register", "net", "--run", "none")]
    [InlineData("hone: --older-than: -1 is no number of days; expected 0 or more\n", "server", "gc", "--older-than", "-1")]
    [InlineData("hone: --s3-endpoint: 'nowhere' is no address; expected one such as http://127.0.0.1:9000\n", "server", "--s3-endpoint", "nowhere")]
    public async Task What_cannot_be_done_is_told(string message, params string[] arguments)
    {
        var (exitCode, _, errors) = await HoneAsync(arguments);

        Assert.Equal((2, message), (exitCode, errors));
    }

    [Fact]
    public async Task A_source_that_is_none_is_told()
    {
        var (exitCode, _, errors) = await HoneAsync("import", "mlflow", "nowhere");

        Assert.Equal(2, exitCode);
        Assert.StartsWith("hone: 'nowhere' is no store of MLflow: expected a folder such as mlruns", errors, StringComparison.Ordinal);
    }

    private void Write(string path, string text)
    {
        var full = Path.Combine(_folder.Path, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    private Task<(int ExitCode, string Output, string Errors)> HoneAsync(params string[] arguments) => Hone.RunAsync([.. arguments, "--store", _folder.Store]);

    private async Task<string> DoneAsync(params string[] arguments)
    {
        var (exitCode, output, errors) = await HoneAsync(arguments);
        Assert.True(exitCode == 0, errors);
        return output;
    }
}
