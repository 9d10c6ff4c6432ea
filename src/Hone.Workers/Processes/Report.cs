using Hone.Trials;

namespace Hone.Workers.Processes;

/// <summary>What a program said of one step.</summary>
/// <param name="Step">From 0.</param>
/// <param name="Values">Numbers, in the order they were written.</param>
/// <param name="Ignored">Whether it held something that is not a number.</param>
internal sealed record Report(long Step, List<MetricValue> Values, bool Ignored);
