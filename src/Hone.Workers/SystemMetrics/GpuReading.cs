namespace Hone.Workers.SystemMetrics;

/// <summary>A process that a GPU works for.</summary>
/// <param name="Id">As the driver numbers it: in a container that may be the host's number.</param>
/// <param name="MemoryBytes">Its memory on the GPU; null if the driver does not tell.</param>
internal readonly record struct GpuProcess(int Id, long? MemoryBytes);

/// <summary>How busy a process kept a GPU since the last reading.</summary>
/// <param name="Id">As the driver numbers it.</param>
/// <param name="Percent">Share of the time, of 100.</param>
internal readonly record struct GpuShare(int Id, double Percent);

/// <summary>What a GPU says of itself; null for what it does not tell.</summary>
/// <param name="Minor">Number of the device file <c>/dev/nvidiaN</c>.</param>
/// <param name="BusyPercent">Share of the time that any kernel ran, of 100.</param>
/// <param name="UsedBytes">Memory in use by anyone.</param>
/// <param name="EnergyJoules">Energy since the driver was loaded.</param>
/// <param name="Processes">Who uses it.</param>
/// <param name="Shares">How busy they kept it.</param>
internal sealed record GpuReading(
    int Minor, double? BusyPercent, long? UsedBytes, double? EnergyJoules, GpuProcess[]? Processes, GpuShare[]? Shares);
