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

    private static double Value(IReadOnlyList<MetricValue> values, string metric) => values.Single(value => value.Metric == metric).Value;

    private static void Near(double expected, double actual, double relative) =>
        Assert.InRange(actual, expected * (1 - relative), expected * (1 + relative));
}
