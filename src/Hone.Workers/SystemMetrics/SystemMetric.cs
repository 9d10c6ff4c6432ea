namespace Hone.Workers.SystemMetrics;

/// <summary>The names of what Hone measures of every trial by itself. A metric that this machine cannot measure is absent, never zero.</summary>
public static class SystemMetric
{
    /// <summary>Resident memory minus shared pages, summed over the trial's processes, in MB (10^6 bytes).</summary>
    public const string MemoryMegabytes = "system/memory_megabytes";

    /// <summary>The highest memory so far, peaks between two readings included, in MB (10^6 bytes).</summary>
    public const string MemoryPeakMegabytes = "system/memory_peak_megabytes";

    /// <summary>CPU time used in a second of wall time; 100 is one core busy.</summary>
    public const string CpuPercent = "system/cpu_percent";

    /// <summary>CPU time since the trial's start, processes that have ended included.</summary>
    public const string CpuSeconds = "system/cpu_seconds";

    /// <summary>Time since the trial's start that its threads were ready to run but waited for a core, summed over the threads.</summary>
    public const string WaitSeconds = "system/wait_seconds";

    /// <summary>Wall time since the trial's start.</summary>
    public const string ElapsedSeconds = "system/elapsed_seconds";

    /// <summary>Wall time of a step: the mean over the steps since the last report.</summary>
    public const string StepSeconds = "system/step_seconds";

    /// <summary>Wall time of a step: the mean over the trial, without its warm-up.</summary>
    public const string MeanStepSeconds = "system/mean_step_seconds";

    /// <summary>CPU time of a step: the mean over the steps since the last report.</summary>
    public const string StepCpuSeconds = "system/step_cpu_seconds";

    /// <summary>Bytes read through system calls, from the page cache or not, in MB (10^6 bytes).</summary>
    public const string ReadMegabytes = "system/read_megabytes";

    /// <summary>Bytes written through system calls, to the page cache or not, in MB (10^6 bytes).</summary>
    public const string WriteMegabytes = "system/write_megabytes";

    /// <summary>How busy the trial keeps the GPUs; 100 is one GPU busy.</summary>
    public const string GpuPercent = "system/gpu_percent";

    /// <summary>Memory of the trial's processes on all GPUs, in MB (10^6 bytes).</summary>
    public const string GpuMemoryMegabytes = "system/gpu_memory_megabytes";

    /// <summary>The trial's share of the energy that GPUs and processors used since its start, up to half a second ago.</summary>
    public const string EnergyJoules = "system/energy_joules";
}
