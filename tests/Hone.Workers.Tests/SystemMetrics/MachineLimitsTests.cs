using Hone.Workers.SystemMetrics;

namespace Hone.Workers.Tests.SystemMetrics;

public sealed class MachineLimitsTests
{
    [Fact]
    public void Version_2_limits_hold_for_a_group_and_all_above_it()
    {
        using var folder = new TemporaryFolder();
        folder.Write("cgroup", "0::/a/b\n");
        folder.Write("mount/a/cpu.max", "150000 100000\n");
        folder.Write("mount/a/memory.max", "max\n");
        folder.Write("mount/a/b/cpu.max", "max 100000\n");
        folder.Write("mount/a/b/memory.max", "1000000000\n");

        Assert.Equal(new MachineLimits(1.5, 1_000_000_000), Read(folder));
    }

    [Fact]
    public void Version_1_limits_hold_too()
    {
        using var folder = new TemporaryFolder();
        folder.Write("cgroup", "4:memory:/x\n3:cpu,cpuacct:/x\n1:name=systemd:/\n0::/\n");
        folder.Write("mount/cpu/x/cpu.cfs_quota_us", "50000\n");
        folder.Write("mount/cpu/x/cpu.cfs_period_us", "100000\n");
        folder.Write("mount/memory/x/memory.limit_in_bytes", "9223372036854771712\n");
        folder.Write("mount/memory/memory.limit_in_bytes", "2000000000\n");

        Assert.Equal(new MachineLimits(0.5, 2_000_000_000), Read(folder));
    }

    [Fact]
    public void Without_limits_the_machine_is_the_limit()
    {
        using var folder = new TemporaryFolder();
        folder.Write("cgroup", "0::/\n1:cpu:/\nnonsense\n");
        folder.Write("mount/cpu/cpu.cfs_quota_us", "-1\n");
        folder.Write("mount/cpu/cpu.cfs_period_us", "100000\n");
        folder.Write("mount/memory.max", "what\n");

        Assert.Equal(new MachineLimits(8, 16_000_000_000), Read(folder));
    }

    [Fact]
    public void This_machine_has_at_least_a_core_and_some_memory()
    {
        var limits = MachineLimits.Read();

        Assert.InRange(limits.Cores, 0.01, Environment.ProcessorCount);
        Assert.True(limits.MemoryBytes > 100_000_000);
    }

    private static MachineLimits Read(TemporaryFolder folder) =>
        MachineLimits.Read(Path.Combine(folder.Path, "cgroup"), Path.Combine(folder.Path, "mount"), 8, 16_000_000_000);
}
