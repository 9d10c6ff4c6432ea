using System.Globalization;
using Hone.Workers.SystemMetrics;

namespace Hone.Workers.Tests.SystemMetrics;

public sealed class ProcessTreeTests
{
    private const double Second = 1e9;

    [Fact]
    public async Task Cpu_time_of_children_that_were_waited_for_is_counted_once()
    {
        // The program's own figures are the oracle: getrusage of itself and of the children that it waited for.
        using var program = await PythonProgram.StartReadyAsync("""
            def used(): return sum(r.ru_utime + r.ru_stime for r in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))
            say('ready'); wait()
            child = os.fork()
            if child == 0: burn(0.3); say('burnt'); signal.pause()
            wait(); os.kill(child, 9); os.waitpid(child, 0); say(used()); wait()
            if os.fork() == 0: burn(0.2); os._exit(0)
            os.wait(); say(used()); wait()
            """);
        using var tree = new ProcessTree(program.Id);
        await program.GoOnAsync();
        var alive = tree.Read(0, Depth.Everything);
        var seen = await program.GoOnForNumberAsync();
        var ended = tree.Read(1, Depth.Everything);
        var unseen = await program.GoOnForNumberAsync();
        var last = tree.Read(2, Depth.Everything);

        Assert.Equal(2, alive.Processes);
        Assert.Equal(1, ended.Processes);
        Assert.InRange(alive.CpuNanoseconds, 0.3 * Second, (seen * Second) + 1e6);
        Assert.InRange(ended.CpuNanoseconds, (seen - 0.02) * Second, (seen + 0.005) * Second);
        Assert.InRange(last.CpuNanoseconds, (unseen - 0.02) * Second, (unseen + 0.005) * Second);
    }

    [Fact]
    public async Task Cpu_time_and_traffic_of_children_that_nobody_waits_for_are_kept()
    {
        using var program = await PythonProgram.StartReadyAsync("""
            signal.signal(signal.SIGCHLD, signal.SIG_IGN)
            child = os.fork()
            if child == 0:
                burn(0.3); open('/dev/null', 'wb', 0).write(bytes(7_000_000)); say('burnt'); signal.pause()
            wait(); os.kill(child, 9)
            try: os.waitpid(child, 0)
            except ChildProcessError: say('gone')
            wait()
            """);
        using var tree = new ProcessTree(program.Id);
        var alive = tree.Read(0, Depth.Everything);
        await program.GoOnAsync();
        var ended = tree.Read(1, Depth.Everything);

        Assert.Equal(1, ended.Processes);
        Assert.InRange(alive.CpuNanoseconds, 0.3 * Second, 1 * Second);
        Assert.InRange(ended.CpuNanoseconds, alive.CpuNanoseconds, alive.CpuNanoseconds + (0.05 * Second));
        Assert.InRange(ended.Traffic!.Value.WrittenBytes, 7_000_000, 7_010_000);
    }

    [Fact]
    public async Task Traffic_of_children_that_were_waited_for_is_counted_once()
    {
        using var program = await PythonProgram.StartReadyAsync("""
            child = os.fork()
            if child == 0:
                open('/dev/null', 'wb', 0).write(bytes(7_000_000)); say('written'); signal.pause()
            wait(); os.kill(child, 9); os.waitpid(child, 0); say('gone'); wait()
            """);
        using var tree = new ProcessTree(program.Id);
        Assert.InRange(tree.Read(0, Depth.Everything).Traffic!.Value.WrittenBytes, 7_000_000, 7_010_000);
        await program.GoOnAsync();
        Assert.InRange(tree.Read(1, Depth.Everything).Traffic!.Value.WrittenBytes, 7_000_000, 7_010_000);
        Assert.InRange(tree.Read(2, Depth.Everything).Traffic!.Value.WrittenBytes, 7_000_000, 7_010_000);
    }

    [Fact]
    public async Task A_child_that_was_known_stays_in_the_tree_when_its_parent_dies()
    {
        using var program = await PythonProgram.StartReadyAsync(Orphan);
        using var tree = new ProcessTree(program.Id);
        Assert.Equal(3, tree.Read(0, Depth.Everything).Processes);

        await program.GoOnAsync();
        var reading = tree.Read(1, Depth.Everything);

        Assert.Equal(2, reading.Processes);
        Assert.InRange(reading.MemoryBytes, 40_000_000, 70_000_000);
    }

    [Fact]
    public async Task A_child_that_lost_its_parent_before_it_was_met_is_found_by_its_session()
    {
        using var program = await PythonProgram.StartReadyAsync(Orphan);
        await program.GoOnAsync();
        using var tree = new ProcessTree(program.Id);
        Assert.Equal(1, tree.Read(0, Depth.Everything).Processes);

        var found = new List<ProcessKin>();
        SessionSearch.List(found);
        tree.AdoptAll(found);
        var reading = tree.Read(1, Depth.Everything);

        Assert.Equal(2, reading.Processes);
        Assert.InRange(reading.MemoryBytes, 40_000_000, 70_000_000);
    }

    [Fact]
    public async Task A_tree_knows_the_files_that_its_processes_hold_open()
    {
        using var program = await PythonProgram.StartReadyAsync("held = open('/dev/zero'); say('ready'); wait()");
        using var tree = new ProcessTree(program.Id);

        Assert.True(tree.Holds("/dev/zero"));
        Assert.False(tree.Holds("/dev/full"));
    }

    [Fact]
    public void A_search_finds_this_process_with_its_parent()
    {
        var found = new List<ProcessKin>();
        SessionSearch.List(found);

        var self = Assert.Single(found, kin => kin.Id == Environment.ProcessId);
        Assert.Contains(found, kin => kin.Id == self.Parent);
    }

    [Fact]
    public async Task A_number_that_another_process_has_got_is_not_read_in_the_old_ones_place()
    {
        using var program = await PythonProgram.StartReadyAsync("burn(0.2); say('burnt'); wait()");
        using var tree = new ProcessTree(program.Id);
        var before = tree.Read(0, Depth.Everything);
        await program.KillAsync();
        using var heir = await StartWithNumberAsync(program.Id);

        var after = tree.Read(1, Depth.Everything);

        Assert.Equal(0, after.Processes);
        Assert.Equal(before.CpuNanoseconds, after.CpuNanoseconds);
        Assert.Equal(before.PeakBytes, after.PeakBytes);
    }

    [Fact]
    public async Task Processes_that_vanish_while_they_are_read_leave_what_they_used()
    {
        using var program = await PythonProgram.StartReadyAsync("""
            say('ready')
            for _ in range(300):
                child = os.fork()
                if child == 0: burn(0.001); os._exit(0)
                if os.fork() == 0: os._exit(0)
                os.wait(); os.wait()
            say(sum(r.ru_utime + r.ru_stime for r in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))); wait()
            """);
        using var tree = new ProcessTree(program.Id);
        var end = program.HearNumberAsync();
        long now = 0, last = 0;
        while (!end.IsCompleted)
        {
            var reading = tree.Read(now += 1_000_000);
            Assert.True(reading.CpuNanoseconds >= last);
            last = reading.CpuNanoseconds;
        }

        var used = await end;
        var final = tree.Read(now + 1, Depth.Everything);
        Assert.Equal(1, final.Processes);
        Assert.InRange(final.CpuNanoseconds / Second, used * 0.95, used * 1.05);
    }

    [Fact]
    public async Task Five_hundred_threads_are_read_and_their_wait_and_cpu_time_kept_when_they_end()
    {
        using var program = await PythonProgram.StartReadyAsync("""
            threading.stack_size(65536)
            go = threading.Event(); started = threading.Barrier(501)
            def work(): burn(0.001); started.wait(); go.wait()
            threads = [threading.Thread(target=work) for _ in range(500)]
            for t in threads: t.start()
            started.wait(); say('ready'); wait()
            go.set()
            for t in threads: t.join()
            while len(os.listdir('/proc/self/task')) > 1: pass  # a joined thread may still be leaving
            say(time.process_time()); wait()
            """);
        using var tree = new ProcessTree(program.Id);
        var running = tree.Read(0, Depth.Everything);
        Assert.Equal(501, Assert.Single(tree.Processes).Threads);

        var cpu = await program.GoOnForNumberAsync();
        var ended = tree.Read(1, Depth.Everything);

        Assert.Equal(1, Assert.Single(tree.Processes).Threads);
        Assert.True(ended.WaitNanoseconds >= running.WaitNanoseconds);
        Assert.True(running.WaitNanoseconds > 0);
        Assert.InRange(ended.CpuNanoseconds, (cpu - 0.02) * Second, (cpu + 0.02) * Second);
    }

    [Fact]
    public async Task Children_of_other_threads_than_the_first_are_found()
    {
        using var program = await PythonProgram.StartReadyAsync("""
            def work():
                child = subprocess.Popen(['sleep', '60']); say('ready'); child.wait()
            threading.Thread(target=work).start()
            """);
        using var tree = new ProcessTree(program.Id);

        Assert.Equal(2, tree.Read(0, Depth.Everything).Processes);
    }

    [Fact]
    public async Task Four_hundred_children_of_one_thread_are_all_found()
    {
        using var program = await PythonProgram.StartReadyAsync("""
            for _ in range(400):
                if os.fork() == 0: signal.pause()
            say('ready'); wait()
            """);
        using var tree = new ProcessTree(program.Id);

        Assert.Equal(401, tree.Read(0, Depth.Everything).Processes);
    }

    [Fact]
    public async Task A_name_with_brackets_and_spaces_does_not_mislead()
    {
        using var program = await PythonProgram.StartReadyAsync("""
            open('/proc/self/comm', 'w').write(') R 1 ( 2)'); say('ready'); wait()
            """);
        using var tree = new ProcessTree(program.Id);
        tree.Read(0, Depth.Everything);

        Assert.Equal(Environment.ProcessId, Assert.Single(tree.Processes).Parent);
        Assert.Equal(program.Id, tree.Processes[0].Session);
    }

    [Fact]
    public async Task A_reading_allocates_nothing()
    {
        using var program = await PythonProgram.StartReadyAsync("say('ready'); burn(60)");
        using var tree = new ProcessTree(program.Id);
        tree.Read(0, Depth.Everything);
        tree.Read(1, Depth.Everything);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 2; i < 1000; i++)
        {
            tree.Read(i, Depth.Everything);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public async Task A_tree_that_is_disposed_has_closed_its_files()
    {
        using var program = await PythonProgram.StartReadyAsync("say('ready'); wait()");
        var tree = new ProcessTree(program.Id);
        tree.Read(0, Depth.Everything);
        var prefix = $"/proc/{program.Id}";
        Assert.Contains(OpenFiles(), file => file.StartsWith(prefix, StringComparison.Ordinal));

        tree.Dispose();

        Assert.DoesNotContain(OpenFiles(), file => file.StartsWith(prefix, StringComparison.Ordinal));
    }

    private const string Orphan = """
        middle = os.fork()
        if middle == 0:
            if os.fork() == 0: held = bytearray(os.urandom(40_000_000)); say('ready'); signal.pause()
            signal.pause()
        wait(); os.kill(middle, 9); os.waitpid(middle, 0); say('orphaned'); wait()
        """;

    private static IEnumerable<string> OpenFiles() =>
        Directory.EnumerateFiles("/proc/self/fd").Select(file => new FileInfo(file).LinkTarget ?? "");

    // The kernel gives the number after the one that it is told was the last. Where that may not be told, no heir comes, and the
    // number is nobody's.
    private static async Task<PythonProgram> StartWithNumberAsync(int number)
    {
        PythonProgram heir;
        var tries = 0;
        do
        {
            try
            {
                await File.WriteAllTextAsync("/proc/sys/kernel/ns_last_pid", (number - 1).ToString(CultureInfo.InvariantCulture));
            }
            catch (UnauthorizedAccessException)
            {
                tries = 20;
            }

            heir = await PythonProgram.StartReadyAsync("burn(0.3); say('burnt'); wait()");
            if (heir.Id != number && tries++ < 20)
            {
                heir.Dispose();
                continue;
            }

            return heir;
        }
        while (true);
    }
}
