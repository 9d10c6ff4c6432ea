using System.Diagnostics;
using Hone.Pipelines.Stages;

namespace Hone.Pipelines.Tests.Stages;

public sealed class ReproductionTests
{
    private const string Diamond = """
        stages:
          last:
            cmd: cat left right > last
            deps: [left, right]
            outs: [last]
          left:
            cmd: cat top > left
            deps: [top]
            outs: [left]
          right:
            cmd: cat top > right
            deps: [top]
            outs: [right]
          top:
            cmd: echo 1 > top
            deps: [seed]
            outs: [top]
        """;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public async Task Runs_each_stage_after_all_that_it_needs(int jobs)
    {
        using var bench = Bench.With(Diamond, ("seed", "1"));

        await bench.ReproAsync(new ReproductionOptions { Jobs = jobs });

        var order = bench.Events.Where(happened => happened is StageStarted or StageEnded).Select(happened => (happened is StageEnded, happened.Stage.Name)).ToList();
        Assert.All(
            ((string, string)[])[("top", "left"), ("top", "right"), ("left", "last"), ("right", "last")],
            pair => Assert.True(order.IndexOf((true, pair.Item1)) < order.IndexOf((false, pair.Item2)), $"{pair} in {string.Join(" ", order)}"));
        Assert.Equal("1\n1\n", bench.Read("last"));
    }

    [Fact]
    public async Task Runs_independent_stages_at_once_as_many_as_there_are_jobs()
    {
        // Each waits for the other's sign: one after the other they would wait for ever.
        using var bench = Bench.With("""
            stages:
              a:
                cmd: touch a.sign; until [ -e b.sign ]; do sleep 0.05; done; echo a > a.out
                outs: [a.out]
              b:
                cmd: touch b.sign; until [ -e a.sign ]; do sleep 0.05; done; echo b > b.out
                outs: [b.out]
            """);

        Assert.Equal(["a Ran", "b Ran"], await bench.ReproAsync(new ReproductionOptions { Jobs = 2 }));
    }

    [Fact]
    public async Task New_stages_stand_in_the_lock_file_as_if_they_had_run_one_by_one()
    {
        // The first waits until the last one is recorded.
        using var bench = Bench.With("""
            stages:
              slow:
                cmd: until grep -q quick dvc.lock; do sleep 0.05; done; echo 1 > slow.out
                outs: [slow.out]
              quick:
                cmd: echo 1 > quick.out
                outs: [quick.out]
            """);

        await bench.ReproAsync(new ReproductionOptions { Jobs = 2 });

        Assert.Equal(["slow", "quick"], LockFile.Read(bench.Read("dvc.lock"), "dvc.lock").Names);
    }

    [Fact]
    public async Task After_a_failure_no_other_stage_starts_and_what_is_done_stays_recorded()
    {
        using var bench = Bench.With("""
            stages:
              good: { cmd: echo 1 > good, outs: [good] }
              bad: { cmd: "echo oops >&2; exit 3", deps: [good], outs: [bad] }
              other: { cmd: echo 1 > other, outs: [other] }
            """);

        var ends = await bench.ReproAsync();

        Assert.Equal(
            ["good Ran", "bad Failed: dvc.yaml:3: stage 'bad': 'echo oops >&2; exit 3' ended with exit code 3", "other Skipped"], ends);
        Assert.Equal(["good"], LockFile.Read(bench.Read("dvc.lock"), "dvc.lock").Names);
        Assert.Contains(bench.Events, happened => happened is CommandWrote { Line: "oops", IsError: true });
    }

    [Fact]
    public async Task Keeping_going_leaves_out_only_what_needs_a_failed_stage()
    {
        using var bench = Bench.With("""
            stages:
              bad: { cmd: exit 3, outs: [bad] }
              after: { cmd: cp bad after, deps: [bad], outs: [after] }
              other: { cmd: echo 1 > other, outs: [other] }
            """);

        var ends = await bench.EndsAsync(new ReproductionOptions { KeepsGoing = true }, CancellationToken.None);

        Assert.Equal([StageOutcome.Failed, StageOutcome.Skipped, StageOutcome.Ran], ends.Select(end => end.Outcome));
        Assert.Equal("stage 'bad' failed", ends[1].Detail);
    }

    [Fact]
    public async Task An_interruption_ends_what_runs_and_leaves_what_is_done_recorded()
    {
        using var bench = Bench.With("""
            stages:
              done: { cmd: echo 1 > done, outs: [done] }
              long: { cmd: "touch begun; sleep 600", deps: [done], outs: [long] }
            """);
        using var interruption = new CancellationTokenSource();
        var work = bench.EndsAsync(new ReproductionOptions(), interruption.Token);
        while (!bench.Has("begun"))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }

        await interruption.CancelAsync();
        var ends = await work;

        Assert.Equal([StageOutcome.Ran, StageOutcome.Skipped], ends.Select(end => end.Outcome));
        Assert.Equal(["done"], LockFile.Read(bench.Read("dvc.lock"), "dvc.lock").Names);
    }

    [Fact]
    public async Task Outputs_that_are_gone_come_back_from_the_cache_without_a_run()
    {
        using var bench = Bench.With(Diamond, ("seed", "1"));
        await bench.ReproAsync();
        File.Delete(Path.Combine(bench.Path, "left"));

        Assert.Equal(["top Unchanged", "left Restored", "right Unchanged", "last Unchanged"], await bench.ReproAsync());
        Assert.Equal("1\n", bench.Read("left"));
    }

    [Fact]
    public async Task What_ran_before_with_the_same_inputs_does_not_run_again()
    {
        using var bench = Bench.With("stages: { copy: { cmd: cp in out, deps: [in], outs: [out] } }", ("in", "one"));
        await bench.ReproAsync();
        bench.Write("in", "two");
        Assert.Equal(["copy Ran"], await bench.ReproAsync());
        var second = bench.Read("dvc.lock");
        bench.Write("in", "one");

        Assert.Equal(["copy Restored"], await bench.ReproAsync());
        Assert.Equal("one", bench.Read("out"));
        Assert.NotEqual(second, bench.Read("dvc.lock"));
    }

    [Fact]
    public async Task A_dry_run_changes_nothing()
    {
        using var bench = Bench.With(Diamond, ("seed", "1"));

        var ends = await bench.ReproAsync(new ReproductionOptions { IsDry = true });

        Assert.All(ends, end => Assert.EndsWith("WouldRun", end, StringComparison.Ordinal));
        Assert.Equal(["dvc.yaml", "seed"], bench.Files("").Where(file => !file.StartsWith(".dvc", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_frozen_stage_does_not_run_but_its_outputs_are_recorded_as_they_are()
    {
        using var bench = Bench.With("stages: { copy: { cmd: cp in out, deps: [in], outs: [out], frozen: true } }", ("in", "one"), ("out", "by hand"));

        Assert.Equal(["copy Recorded"], await bench.ReproAsync());
        Assert.Equal("by hand", bench.Read("out"));
        bench.Write("in", "two");
        Assert.Equal(["copy Unchanged"], await bench.ReproAsync());
    }

    [Fact]
    public async Task Persistent_outputs_stay_in_place_and_others_are_removed_before_a_run()
    {
        using var bench = Bench.With("""
            stages:
              grow:
                cmd: ls kept made > seen 2>/dev/null; echo 1 >> kept; echo 1 >> made
                deps: [in]
                outs:
                  - kept: { persist: true }
                  - made
                  - seen
            """, ("in", "1"), ("kept", "0\n"), ("made", "0\n"));

        await bench.ReproAsync();

        Assert.Equal("kept\n", bench.Read("seen"));
        Assert.Equal("0\n1\n", bench.Read("kept"));
        Assert.Equal("1\n", bench.Read("made"));
    }

    [Fact]
    public async Task Commands_know_the_repository_and_the_stage()
    {
        using var bench = Bench.With("stages: { tell: { wdir: sub, cmd: 'echo \"$DVC_STAGE $DVC_ROOT $PWD\" > out', outs: [out] } }", ("sub/x", ""));

        await bench.ReproAsync();

        Assert.Equal($"tell {bench.Path} {bench.Path}/sub\n", bench.Read("sub/out"));
    }

    [Fact]
    public async Task Data_that_a_dvc_file_tracks_goes_before_what_reads_it_and_is_recorded_when_it_changed()
    {
        using var bench = Bench.With("stages: { copy: { cmd: cp raw out, deps: [raw], outs: [out] } }", ("raw", "one"), ("raw.dvc", """
            outs:
            - md5: f97c5d29941bfb1b2fdab0874906ab82
              size: 3
              hash: md5
              path: raw

            """));
        Assert.Equal(["raw.dvc Unchanged", "copy Ran"], await bench.ReproAsync("copy"));
        bench.Write("raw", "other");

        Assert.Equal(["raw.dvc Recorded", "copy Ran"], await bench.ReproAsync("copy"));
        Assert.Contains("size: 5", bench.Read("raw.dvc"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Git_ignores_what_the_cache_keeps_in_the_lines_that_DVC_writes()
    {
        using var dvc = Bench.Golden("c_repro1");
        using var hone = Bench.Golden("b_pipeline_unrun");
        using (var git = Process.Start(new ProcessStartInfo("git", ["init", "-q"]) { WorkingDirectory = hone.Path })!)
        {
            await git.WaitForExitAsync();
        }

        await hone.ReproAsync();

        Assert.Equal(dvc.Read(".gitignore"), hone.Read(".gitignore"));
        Assert.Equal(dvc.Read("work/.gitignore"), hone.Read("work/.gitignore"));
    }

    [Fact]
    public async Task An_output_that_Git_keeps_is_refused_before_anything_runs()
    {
        using var bench = Bench.With("stages: { make: { cmd: echo 2 > out, outs: [out] } }", ("out", "1"), (".dvc/config", ""));
        foreach (var arguments in (string[][])[["init", "-q"], ["add", "out"]])
        {
            using var git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = bench.Path })!;
            await git.WaitForExitAsync();
        }

        Assert.Equal(
            ["make Failed: dvc.yaml:1: stage 'make': Git keeps its output 'out'; take it out with git rm -r --cached 'out', or give it cache: false"],
            await bench.ReproAsync());
        Assert.Equal("1", bench.Read("out"));
    }

    [Fact]
    public async Task A_stage_that_another_process_runs_is_waited_for_and_not_run_twice()
    {
        using var bench = Bench.With("stages: { once: { cmd: 'echo run >> log; until [ -e go ]; do sleep 0.05; done; cp in out', deps: [in], outs: [out] } }", ("in", "1"));
        var first = bench.EndsAsync(new ReproductionOptions(), CancellationToken.None);
        while (!bench.Has("log"))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }

        var second = bench.EndsAsync(new ReproductionOptions(), CancellationToken.None);
        while (!bench.Waits)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }

        bench.Write("go", "");
        Assert.Equal([StageOutcome.Ran], (await first).Select(end => end.Outcome));
        Assert.Equal("run\n", bench.Read("log"));
        Assert.Equal([StageOutcome.Unchanged], (await second).Select(end => end.Outcome));
    }

    [Fact]
    public async Task Nothing_is_read_twice_where_nothing_changed()
    {
        // Fifty stages in a chain, in one repository: a second look at them finds all by their stamps.
        var stages = Enumerable.Range(1, 50).Select(i => $"  s{i}: {{ cmd: cp f{i - 1} f{i}, deps: [f{i - 1}], outs: [f{i}] }}");
        using var bench = Bench.With("stages:\n" + string.Join('\n', stages), ("f0", "0"));
        await bench.ReproAsync(new ReproductionOptions { Jobs = 2 });

        Assert.All(await bench.ReproAsync(), end => Assert.EndsWith(" Unchanged", end, StringComparison.Ordinal));
    }
}
