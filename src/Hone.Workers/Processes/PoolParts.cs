using Hone.Workers.SystemMetrics;

namespace Hone.Workers.Processes;

/// <summary>What all the attempts of a pool share.</summary>
internal sealed record PoolParts(
    ProcessPoolOptions Options,
    CommandTemplate Command,
    TrialEnvironment Environment,
    WorkerEvents Events,
    ReportEndpoint Endpoint,
    ProcessRecords Records,
    Watchdog Watchdog,
    ChildExits Exits,
    SystemSampler Sampler,
    TimeProvider Time);
