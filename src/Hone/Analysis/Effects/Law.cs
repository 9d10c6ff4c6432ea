using System.Globalization;
using Hone.Analysis.Statistics;

namespace Hone.Analysis.Effects;

/// <summary>The form of a law.</summary>
public enum LawForm
{
    /// <summary>y = a: x does not matter.</summary>
    Constant,

    /// <summary>y = a + b x.</summary>
    Linear,

    /// <summary>y = a + b ln x, for positive x.</summary>
    Logarithmic,

    /// <summary>y = a x^b, for positive x and y.</summary>
    Power,
}

/// <summary>How a metric follows from a parameter, fitted by least squares.</summary>
public sealed record Law
{
    private const double LeastExplained = 0.1;

    /// <summary>The form.</summary>
    public required LawForm Form { get; init; }

    /// <summary>a with its interval; for a power law the interval is that of ln a.</summary>
    public required Interval A { get; init; }

    /// <summary>b with its interval; 0 for a constant.</summary>
    public required Interval B { get; init; }

    /// <summary>
    /// 1 - sum of squared residuals / sum of squared deviations from the mean, in the metric's own unit; 0 if nothing varies.
    /// </summary>
    public required double R2 { get; init; }

    /// <summary>
    /// Akaike's criterion with Hurvich and Tsai's correction (1989); smaller is better, by 2 or more worth noting. That of a power law,
    /// whose errors are relative, is for ln y with the Jacobian added, and so compares with the others.
    /// </summary>
    public required double Aicc { get; init; }

    /// <summary>Root mean square of the errors in predicting each point from all others, in the metric's unit.</summary>
    public required double LeaveOneOutError { get; init; }

    /// <summary>Value less prediction, point by point, in the metric's unit.</summary>
    public required IReadOnlyList<double> Residuals { get; init; }

    /// <summary>Root mean square of <see cref="Residuals"/>, in the metric's unit.</summary>
    public double ResidualSpread => Math.Sqrt(Residuals.Sum(residual => residual * residual) / Math.Max(1, Residuals.Count));

    /// <summary>
    /// Whether it is worth telling: x matters, the interval of b excludes 0, and it explains at least a tenth of the variance. The best of
    /// several forms may still be a poor one.
    /// </summary>
    public bool Holds => Form != LawForm.Constant && (B.Low > 0 || B.High < 0) && R2 >= LeastExplained;

    /// <summary>What the law says for an x.</summary>
    public double At(double x) => Form switch
    {
        LawForm.Constant => A.Value,
        LawForm.Linear => A.Value + (B.Value * x),
        LawForm.Logarithmic => A.Value + (B.Value * Math.Log(x)),
        _ => A.Value * Math.Pow(x, B.Value),
    };

    /// <summary>The law in words, e.g. <c>y = 0.01 + 0.0002 x</c>, four significant digits.</summary>
    public override string ToString()
    {
        var (a, size) = (Show(A.Value), Show(Math.Abs(B.Value)));
        var sign = B.Value < 0 ? "-" : "+";
        return Form switch
        {
            LawForm.Constant => $"y = {a}",
            LawForm.Linear => $"y = {a} {sign} {size} x",
            LawForm.Logarithmic => $"y = {a} {sign} {size} ln x",
            _ => $"y = {a} x^{Show(B.Value)}",
        };
    }

    private static string Show(double number) => number.ToString("G4", CultureInfo.InvariantCulture);
}
