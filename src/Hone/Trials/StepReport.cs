namespace Hone.Trials;

/// <summary>What a training program says of one step.</summary>
/// <param name="Step">The step, from 0; null: the last one that it reported.</param>
/// <param name="Values">The values, in any number; not changed afterwards.</param>
public sealed record StepReport(long? Step, IReadOnlyList<MetricValue> Values);
