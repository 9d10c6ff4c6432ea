using System.Diagnostics;
using Hone.Pipelines.Comparing;
using Hone.Pipelines.Tests.Stages;
using Hone.Pipelines.Values;

namespace Hone.Pipelines.Tests.Comparing;

/// <summary>Versions of a pipeline in Git, compared: the expected answers are DVC 3.64's.</summary>
public sealed class MeasuresTests
{
    [Fact]
    public async Task Parameters_and_metrics_that_changed_are_told_as_DVC_tells_them()
    {
        using var bench = Bench.Golden("c_repro1");
        await CommitAsync(bench);
        bench.Write("params.yaml", bench.Read("params.yaml").Replace("epochs: 3", "epochs: 4", StringComparison.Ordinal));
        using var loan = bench.Load();
        var parameters = Measures.ParametersFiles(loan.Pipeline);
        var metrics = Measures.MetricsFiles(loan.Pipeline);

        var head = await Snapshot.OfAsync(loan.Repository, loan.Pipeline, "HEAD", [.. parameters, .. metrics], CancellationToken.None);
        var workspace = Snapshot.Workspace(loan.Repository);

        Assert.Equal(
            """{"params.yaml": {"train.epochs": {"old": 3, "new": 4, "diff": 1}}}""",
            JsonText.Write(Measures.ToValue(Measures.Compare(parameters, head, workspace, isAll: false))));
        Assert.Equal(
            """{"metrics.json": {"acc": {"old": 0.5, "new": 0.5, "diff": 0.0}, "nested.loss": {"old": 1.25, "new": 1.25, "diff": 0.0}}}""",
            JsonText.Write(Measures.ToValue(Measures.Compare(metrics, head, workspace, isAll: true))));
    }

    [Fact]
    public async Task What_the_cache_keeps_of_an_earlier_version_is_found_by_its_lock_file()
    {
        using var bench = Bench.With("stages: { m: { cmd: cp in m.json, deps: [in], metrics: [m.json] } }", ("in", """{"a": 1, "b": true}"""), (".dvc/config", ""));
        await CommitAsync(bench, "init", "-q");
        await bench.ReproAsync();
        await CommitAsync(bench);
        bench.Write("in", """{"a": 2.5, "c": "x"}""");
        await bench.ReproAsync();
        using var loan = bench.Load();

        var head = await Snapshot.OfAsync(loan.Repository, loan.Pipeline, "HEAD", ["m.json"], CancellationToken.None);

        Assert.Equal(
            """{"m.json": {"a": {"old": 1, "new": 2.5, "diff": 1.5}, "c": {"old": null, "new": "x"}, "b": {"old": true, "new": null}}}""",
            JsonText.Write(Measures.ToValue(Measures.Compare(["m.json"], head, Snapshot.Workspace(loan.Repository), isAll: false))));
    }

    [Fact]
    public async Task Plots_have_the_points_of_their_tables_whatever_the_format()
    {
        using var bench = Bench.With("""
            stages:
              a: { cmd: x, plots: [a.csv: { x: step, y: loss }] }
              b: { cmd: x, plots: [b.json] }
            plots:
            - both: { x: step, y: { a.csv: [loss], c.tsv: loss } }
            """,
            ("a.csv", "step,loss\n0,1.5\n1,\"0,5\"\n"), ("b.json", """{"rows": [{"x": 1, "y": 2}, {"x": 2, "y": null}]}"""), ("c.tsv", "step\tloss\r\n0\t3\r\n"));
        using var loan = bench.Load();

        var plots = Plots.Read(loan.Pipeline, [Snapshot.Workspace(loan.Repository)], []);

        Assert.Equal(
            ["a.csv: loss 0.0 1.5 1.0 0,5", "b.json: y 0 2 1 null", "dvc.yaml::both: loss of a.csv 0.0 1.5 1.0 0,5 loss of c.tsv 0.0 3.0"],
            plots.Select(plot => $"{plot.Title}: {string.Join(' ', plot.Lines.Select(line => $"{line.Name} {string.Join(' ', line.Points.Select(point => $"{point.X} {point.Y}"))}"))}"));
        bench.Write("a.csv", "step,cost\n0,1\n");
        Assert.Equal(
            "a.csv: there is no field 'loss'; there are step, cost",
            Assert.Throws<PipelineException>(() => Plots.Read(loan.Pipeline, [Snapshot.Workspace(loan.Repository)], [])).Message);
        await Assert.ThrowsAsync<PipelineException>(() => Snapshot.OfAsync(loan.Repository, loan.Pipeline, "HEAD", [], CancellationToken.None));
    }

    private static async Task CommitAsync(Bench bench, params string[] only)
    {
        string[][] commands = only.Length > 0 ? [only] : [["init", "-q"], ["add", "-A"], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "x"]];
        foreach (var arguments in commands)
        {
            using var git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = bench.Path })!;
            await git.WaitForExitAsync();
            Assert.Equal(0, git.ExitCode);
        }
    }
}
