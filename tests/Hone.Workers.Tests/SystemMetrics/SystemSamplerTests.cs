using System.Threading.Channels;
using Hone.Trials;
using Hone.Workers.SystemMetrics;

namespace Hone.Workers.Tests.SystemMetrics;

public sealed class SystemSamplerTests
{
    [Fact]
    public async Task Memory_agrees_with_psutil()
    {
        using var program = await PythonProgram.StartReadyAsync("held = bytearray(os.urandom(100_000_000)); say('ready'); wait()");
        using var sampler = new SystemSampler(TimeProvider.System);
        using var meter = sampler.Watch(program.Id, _ => { });

        var psutil = await Psutil.ReadAsync(program.Id);

        Near(psutil.MemoryMegabytes, Value(meter.Final(), SystemMetric.MemoryMegabytes), 0.02);
        Assert.InRange(psutil.MemoryMegabytes, 100, 120);
    }

    [Fact]
    public async Task Cpu_seconds_of_two_threads_agree_with_psutil_and_with_the_program_itself()
    {
        using var program = await PythonProgram.StartReadyAsync("""
            threads = [threading.Thread(target=burn, args=(0.6,)) for _ in range(2)]
            for t in threads: t.start()
            for t in threads: t.join()
            say('ready'); wait(); say(time.process_time()); wait()
            """);
        using var sampler = new SystemSampler(TimeProvider.System);
        using var meter = sampler.Watch(program.Id, _ => { });

        var psutil = await Psutil.ReadAsync(program.Id);
        var before = Value(meter.Final(), SystemMetric.CpuSeconds);
        var itself = await program.GoOnForNumberAsync();

        Near(psutil.CpuSeconds, before, 0.02);
        Near(itself, before, 0.01);
    }

    [Fact]
    public async Task Traffic_agrees_with_psutil()
    {
        using var program = await PythonProgram.StartReadyAsync("""
            with tempfile.TemporaryFile() as file:
                for _ in range(50): file.write(bytes(1_000_000))
                file.seek(0)
                while file.read(1_000_000): pass
            say('ready'); wait()
            """);
        using var sampler = new SystemSampler(TimeProvider.System);
        using var meter = sampler.Watch(program.Id, _ => { });

        var psutil = await Psutil.ReadAsync(program.Id);
        var values = meter.Final();

        Near(50, Value(values, SystemMetric.WriteMegabytes), 0.01);
        Near(psutil.WriteMegabytes, Value(values, SystemMetric.WriteMegabytes), 0.02);
        Near(psutil.ReadMegabytes, Value(values, SystemMetric.ReadMegabytes), 0.02);
    }

    [Fact]
    public async Task A_peak_between_two_samples_is_caught()
    {
        using var program = await PythonProgram.StartReadyAsync("""
            say('ready'); wait()
            held = b'x' * 100_000_000
            del held
            say('freed'); wait()
            """);
        using var sampler = new SystemSampler(TimeProvider.System);
        using var meter = sampler.Watch(program.Id, _ => { });

        await program.GoOnAsync();
        var values = meter.Final();

        Assert.InRange(Value(values, SystemMetric.MemoryMegabytes), 1, 30);
        Assert.InRange(Value(values, SystemMetric.MemoryPeakMegabytes), 100, 130);
    }

    [Fact]
    public async Task A_tree_of_nine_processes_is_summed_as_psutil_sums_it()
    {
        using var program = await PythonProgram.StartReadyAsync("""
            for i in range(8):
                if os.fork() == 0:
                    if i == 0 and os.fork() == 0: held = bytearray(os.urandom(30_000_000))
                    held = bytearray(os.urandom(10_000_000)); burn(0.05); say(i); signal.pause()
                    os._exit(0)
                if i == 6: break
            while True: signal.pause()
            """);
        for (var others = 0; others < 7; others++)
        {
            await program.HearAsync();
        }

        using var sampler = new SystemSampler(TimeProvider.System);
        using var meter = sampler.Watch(program.Id, _ => { });
        var psutil = await Psutil.ReadAsync(program.Id);
        var values = meter.Final();

        Assert.Equal(9, psutil.Processes);
        Near(psutil.MemoryMegabytes, Value(values, SystemMetric.MemoryMegabytes), 0.02);
        Assert.InRange(Value(values, SystemMetric.CpuSeconds), psutil.CpuSeconds, psutil.CpuSeconds + (9 * 0.02));
    }

    [Fact]
    public async Task A_report_reads_anew_and_tells_the_steps_times()
    {
        using var program = await PythonProgram.StartReadyAsync("""
            say('ready'); wait()
            burn(0.3); held = bytearray(os.urandom(50_000_000)); say(time.process_time()); wait()
            """);
        using var sampler = new SystemSampler(TimeProvider.System);
        using var meter = sampler.Watch(program.Id, _ => { });

        var first = meter.Report(0);
        var cpu = await program.GoOnForNumberAsync();
        var second = meter.Report(100);

        Assert.DoesNotContain(first, value => value.Metric == SystemMetric.StepSeconds);
        Assert.InRange(Value(second, SystemMetric.MemoryMegabytes) - Value(first, SystemMetric.MemoryMegabytes), 49, 55);
        Near(cpu, Value(second, SystemMetric.CpuSeconds), 0.02);
        Near(
            Value(second, SystemMetric.CpuSeconds) - Value(first, SystemMetric.CpuSeconds),
            100 * Value(second, SystemMetric.StepCpuSeconds),
            1e-9);
        Near(
            Value(second, SystemMetric.ElapsedSeconds) - Value(first, SystemMetric.ElapsedSeconds),
            100 * Value(second, SystemMetric.StepSeconds),
            1e-9);
        Assert.Equal(Value(second, SystemMetric.StepSeconds), Value(second, SystemMetric.MeanStepSeconds));
        Assert.InRange(Value(second, SystemMetric.CpuPercent), 1, 110);
    }

    [Fact]
    public async Task Samples_come_without_reports_and_without_step_times()
    {
        using var program = await PythonProgram.StartReadyAsync("say('ready'); burn(60)");
        using var sampler = new SystemSampler(TimeProvider.System);
        var samples = Channel.CreateUnbounded<IReadOnlyList<MetricValue>>();
        using var meter = sampler.Watch(program.Id, sample => samples.Writer.TryWrite(sample));

        var elapsed = -1.0;
        for (var i = 0; i < 4; i++)
        {
            var sample = await samples.Reader.ReadAsync();
            Assert.DoesNotContain(sample, value => value.Metric.Contains("step", StringComparison.Ordinal));
            Assert.True(Value(sample, SystemMetric.ElapsedSeconds) > elapsed);
            elapsed = Value(sample, SystemMetric.ElapsedSeconds);
        }
    }

    [Fact]
    public async Task What_ended_processes_used_is_in_the_last_reading()
    {
        using var program = await PythonProgram.StartReadyAsync("burn(0.2); say(time.process_time()); wait()");
        using var sampler = new SystemSampler(TimeProvider.System);
        using var meter = sampler.Watch(program.Id, _ => { });
        var before = meter.Final();

        await program.KillAsync();
        var after = meter.Final();

        var used = Value(before, SystemMetric.CpuSeconds);
        Assert.InRange(Value(after, SystemMetric.CpuSeconds), used, used + 0.05);
        Assert.Equal(Value(before, SystemMetric.MemoryPeakMegabytes), Value(after, SystemMetric.MemoryPeakMegabytes));
        Near(Value(before, SystemMetric.MemoryMegabytes), Value(after, SystemMetric.MemoryMegabytes), 0.02);
        meter.Dispose();
        Assert.Equal(Value(after, SystemMetric.CpuSeconds), Value(meter.Final(), SystemMetric.CpuSeconds));
    }

    [Fact]
    public void Of_a_process_that_does_not_exist_only_the_time_is_measured()
    {
        using var sampler = new SystemSampler(TimeProvider.System);
        using var meter = sampler.Watch(int.MaxValue, _ => { });

        Assert.Equal([SystemMetric.ElapsedSeconds], meter.Report(1).Select(value => value.Metric));
    }

    [Fact]
    public async Task Other_systems_read_the_first_process_through_dotnet()
    {
        using var program = await PythonProgram.StartReadyAsync("burn(0.3); held = bytearray(os.urandom(50_000_000)); say(time.process_time()); wait()");
        using var portable = new PortableProcess(program.Id);
        using var nobody = new PortableProcess(int.MaxValue);
        var living = portable.Read();
        await program.KillAsync();
        var ended = portable.Read();

        Assert.InRange(living.MemoryBytes, 50e6, 80e6);
        Assert.InRange(living.CpuNanoseconds, 0.25e9, 1e9);
        Assert.Equal(living with { Processes = 0 }, ended);
        Assert.Equal(default, nobody.Read());
    }

    [Fact]
    public void What_this_machine_cannot_measure_is_absent()
    {
        using var sampler = new SystemSampler(TimeProvider.System);
        using var meter = sampler.Watch(Environment.ProcessId, _ => { });
        var metrics = meter.Final().Select(value => value.Metric).ToHashSet();

        Assert.Equal(Directory.Exists("/proc/driver/nvidia"), metrics.Contains(SystemMetric.GpuPercent));
        Assert.DoesNotContain(meter.Final(), value => double.IsNaN(value.Value));
    }

    [Fact]
    public async Task Fifty_trials_that_come_and_go_are_watched_by_one_thread()
    {
        using var sampler = new SystemSampler(TimeProvider.System);
        using var program = await PythonProgram.StartReadyAsync("say('ready'); wait()");
        var threads = new System.Collections.Concurrent.ConcurrentDictionary<int, bool>();
        var first = new TaskCompletionSource();
        var meters = Enumerable.Range(0, 50).Select(_ => sampler.Watch(program.Id, _ =>
        {
            threads.TryAdd(Environment.CurrentManagedThreadId, true);
            first.TrySetResult();
        })).ToList();

        await first.Task;
        await Task.WhenAll(meters.Select(meter => Task.Run(() =>
        {
            for (var step = 0; step < 100; step++)
            {
                meter.Report(step);
            }

            meter.Dispose();
        })));

        Assert.Single(threads);
    }

    private static double Value(IReadOnlyList<MetricValue> values, string metric) => values.Single(value => value.Metric == metric).Value;

    private static void Near(double expected, double actual, double relative) =>
        Assert.InRange(actual, expected * (1 - relative), expected * (1 + relative));
}
