namespace Hone.Tracking.Store;

/// <summary>Keys of runs: the experiment's key in the upper 32 bits and the run's number within it, a trial's number, in the lower.</summary>
internal static class RunKey
{
    public static long Of(long experiment, int number) => (experiment << 32) | (uint)number;

    /// <summary>The smallest key of an experiment's runs; the first of the next one ends them.</summary>
    public static long First(long experiment) => experiment << 32;
}
