namespace Hone.Trials;

/// <summary>One value of one metric, in the metric's unit.</summary>
/// <param name="Metric">Name, e.g. <c>validation_loss</c> or <c>system/memory_megabytes</c>.</param>
/// <param name="Value">NaN and infinities are kept: they say that the trial diverged.</param>
public readonly record struct MetricValue(string Metric, double Value);

/// <summary>One value of one metric of one trial, as stored.</summary>
/// <param name="Metric">Name of the metric.</param>
/// <param name="Step">Training step, from 0. Several values may stand at one step, in order of arrival.</param>
/// <param name="Value">In the metric's unit; NaN and infinities are kept.</param>
/// <param name="SinceStart">Time since the attempt began.</param>
public readonly record struct Measurement(string Metric, long Step, double Value, TimeSpan SinceStart);
