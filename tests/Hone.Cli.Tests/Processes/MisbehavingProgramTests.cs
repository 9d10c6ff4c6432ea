using System.Text.Json;

namespace Hone.Cli.Tests.Processes;

/// <summary>Programs that do not do what they should, and what becomes of their trials. Each is a study of one trial.</summary>
public sealed class MisbehavingProgramTests
{
    private const string Report = "echo '{{\"step\": 1, \"loss\": 0.5}}'";

    [Theory]
    [InlineData("exits 1 at once", "exit 1", "", "failed", "exit status 1", 3)]
    [InlineData("says why it fails", Report + "; echo 'ValueError: bad' >&2; exit 3", "", "failed", "exit status 3: ValueError: bad", 3)]
    [InlineData("does not exist", "no-such-program", "", "failed", "exit status 127: ", 3)]
    [InlineData("hangs past its deadline", Report + "; sleep 1000", "- deadline: 500ms", "stopped", "its deadline is 0.5 s", 3)]
    [InlineData("never reports and hangs", "sleep 1000", "- deadline: 500ms", "stopped", "its deadline is 0.5 s", 3)]
    [InlineData("leaves a child that holds its output", Report + "; sleep 1000 & exit 0", "", "complete", "", 0)]
    [InlineData("leaves a child in a session of its own", Report + "; setsid sleep 1000 & exit 0", "", "complete", "", 0)]
    [InlineData("reports steps backwards", "echo '{{\"step\": 9, \"loss\": 2}}'; echo '{{\"step\": 3, \"loss\": 1}}'", "", "complete", "", 0)]
    [InlineData("reports another metric", "echo '{{\"step\": 1, \"error\": 2}}'", "", "failed", "ended without reporting loss", 3)]
    [InlineData("reports a number that is none", "echo '{{\"step\": 1, \"loss\": NaN}}'; sleep 1000", "", "failed", "diverged: loss is NaN at step 1", 3)]
    [InlineData("reports infinity", "echo '{{\"step\": 1, \"loss\": Infinity}}'; sleep 1000", "", "failed", "diverged: loss is Infinity at step 1", 3)]
    [InlineData("never reports", "true", "", "failed", "ended without reporting loss", 3)]
    [InlineData("closes its output", Report + "; exec >&- 2>&-; sleep 0.3", "", "complete", "", 0)]
    [InlineData("ignores being asked to end", "trap '' TERM; " + Report + "; while true; do sleep 0.1; done", "- deadline: 500ms", "stopped", "its deadline is 0.5 s", 3)]
    [InlineData("reports what is no JSON", "echo '{{\"step\": 1, \"loss\": '; " + Report, "", "complete", "", 0)]
    [InlineData("writes bytes that are no text", "head -c 100000 /dev/urandom; echo; " + Report, "", "complete", "", 0)]
    [InlineData("writes a line without an end", Report + "; head -c 3000000 /dev/zero | tr '\\0' a", "", "complete", "", 0)]
    [InlineData("eats memory", "python3 -c 'import time; x = b\"x\" * 300000000; time.sleep(1000)'", "- when: \"system/memory_megabytes > 100\"", "stopped", "system/memory_megabytes > 100", 3)]
    [InlineData("kills itself", "kill -9 $$", "", "failed", "SIGKILL", 3)]
    public async Task A_program_that(string misbehaves, string command, string stop, string state, string reason, int exitCode)
    {
        using var folder = new TemporaryFolder();
        var study = $"bad-{Guid.NewGuid():N}";
        var file = folder.Write("bad.study.yaml", $$"""
            study: {{study}}
            objective: { metric: loss }
            space: { x: { float: [0, 1] } }
            stop: {{(stop.Length == 0 ? "" : $"[ {{ {stop[2..]} }} ]")}}
            budget: { trials: 1 }
            retries: 0
            train:
              command: |
                {{command}}
            """.Replace("stop: \n", "", StringComparison.Ordinal));

        var tuned = await HoneProcess.RunAsync(folder.Path, "tune", file, "--store", folder.Store, "--no-report");
        var (_, output, _) = await HoneProcess.RunAsync(folder.Path, "trials", study, "--store", folder.Store, "--json");

        Assert.True(tuned.ExitCode == exitCode, $"{misbehaves}: {tuned.ExitCode}\n{tuned.Errors}");
        using var trial = JsonDocument.Parse(output);
        Assert.Equal(state, trial.RootElement.GetProperty("state").GetString());
        Assert.Contains(reason, trial.RootElement.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Empty(await HoneProcess.OrphansAsync(study));
    }

    [Fact]
    public async Task A_program_that_writes_a_gigabyte_is_read_to_its_end_and_its_log_is_cut()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("loud.study.yaml", $$"""
            study: loud
            objective: { metric: loss }
            space: { x: { float: [0, 1] } }
            budget: { trials: 1 }
            train:
              command: |
                yes 'a line of a log that nobody will read' | head -c 1000000000; echo; {{Report}}
            """);

        var tuned = await HoneProcess.RunAsync(folder.Path, "tune", file, "--store", folder.Store, "--no-report");

        Assert.True(tuned.ExitCode == 0, tuned.Errors);
        var log = Assert.Single(Directory.GetFiles(folder.File("hone-runs"), "log.txt", SearchOption.AllDirectories));
        Assert.InRange(new FileInfo(log).Length, 1_000_000, 11_000_000);
    }
}
