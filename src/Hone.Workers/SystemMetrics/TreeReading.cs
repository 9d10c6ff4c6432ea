namespace Hone.Workers.SystemMetrics;

/// <summary>What a trial's processes use, summed over them; null where this machine cannot tell.</summary>
/// <param name="Processes">How many live.</param>
/// <param name="MemoryBytes">Resident minus shared pages, now.</param>
/// <param name="PeakBytes">The highest memory so far.</param>
/// <param name="CpuNanoseconds">CPU time so far, ended processes included; never falls.</param>
/// <param name="WaitNanoseconds">Time ready to run but without a core, ended threads included.</param>
/// <param name="Traffic">Bytes moved by system calls so far, ended processes included.</param>
internal readonly record struct TreeReading(
    int Processes, long MemoryBytes, long PeakBytes, long CpuNanoseconds, long? WaitNanoseconds, Traffic? Traffic);
