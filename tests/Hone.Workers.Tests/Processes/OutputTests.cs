using System.Text;
using Hone.Tuning;

namespace Hone.Workers.Tests.Processes;

/// <summary>What is made of what programs write.</summary>
public sealed class OutputTests
{
    [Fact]
    public async Task A_line_of_JSON_with_a_step_is_a_report_and_every_other_line_is_the_log()
    {
        await using var run = new PoolRun(
            """
            echo 'starting'; echo '{{"step": 3, "loss": 0.5, "ok": true}}'; echo '{{"loss": 1}}'; echo '["step"]'; echo '{{"step": 4'; echo '{{"step": 5, "note": "x"}}'
            """);

        await run.RunAsync();

        Assert.Equal([3, 5], run.Steps.Select(r => r.Step!.Value));
        Assert.Equal([("loss", 0.5), ("ok", 1)], run.Reports.First(r => r.Step == 3).Values.Take(2).Select(v => (v.Metric, v.Value)));
        Assert.Equal("starting\n{\"loss\": 1}\n[\"step\"]\n{\"step\": 4\n{\"step\": 5, \"note\": \"x\"}\n", run.Log());
    }

    [Fact]
    public async Task What_a_trial_costs_comes_with_its_reports_and_at_its_end()
    {
        await using var run = new PoolRun("""python3 -c 'for i in range(3): print("{{\"step\": %d}}" % i, flush=True); sum(range(1000000))'""");

        var ended = await run.RunAsync();

        Assert.All(run.Steps, r => Assert.Contains(r.Values, v => v.Metric == "system/memory_megabytes" && v.Value > 1));
        Assert.Contains(run.Steps.Last().Values, v => v.Metric == "system/step_seconds");
        var last = run.Reports[^1];
        Assert.Null(last.Step);
        Assert.InRange(last.Values.Single(v => v.Metric == "system/cpu_seconds").Value, 0.01, ended.SinceStart.TotalSeconds * 2);
        Assert.True(last.SinceStart <= ended.SinceStart);
    }

    [Fact]
    public async Task Reports_that_are_numbers_only_to_Python_are_understood()
    {
        await using var run = new PoolRun(
            """python3 -c 'import json; print(json.dumps(dict(step=1, a=float("nan"), b=float("inf"), c=-float("inf"), d="NaN or Infinity")))'""");

        await run.RunAsync();

        Assert.Equal(
            [("a", double.NaN), ("b", double.PositiveInfinity), ("c", double.NegativeInfinity)],
            run.Steps.Single().Values.Take(3).Select(v => (v.Metric, v.Value)));
    }

    [Fact]
    public async Task What_Python_prints_comes_at_once_without_a_flush()
    {
        await using var run = new PoolRun("""python3 -c 'import time; print("{{\"step\": 1}}"); time.sleep(1000)'""");
        run.Start();

        Assert.Equal(1, (await run.ReportAsync()).Step);
    }

    [Fact]
    public async Task A_step_that_is_none_is_noted_in_the_log_and_otherwise_ignored()
    {
        await using var run = new PoolRun("""echo '{{"step": -1, "loss": 1}}'; echo '{{"step": 1.5}}'; echo '{{"step": "2"}}'; printf '{{"step": null}}'""");

        await run.RunAsync();

        Assert.Empty(run.Steps);
        Assert.Equal(
            """
            {"step": -1, "loss": 1}
            hone: not taken as a report: a step is a whole number from 0, not -1
            {"step": 1.5}
            hone: not taken as a report: a step is a whole number from 0, not 1.5
            {"step": "2"}
            hone: not taken as a report: a step is a whole number from 0, not String
            {"step": null}
            hone: not taken as a report: a step is a whole number from 0, not Null

            """,
            run.Log());
    }

    [Fact]
    public async Task Steps_that_go_backwards_and_unknown_metrics_are_the_tuners_business()
    {
        await using var run = new PoolRun("""for s in 5 3 5 0; do echo "{{\"step\": $s, \"never heard of\": 1}}"; done""");

        await run.RunAsync();

        Assert.Equal([5, 3, 5, 0], run.Steps.Select(r => r.Step!.Value));
        Assert.All(run.Steps, r => Assert.Equal("never heard of", r.Values[0].Metric));
    }

    [Fact]
    public async Task Lines_may_come_in_pieces_with_any_line_end_or_none()
    {
        await using var run = new PoolRun(
            """printf '{{"st'; sleep 0.02; printf 'ep": 1, "l\303'; sleep 0.02; printf '\244": 2}}\r\n{{"step": 2}}\n\n  {{"step": 3}}'""");

        await run.RunAsync();

        Assert.Equal([1, 2, 3], run.Steps.Select(r => r.Step!.Value));
        Assert.Equal("lä", run.Steps.First().Values[0].Metric);
        Assert.Equal("\n", run.Log());
    }

    [Fact]
    public async Task A_report_on_standard_error_is_log()
    {
        await using var run = new PoolRun("""echo '{{"step": 1}}' >&2""");

        await run.RunAsync();

        Assert.Empty(run.Steps);
        Assert.Equal("{\"step\": 1}\n", run.Log());
    }

    [Fact]
    public async Task A_progress_bar_on_standard_error_does_not_spoil_reports()
    {
        await using var run = new PoolRun("""for s in 1 2 3; do printf '\r%d0 %%' $s >&2; echo "{{\"step\": $s}}"; done""");

        await run.RunAsync();

        Assert.Equal(3, run.Steps.Count());
        Assert.Equal("\r10 %\r20 %\r30 %", run.Log());
    }

    [Fact]
    public async Task Binary_output_is_kept_as_it_is()
    {
        await using var run = new PoolRun("head -c 300000 /dev/urandom | tee copy");

        var ended = await run.RunAsync();

        Assert.Equal(AttemptOutcome.Succeeded, ended.Outcome);
        Assert.Equal(
            await File.ReadAllBytesAsync(run.InRoot("copy")),
            await File.ReadAllBytesAsync(Path.Combine(run.Options.StudyDirectory, "trial-00001", "log.txt")));
    }

    [Fact]
    public async Task A_huge_line_is_log_and_the_next_line_is_read()
    {
        await using var run = new PoolRun(
            """printf '{{"step": 1, "x": "'; head -c 3000000 /dev/zero | tr '\0' x; echo '"}}'; echo '{{"step": 2}}'""",
            with: o => o with { LineLimitBytes = 100_000 });

        await run.RunAsync();

        Assert.Equal(2, run.Steps.Single().Step);
        Assert.Equal(3_000_000 + 21, run.Log().Length);
    }

    [Fact]
    public async Task A_flood_of_output_is_read_to_its_end_and_kept_to_the_limit_without_filling_the_memory()
    {
        // 200 MB; the same with 1 GB takes five times as long and no more memory.
        await using var run = new PoolRun(
            """head -c 200000000 /dev/zero | tr '\0' '\n'; echo '{{"step": 1}}'; echo after""", with: o => o with { LogLimitBytes = 1_000_000 });
        var before = Environment.WorkingSet;

        var ended = await run.RunAsync();

        Assert.Equal(AttemptOutcome.Succeeded, ended.Outcome);
        Assert.Single(run.Steps);
        Assert.Equal(new string('\n', 1_000_000) + "hone: the log was cut here, at its limit of 1000000 bytes\n", run.Log());
        Assert.True(Environment.WorkingSet - before < 100_000_000);
    }

    [Fact]
    public async Task A_flood_of_reports_waits_for_the_tuner()
    {
        await using var run = new PoolRun("""seq 0 49999 | sed 's/.*/{{"step": &}}/'; touch written""");
        run.Start();
        await run.ReportAsync();

        await run.EndAsync();

        Assert.Equal(Enumerable.Range(0, 50_000).Select(i => (long)i), run.Steps.Select(r => r.Step!.Value));
    }

    [Fact]
    public async Task A_pool_whose_events_nobody_reads_can_be_disposed()
    {
        await using var run = new PoolRun("""yes '{{"step": 1}}'""");
        run.Start();
        await run.ReportAsync();

        await run.DisposePoolAsync();
    }

    [Fact]
    public async Task The_attempts_of_a_trial_share_a_log()
    {
        await using var run = new PoolRun("echo $HONE_TRIAL; printf mid", with: o => o with { LogLimitBytes = 5 });

        await run.RunAsync(trial: 7, attempt: 1);
        await run.RunAsync(trial: 7, attempt: 2);

        Assert.Equal("7\nmidhone: attempt 2\n7\nmid", run.Log(7).Replace("mid\nhone", "midhone", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_program_may_remove_its_own_directory()
    {
        await using var run = new PoolRun("echo x; rm -r \"$HONE_CHECKPOINT_DIR/..\"; echo y");

        Assert.Equal(AttemptOutcome.Succeeded, (await run.RunAsync(attempt: 1)).Outcome);
        Assert.Equal(AttemptOutcome.Succeeded, (await run.RunAsync(attempt: 2)).Outcome);
    }

    [Fact]
    public void Lines_that_may_be_reports_come_whole_and_alone_however_the_bytes_are_split()
    {
        var random = new SeededRandom(3);
        for (var round = 0; round < 1000; round++)
        {
            string[] words = ["\n", "a", "\"step\"", "b\n"];
            var text = string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => words[random.Next(words.Length)]));
            var expected = text.Split('\n').Select((line, i) => line + (i < text.Count(c => c == '\n') ? "\n" : ""))
                .Where(line => line.Length <= LineLimit && line.Contains("\"step\"", StringComparison.Ordinal));

            var cuts = Enumerable.Range(0, 5).Select(_ => random.Next(text.Length + 1)).Append(text.Length).Order();
            var (all, lines) = Split(text, cuts);

            Assert.Equal(text, all);
            Assert.Equal(expected, lines.Where(line => line.Contains("\"step\"", StringComparison.Ordinal)));
        }
    }

    private const int LineLimit = 20;

    private static (string All, List<string> Lines) Split(string text, IEnumerable<int> cuts)
    {
        var splitter = new Workers.Processes.LineSplitter(LineLimit);
        var all = new StringBuilder();
        var lines = new List<string>();
        var start = 0;
        void Take(ReadOnlySpan<byte> piece, bool isLine)
        {
            all.Append(Encoding.ASCII.GetString(piece));
            if (isLine)
            {
                lines.Add(Encoding.ASCII.GetString(piece));
            }
        }

        foreach (var cut in cuts)
        {
            splitter.Add(Encoding.ASCII.GetBytes(text[start..cut]), Take);
            start = cut;
        }

        splitter.End(Take);
        return (all.ToString(), lines);
    }
}
