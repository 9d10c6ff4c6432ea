namespace Hone.Workers.SystemMetrics;

/// <summary>How much a reading of a process takes in.</summary>
internal enum Depth
{
    /// <summary>What can have changed; what is dear and changes slowly only when it is due.</summary>
    Changed,

    /// <summary>The same, as if every process had run since the last reading.</summary>
    Running,

    /// <summary>Everything at once, peaks too.</summary>
    Everything,
}
