using Hone.Space;
using Hone.Tuning;

namespace Hone.Workers.Tests.Processes;

/// <summary>Programs that do what programs should not, and what becomes of each.</summary>
public sealed class MisbehavingProgramTests
{
    [Theory]
    [InlineData("exit 0", AttemptOutcome.Succeeded, "")]
    [InlineData("exit 1", AttemptOutcome.Crashed, "exit status 1")]
    [InlineData("echo first; echo 'ValueError: bad' >&2; exit 3", AttemptOutcome.Crashed, "exit status 3: ValueError: bad")]
    [InlineData("echo on stdout; echo; exit 3", AttemptOutcome.Crashed, "exit status 3: on stdout")]
    [InlineData("printf '\\033[31mred\\033[0m\\a' >&2; exit 3", AttemptOutcome.Crashed, "exit status 3: red")]
    [InlineData("kill -SEGV $$", AttemptOutcome.Crashed, "killed by SIGSEGV")]
    [InlineData("kill -KILL $$", AttemptOutcome.Crashed, "killed by SIGKILL")]
    [InlineData("kill -TERM 0", AttemptOutcome.Crashed, "killed by SIGTERM")]
    [InlineData("exec /no/such/program", AttemptOutcome.Unstartable, "exit status 127: sh: 1: exec: /no/such/program: not found")]
    [InlineData("exec /etc/passwd", AttemptOutcome.Unstartable, "exit status 126: sh: 1: exec: /etc/passwd: Permission denied")]
    [InlineData("echo '{{\"step\": 1}}'; no-such-program 2>/dev/null", AttemptOutcome.Crashed, "exit status 127")]
    [InlineData("fi", AttemptOutcome.Crashed, "exit status 2: sh: 1: Syntax error: \"fi\" unexpected")]
    [InlineData("python3 -c 'raise ValueError(\"no\")'", AttemptOutcome.Crashed, "exit status 1: ValueError: no")]
    [InlineData("python3 -c 'import os; os.abort()'", AttemptOutcome.Crashed, "killed by SIGABRT")]
    [InlineData("echo x >&3", AttemptOutcome.Crashed, "exit status 2: sh: 1: 3: Bad file descriptor")]
    [InlineData("mkdir gone && cd gone && rmdir ../gone && pwd -P", AttemptOutcome.Succeeded, "")]
    [InlineData("exec < /dev/null > /dev/null 2>&1", AttemptOutcome.Succeeded, "")]
    public async Task How_a_program_ends_is_told_in_words(string command, AttemptOutcome outcome, string reason)
    {
        await using var run = new PoolRun(command);

        var ended = await run.RunAsync();

        Assert.Equal((outcome, reason), (ended.Outcome, ended.Reason.Replace("/bin/sh", "sh", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_working_directory_that_is_gone_makes_a_trial_unstartable()
    {
        await using var run = new PoolRun("exit 0", with: o => o with { WorkingDirectory = Directory.CreateDirectory(o.WorkingDirectory + "/w").FullName });
        Directory.Delete(run.InRoot("w"));

        var ended = await run.RunAsync();

        Assert.Equal(AttemptOutcome.Unstartable, ended.Outcome);
        Assert.Contains("can't cd to", ended.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_study_directory_that_cannot_be_written_crashes_a_trial_and_not_the_pool()
    {
        await using var run = new PoolRun("exit 0");
        Directory.CreateDirectory(run.Options.StudyDirectory);
        await File.WriteAllTextAsync(Path.Combine(run.Options.StudyDirectory, "trial-00001"), "in the way");

        var first = await run.RunAsync(trial: 1);
        var second = await run.RunAsync(trial: 2);

        Assert.Equal(AttemptOutcome.Crashed, first.Outcome);
        Assert.StartsWith("could not be run: ", first.Reason, StringComparison.Ordinal);
        Assert.Equal(AttemptOutcome.Succeeded, second.Outcome);
    }

    [Fact]
    public async Task A_configuration_too_large_for_a_process_makes_a_trial_unstartable()
    {
        var space = new SearchSpace([new ConstantParameter("x", new string('x', 1_000_000))]);
        await using var run = new PoolRun("exit 0", space);

        var ended = await run.RunAsync();

        Assert.Equal(AttemptOutcome.Unstartable, ended.Outcome);
        Assert.Equal("/bin/sh could not be started: Argument list too long", ended.Reason);
    }

    [Fact]
    public async Task A_program_that_hangs_is_ended_by_SIGTERM()
    {
        await using var run = new PoolRun("echo $$ > pid; sleep 1000");
        run.Start();
        var process = await run.NumbersAsync("pid");

        run.Pool.Stop(1, 1);
        var ended = await run.EndAsync();

        Assert.Equal((AttemptOutcome.Stopped, "ended by SIGTERM"), (ended.Outcome, ended.Reason));
        Assert.False(Outside.Exists(process[0]));
    }

    [Fact]
    public async Task A_program_that_ignores_SIGTERM_is_killed_after_the_grace()
    {
        await using var run = new PoolRun("trap '' TERM; echo $$ > pid; while :; do sleep 0.1; done");
        run.Start();
        await run.NumbersAsync("pid");

        run.Pool.Stop(1, 1);
        run.Pool.Stop(1, 1);
        var ended = await run.EndAsync();

        Assert.Equal((AttemptOutcome.Stopped, "killed: it did not end within 0.5 s of SIGTERM"), (ended.Outcome, ended.Reason));
    }

    [Fact]
    public async Task A_program_that_has_stopped_itself_is_killed_after_the_grace()
    {
        await using var run = new PoolRun("echo $$ > pid; kill -STOP $$");
        run.Start();
        await run.NumbersAsync("pid");

        run.Pool.Stop(1, 1);

        Assert.Equal(AttemptOutcome.Stopped, (await run.EndAsync()).Outcome);
    }

    [Fact]
    public async Task Force_needs_no_grace()
    {
        await using var run = new PoolRun("trap '' TERM; echo $$ > pid; sleep 1000", with: o => o with { Grace = TimeSpan.FromHours(1) });
        run.Start();
        await run.NumbersAsync("pid");

        run.Pool.Stop(1, 1);
        run.Pool.Stop(1, 1, force: true);

        Assert.Equal(AttemptOutcome.Stopped, (await run.EndAsync()).Outcome);
    }

    [Fact]
    public async Task A_trial_stopped_at_once_never_begins_or_ends_at_once()
    {
        await using var run = new PoolRun("sleep 1000");
        for (var trial = 1; trial <= 20; trial++)
        {
            run.Start(trial);
            run.Pool.Stop(trial, 1, force: trial % 2 == 0);

            Assert.Equal((trial, AttemptOutcome.Stopped), (await run.EndAsync() is var e ? (e.Trial, e.Outcome) : default));
        }
    }

    [Fact]
    public async Task A_report_on_the_way_out_still_counts()
    {
        await using var run = new PoolRun(
            """python3 -c 'import signal, sys, time; signal.signal(15, lambda *a: (print("{{\"step\": 9}}"), sys.exit(0))); print("{{\"step\": 1}}", flush=True); time.sleep(1000)' """);
        run.Start();
        await run.ReportAsync();

        run.Pool.Stop(1, 1);
        var ended = await run.EndAsync();

        Assert.Equal("exit status 0 after SIGTERM", ended.Reason);
        Assert.Equal([1, 9], run.Steps.Select(r => r.Step!.Value));
    }

    [Fact]
    public async Task A_child_gets_the_grace_when_SIGTERM_has_ended_the_shell_that_waited_for_it()
    {
        await using var run = new PoolRun(
            "sh -c 'trap \"sleep 0.2; echo saved > saved; exit\" TERM; echo $$ > pid; while :; do sleep 0.01; done'; echo never",
            with: o => o with { Grace = TimeSpan.FromSeconds(20) });
        run.Start();
        await run.NumbersAsync("pid");

        run.Pool.Stop(1, 1);
        await run.EndAsync();

        Assert.True(File.Exists(run.InRoot("saved")));
    }

    [Theory]
    [InlineData("sleep 1000 & echo $! > pids")]
    [InlineData("nohup sleep 1000 & echo $! > pids")]
    [InlineData("setsid sh -c 'trap \"\" TERM HUP; echo $$ > pids; sleep 1000' & while ! [ -s pids ]; do :; done")]
    [InlineData("(setsid sh -c 'sh -c \"echo \\$\\$ > pids; exec sleep 1000\" &' &); while ! [ -s pids ]; do sleep 0.01; done")]
    [InlineData("i=0; while [ $i -lt 100 ]; do sleep 1000 & echo $! >> pids; i=$((i + 1)); done")]
    public async Task What_a_program_leaves_behind_neither_delays_its_end_nor_outlives_it(string command)
    {
        await using var run = new PoolRun(command);

        var ended = await run.RunAsync();

        Assert.Equal(AttemptOutcome.Succeeded, ended.Outcome);
        Assert.True(ended.SinceStart < TimeSpan.FromSeconds(20));
        Assert.DoesNotContain(await run.NumbersAsync("pids"), Outside.Lives);
    }

    [Fact]
    public async Task A_stranger_that_holds_the_output_is_not_waited_for()
    {
        // Its environment is wiped, so it cannot be found; it is ended below.
        await using var run = new PoolRun("echo last; env -i setsid sh -c 'echo $$ > pids; exec sleep 1000' & while ! [ -s pids ]; do sleep 0.01; done");

        var ended = await run.RunAsync();
        var stranger = (await run.NumbersAsync("pids"))[0];
        Workers.Processes.Posix.Signal(stranger, Workers.Processes.Posix.SignalKill);

        Assert.Equal(AttemptOutcome.Succeeded, ended.Outcome);
        Assert.Equal("last\n", run.Log());
    }

    [Fact]
    public async Task Closing_its_output_does_not_end_a_program()
    {
        await using var run = new PoolRun("exec >&- 2>&-; sleep 0.1; : > done; exit 5");

        var ended = await run.RunAsync();

        Assert.Equal("exit status 5", ended.Reason);
        Assert.True(File.Exists(run.InRoot("done")));
    }

    [Fact]
    public async Task Standard_input_is_empty()
    {
        await using var run = new PoolRun("cat; readlink /proc/self/fd/0");

        await run.RunAsync();

        Assert.Equal("/dev/null\n", run.Log());
    }

    [Fact]
    public async Task A_program_gets_its_three_files_and_none_of_the_pools()
    {
        await using var run = new PoolRun("if [ $HONE_TRIAL = 1 ]; then echo $$ > pid; sleep 1000; fi; ls /proc/$$/fd; true");
        run.Start(1);
        await run.NumbersAsync("pid");

        await run.RunAsync(2);

        Assert.Equal(
            FilesOpenForChildren().Union(["0", "1", "2"]).Order(StringComparer.Ordinal),
            run.Log(2).Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_program_leads_a_session_and_has_the_usual_signals()
    {
        await using var run = new PoolRun("grep -E '^Sig(Blk|Ign)' /proc/self/status; python3 -c 'import os; print(os.getsid(0) == os.getpgid(0))'");

        await run.RunAsync();

        Assert.Equal("SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\nTrue\n", run.Log());
    }

    // What this process was itself started with, and would hand on to any child; close-on-exec is bit 02000000 of the flags.
    private static IEnumerable<string> FilesOpenForChildren() =>
        from path in Directory.EnumerateFiles("/proc/self/fdinfo")
        where File.Exists(path)
        let flags = File.ReadLines(path).First(l => l.StartsWith("flags:", StringComparison.Ordinal))
        where (Convert.ToInt32(flags["flags:".Length..].Trim(), 8) & 0x80000) == 0
        select Path.GetFileName(path);
}
