using Hone.Pipelines.Drawing;
using Hone.Pipelines.Stages;
using Hone.Pipelines.Values;
using Hone.Pipelines.Yaml;

namespace Hone.Pipelines.Tests.Stages;

/// <summary>Pipelines that DVC 3.64 wrote and ran, with its answers to the same questions.</summary>
public sealed class GoldenPipelineTests
{
    private const string UnrunStatus = """
        {"prep": [{"changed deps": {"raw": "modified", "prep.txt": "modified", "params.yaml": "new"}}, {"changed outs": {"joined.txt": "deleted", "parts": "deleted"}}], "train": [{"changed deps": {"joined.txt": "deleted", "parts": "deleted", "params.yaml": "new", "conf.toml": "new", "conf.json": "new"}}, {"changed outs": {"model_small_v1.bin": "deleted", "metrics.json": "deleted", "loss.csv": "deleted"}}], "report": [{"changed deps": {"metrics.json": "deleted", "model_small_v1.bin": "deleted"}}, {"changed outs": {"report.txt": "deleted"}}], "each@tr": [{"changed outs": {"each_tr.txt": "deleted"}}], "each@te": [{"changed outs": {"each_te.txt": "deleted"}}], "eachmap@one": [{"changed outs": {"map_one.txt": "deleted"}}], "eachmap@two": [{"changed outs": {"map_two.txt": "deleted"}}], "grid@f1-s": [{"changed outs": {"grid_f1_s.txt": "deleted"}}], "grid@f1-l": [{"changed outs": {"grid_f1_l.txt": "deleted"}}], "grid@f2-s": [{"changed outs": {"grid_f2_s.txt": "deleted"}}], "grid@f2-l": [{"changed outs": {"grid_f2_l.txt": "deleted"}}], "inwork": [{"changed deps": {"work/src.txt": "modified", "params.yaml": "new"}}, {"changed outs": {"work/dst.txt": "deleted"}}], "icy": [{"changed deps": {"prep.txt": "modified"}}, {"changed outs": {"icy.txt": "deleted"}}], "often": [{"changed outs": {"often.txt": "deleted"}}, "always changed"], "sideeffect": [{"changed deps": {"report.txt": "deleted"}}]}
        """;

    [Fact]
    public void Status_of_a_pipeline_that_never_ran_is_as_DVC_tells_it()
    {
        using var bench = Bench.Golden("b_pipeline_unrun");

        Assert.Equal(UnrunStatus, bench.Status());
    }

    [Theory]
    [InlineData("c_repro1", """{"often": ["always changed"]}""")]
    [InlineData("c_repro2_param_changed", """{"often": ["always changed"]}""")]
    [InlineData("d_remote_after_push", """{"train": [{"changed deps": {"parts": "modified"}}], "often": ["always changed"]}""")]
    public void Status_after_a_run_is_as_DVC_tells_it(string golden, string expected)
    {
        using var bench = Bench.Golden(golden);

        Assert.Equal(expected, bench.Status());
    }

    [Fact]
    public void Status_names_the_parameter_that_changed()
    {
        using var bench = Bench.Golden("c_repro1");
        bench.Write("params.yaml", bench.Read("params.yaml").Replace("epochs: 3", "epochs: 4", StringComparison.Ordinal));

        Assert.Equal(
            """{"train": [{"changed deps": {"params.yaml": {"train.epochs": "modified"}}}], "often": ["always changed"]}""", bench.Status());
    }

    [Fact]
    public void Status_looks_into_the_cache_before_the_workspace()
    {
        using var bench = Bench.Golden("d_remote_after_push");
        Delete(bench, ".dvc/cache");
        Directory.Delete(Path.Combine(bench.Path, "parts"), recursive: true);
        File.Delete(Path.Combine(bench.Path, "model_small_v1.bin"));
        File.Delete(Path.Combine(bench.Path, "loss.csv"));

        // The same, but for the entry of train's dependency, which DVC's own pull of another manifest changed afterwards.
        var expected = """
            {"prep": [{"changed outs": {"joined.txt": "not in cache", "parts": "not in cache"}}], "train": [{"changed deps": {"parts": "deleted"}}, {"changed outs": {"model_small_v1.bin": "not in cache", "loss.csv": "not in cache"}}], "report": [{"changed deps": {"model_small_v1.bin": "deleted"}}], "each@tr": [{"changed outs": {"each_tr.txt": "not in cache"}}], "each@te": [{"changed outs": {"each_te.txt": "not in cache"}}], "eachmap@one": [{"changed outs": {"map_one.txt": "not in cache"}}], "eachmap@two": [{"changed outs": {"map_two.txt": "not in cache"}}], "grid@f1-s": [{"changed outs": {"grid_f1_s.txt": "not in cache"}}], "grid@f1-l": [{"changed outs": {"grid_f1_l.txt": "not in cache"}}], "grid@f2-s": [{"changed outs": {"grid_f2_s.txt": "not in cache"}}], "grid@f2-l": [{"changed outs": {"grid_f2_l.txt": "not in cache"}}], "inwork": [{"changed outs": {"work/dst.txt": "not in cache"}}], "icy": [{"changed outs": {"icy.txt": "not in cache"}}], "often": [{"changed outs": {"often.txt": "not in cache"}}, "always changed"]}
            """;
        Assert.Equal(expected, bench.Status());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Run_from_scratch_it_gives_the_lock_file_the_cache_and_the_remembered_runs_that_DVC_gave(int jobs)
    {
        using var dvc = Bench.Golden("c_repro1");
        using var hone = Bench.Golden("b_pipeline_unrun");

        var ends = await hone.ReproAsync(new ReproductionOptions { Jobs = jobs });

        Assert.All(ends, end => Assert.EndsWith(" Ran", end, StringComparison.Ordinal));
        Assert.Equal(dvc.Read("dvc.lock"), hone.Read("dvc.lock"));
        Assert.Equal(dvc.Files(".dvc/cache"), hone.Files(".dvc/cache"));
        Assert.All(dvc.Files(".dvc/cache"), file => Assert.Equal(dvc.Read($".dvc/cache/{file}"), hone.Read($".dvc/cache/{file}")));
        Assert.Equal("""{"often": ["always changed"]}""", hone.Status());
    }

    [Fact]
    public async Task Reproducing_what_did_not_change_changes_no_byte_and_runs_only_what_always_runs()
    {
        using var bench = Bench.Golden("c_repro1");
        var before = bench.Files("").Where(file => !file.StartsWith(".dvc/tmp", StringComparison.Ordinal)).ToDictionary(file => file, bench.Read);

        var ends = await bench.ReproAsync();

        Assert.Equal(["often Ran"], ends.Where(end => !end.EndsWith("Unchanged", StringComparison.Ordinal)));
        Assert.Equal(before, bench.Files("").Where(file => !file.StartsWith(".dvc/tmp", StringComparison.Ordinal)).ToDictionary(file => file, bench.Read));
    }

    [Fact]
    public async Task After_a_parameter_changed_the_lock_file_is_the_one_that_DVC_wrote()
    {
        using var dvc = Bench.Golden("c_repro2_param_changed");
        using var hone = Bench.Golden("c_repro1");
        hone.Write("params.yaml", dvc.Read("params.yaml"));
        hone.Write("dvc.yaml", dvc.Read("dvc.yaml"));

        var ends = await hone.ReproAsync();

        Assert.Equal(["train Ran", "often Ran"], ends.Where(end => !end.EndsWith("Unchanged", StringComparison.Ordinal)));
        Assert.Equal(dvc.Read("dvc.lock"), hone.Read("dvc.lock"));
    }

    [Theory]
    [InlineData("c_repro1")]
    [InlineData("c_repro2_param_changed")]
    [InlineData("d_remote_after_push")]
    public void A_lock_file_read_and_written_is_the_same(string golden)
    {
        using var bench = Bench.Golden(golden);

        Assert.Equal(bench.Read("dvc.lock"), LockFile.Read(bench.Read("dvc.lock"), "dvc.lock").Write());
    }

    [Theory]
    [InlineData("c_repro1", 3)]
    [InlineData("d_remote_after_push", 4)]
    public void The_keys_of_remembered_runs_are_hashes_of_their_content(string golden, int runs)
    {
        using var bench = Bench.Golden(golden);
        var folder = golden == "c_repro1" ? ".dvc/cache/runs" : "remote/runs";
        var files = bench.Files(folder);

        Assert.Equal(runs, files.Count);
        Assert.All(files, file =>
        {
            var run = LockedStage.Read(new Section(YamlValues.Of(YamlReader.Read(bench.Read($"{folder}/{file}"), file)), new Place(file, 0, "")));
            Assert.Equal(file, $"{RunKey.Inputs(run)[..2]}/{RunKey.Inputs(run)}/{RunKey.Result(run)}");
        });
    }

    [Fact]
    public void The_drawing_for_Mermaid_is_the_one_that_DVC_makes()
    {
        using var bench = Bench.Golden("b_pipeline_unrun");
        using var loan = bench.Load();

        Assert.Equal(
            """
            flowchart TD
            	node1["prep"]
            	node2["report"]
            	node3["sideeffect"]
            	node4["train"]
            	node1-->node4
            	node2-->node3
            	node4-->node2
            	node5["each@tr"]
            	node6["each@te"]
            	node7["eachmap@one"]
            	node8["eachmap@two"]
            	node9["grid@f1-s"]
            	node10["grid@f1-l"]
            	node11["grid@f2-s"]
            	node12["grid@f2-l"]
            	node13["inwork"]
            	node14["icy"]
            	node15["often"]

            """,
            PipelineDrawing.OfStages(loan.Pipeline.Graph, loan.Pipeline.Graph.Stages).Mermaid());
    }

    [Fact]
    public void The_drawing_for_Graphviz_has_the_lines_that_DVC_writes()
    {
        using var bench = Bench.Golden("b_pipeline_unrun");
        using var loan = bench.Load();
        var dot = PipelineDrawing.OfStages(loan.Pipeline.Graph, loan.Pipeline.Graph.Stages).Dot();

        Assert.StartsWith("strict digraph  {\n\"prep\";\n", dot, StringComparison.Ordinal);
        Assert.EndsWith("\"often\";\n\"sideeffect\";\n\"prep\" -> \"train\";\n\"train\" -> \"report\";\n\"report\" -> \"sideeffect\";\n}\n", dot, StringComparison.Ordinal);
    }

    private static void Delete(Bench bench, string folder)
    {
        var path = Path.Combine(bench.Path, folder);
        foreach (var file in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories))
        {
            File.SetAttributes(file, FileAttributes.Normal);
        }

        Directory.Delete(path, recursive: true);
    }
}
