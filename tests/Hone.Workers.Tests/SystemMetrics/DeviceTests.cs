using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Hone.Workers.SystemMetrics;

namespace Hone.Workers.Tests.SystemMetrics;

public sealed class DeviceTests
{
    [Fact]
    public void Layouts_are_those_of_the_library_on_64_bit_Linux()
    {
        // Sizes and offsets as the C compiler lays out nvml.h.
        Assert.Equal(24, Unsafe.SizeOf<Nvml.ProcessMemory>());
        Assert.Equal(8, Marshal.OffsetOf<Nvml.ProcessMemory>(nameof(Nvml.ProcessMemory.Used)));
        Assert.Equal(16, Marshal.OffsetOf<Nvml.ProcessMemory>(nameof(Nvml.ProcessMemory.GpuInstance)));
        Assert.Equal(32, Unsafe.SizeOf<Nvml.ProcessUtilization>());
        Assert.Equal(16, Marshal.OffsetOf<Nvml.ProcessUtilization>(nameof(Nvml.ProcessUtilization.GpuPercent)));
        Assert.Equal(8, Unsafe.SizeOf<Nvml.Utilization>());
        Assert.Equal(24, Unsafe.SizeOf<Nvml.DeviceMemory>());
    }

    [Fact]
    public void A_library_that_is_not_there_is_no_error() => Assert.Null(Nvml.TryLoad("libno-such-library.so.1"));

    [Fact]
    public void Memory_and_utilisation_are_those_of_the_trials_own_processes()
    {
        var uses = Divide(new GpuAccount(), Reading(
            used: 9e9, joules: 0, processes: [new(10, 3_000_000_000), new(11, 1_000_000_000), new(20, 2_000_000_000), new(99, 1_000_000_000)],
            shares: [new(10, 30), new(11, 10), new(20, 20), new(99, 40)]));

        Assert.Equal(new DeviceUse(40, 4e9, null), uses[0]);
        Assert.Equal(new DeviceUse(20, 2e9, null), uses[1]);
    }

    [Fact]
    public void Energy_is_divided_by_utilisation_strangers_included()
    {
        var account = new GpuAccount();
        GpuProcess[] processes = [new(10, 1), new(20, 1), new(99, 1)];
        Divide(account, Reading(joules: 1000, processes: processes));
        var uses = Divide(account, Reading(joules: 1100, processes: processes, shares: [new(10, 60), new(20, 20), new(99, 20)]));

        Assert.Equal(60, uses[0].EnergyJoules!.Value, 1e-9);
        Assert.Equal(20, uses[1].EnergyJoules!.Value, 1e-9);
    }

    [Fact]
    public void Energy_is_divided_evenly_where_nothing_is_known_of_utilisation()
    {
        var account = new GpuAccount();
        GpuProcess[] processes = [new(10, 1), new(20, 1), new(99, 1), new(98, 1)];
        Divide(account, Reading(joules: 1000, processes: processes, busy: 70));
        var uses = Divide(account, Reading(joules: 1100, processes: processes, busy: 70));

        Assert.Equal(25, uses[0].EnergyJoules!.Value, 1e-9);
        Assert.Null(uses[0].GpuPercent);
    }

    [Fact]
    public void The_only_user_gets_the_whole_of_a_gpu_that_tells_nothing_of_processes()
    {
        var account = new GpuAccount();
        Divide(account, Reading(used: 500e6, joules: 1000));
        Divide(account, Reading(used: 600e6, joules: 1050, processes: [new(10, null)]));
        var uses = Divide(account, Reading(used: 2500e6, joules: 1150, busy: 80, processes: [new(10, null)]));

        Assert.Equal(new DeviceUse(80, 2000e6, 100), uses[0]);
        Assert.Equal(default, uses[1]);
    }

    [Fact]
    public void Where_the_driver_lists_the_hosts_numbers_the_holder_of_the_device_is_its_user()
    {
        var account = new GpuAccount();
        Divide(account, Reading(used: 500e6, joules: 1000));
        Divide(account, Reading(used: 2500e6, joules: 1050, busy: 80, processes: [new(424242, 1)]), holders: [1]);
        var uses = Divide(account, Reading(used: 2500e6, joules: 1150, busy: 80, processes: [new(424242, 1)]), holders: [1]);

        Assert.Equal(default, uses[0]);
        Assert.Equal(new DeviceUse(80, 2000e6, 100), uses[1]);
    }

    [Fact]
    public void Several_holders_of_a_device_whose_processes_are_unknown_share_its_energy_alone()
    {
        var account = new GpuAccount();
        Divide(account, Reading(joules: 1000, processes: [new(424242, 1)]), holders: [0, 1]);
        var uses = Divide(account, Reading(used: 1e9, joules: 1100, busy: 80, processes: [new(424242, 1)]), holders: [0, 1]);

        Assert.Equal([new DeviceUse(null, null, 50), new DeviceUse(null, null, 50)], uses);
    }

    [Fact]
    public void A_gpu_that_no_trial_uses_gives_nothing()
    {
        var account = new GpuAccount();
        Divide(account, Reading(used: 1e9, joules: 1000, busy: 90, processes: [new(99, 1)]));

        Assert.Equal([default, default], Divide(account, Reading(used: 1e9, joules: 1100, busy: 90, processes: [new(99, 1)])));
    }

    [Fact]
    public void Energy_counters_go_on_behind_their_range()
    {
        using var folder = new TemporaryFolder();
        folder.Write("intel-rapl:0/name", "package-0\n");
        folder.Write("intel-rapl:0/max_energy_range_uj", "262143328850\n");
        folder.Write("intel-rapl:0/energy_uj", "262143000000\n");
        folder.Write("intel-rapl:0:0/name", "core\n");
        folder.Write("intel-rapl:0:0/energy_uj", "5\n");
        folder.Write("intel-rapl:1/name", "psys\n");
        folder.Write("intel-rapl:1/energy_uj", "5\n");
        var zones = PowerZones.TryOpen(folder.Path)!;

        folder.Write("intel-rapl:0/energy_uj", "262143200000\n");
        Assert.Equal(0.2, zones.TakeJoules(), 1e-9);
        folder.Write("intel-rapl:0/energy_uj", "671150\n");
        Assert.Equal(0.8, zones.TakeJoules(), 1e-9);
        Assert.Equal(0, zones.TakeJoules());
    }

    [Fact]
    public void A_machine_without_readable_energy_counters_has_none()
    {
        using var folder = new TemporaryFolder();
        folder.Write("intel-rapl:0/name", "package-0\n");

        Assert.Null(PowerZones.TryOpen(folder.Path));
        Assert.Null(PowerZones.TryOpen(Path.Combine(folder.Path, "none")));
    }

    private static GpuReading Reading(
        double used = 0, double? joules = null, double? busy = null, GpuProcess[]? processes = null, GpuShare[]? shares = null) =>
        new(0, busy, (long)used, joules, processes ?? [], shares);

    // Trial 0 has the processes 10 to 19, trial 1 those from 20 to 29; others are strangers.
    private static DeviceUse[] Divide(GpuAccount account, GpuReading reading, int[]? holders = null)
    {
        var uses = new DeviceUse[2];
        account.Divide(reading, process => process is >= 10 and < 30 ? (process / 10) - 1 : -1, _ => holders ?? [], uses);
        return uses;
    }
}
