namespace Hone.Workers.SystemMetrics;

/// <summary>What of the machine's devices is a trial's; null for what cannot be told.</summary>
/// <param name="GpuPercent">100 is one GPU busy.</param>
/// <param name="GpuMemoryBytes">On all GPUs.</param>
/// <param name="EnergyJoules">Since the reading before.</param>
internal readonly record struct DeviceUse(double? GpuPercent, double? GpuMemoryBytes, double? EnergyJoules)
{
    public static DeviceUse operator +(DeviceUse one, DeviceUse other) => new(
        Add(one.GpuPercent, other.GpuPercent), Add(one.GpuMemoryBytes, other.GpuMemoryBytes), Add(one.EnergyJoules, other.EnergyJoules));

    private static double? Add(double? one, double? other) => one is null ? other : one + (other ?? 0);
}
