using Hone.Tuning;

namespace Hone.Workers.Tests.Processes;

/// <summary>Programs that do what programs should not, and what becomes of each.</summary>
public sealed class MisbehavingProgramTests
{
    [Fact]
    public async Task A_program_that_ends_with_status_0_has_succeeded()
    {
        await using var run = new PoolRun("echo '{{\"step\": 3, \"loss\": 0.5}}'");

        var ended = await run.RunAsync();

        Assert.Equal(AttemptOutcome.Succeeded, ended.Outcome);
        Assert.Equal("", ended.Reason);
        var report = Assert.Single(run.Steps);
        Assert.Equal(3, report.Step);
        Assert.Equal(0.5, report.Values.Single(v => v.Metric == "loss").Value);
    }

    [Theory]
    [InlineData("exit 1", AttemptOutcome.Crashed, "exit status 1")]
    [InlineData("echo first; echo 'ValueError: bad' >&2; exit 3", AttemptOutcome.Crashed, "exit status 3: ValueError: bad")]
    [InlineData("echo on stdout; exit 3", AttemptOutcome.Crashed, "exit status 3: on stdout")]
    [InlineData("kill -SEGV $$", AttemptOutcome.Crashed, "killed by SIGSEGV")]
    [InlineData("kill -KILL $$", AttemptOutcome.Crashed, "killed by SIGKILL")]
    [InlineData("exec /no/such/program", AttemptOutcome.Unstartable, "exit status 127: sh: 1: exec: /no/such/program: not found")]
    [InlineData("exec /etc/passwd", AttemptOutcome.Unstartable, "exit status 126: sh: 1: exec: /etc/passwd: Permission denied")]
    [InlineData("echo '{{\"step\": 1}}'; no-such-program 2>/dev/null", AttemptOutcome.Crashed, "exit status 127")]
    [InlineData("fi", AttemptOutcome.Crashed, "exit status 2: sh: 1: Syntax error: \"fi\" unexpected")]
    public async Task How_a_program_ends_is_told_in_words(string command, AttemptOutcome outcome, string reason)
    {
        await using var run = new PoolRun(command);

        var ended = await run.RunAsync();

        Assert.Equal((outcome, reason), (ended.Outcome, ended.Reason.Replace("/bin/sh", "sh", StringComparison.Ordinal)));
    }
}
