namespace Hone.Trials;

/// <summary>A metric that a study is to make as small or as large as it can.</summary>
/// <param name="Metric">Name of the metric as trials report it.</param>
/// <param name="Goal">Which values are better.</param>
/// <param name="Take">Which of a trial's values counts; the last one unless told otherwise.</param>
public sealed record Objective(string Metric, Goal Goal = Goal.Minimize, Aggregate Take = Aggregate.Last)
{
    /// <summary>The value with the sign turned where needed so that smaller is always better. NaN stays NaN.</summary>
    public double Signed(double value) => Goal == Goal.Minimize ? value : -value;
}
