using Hone.Analysis.Statistics;

namespace Hone.Analysis.Effects;

/// <summary>Fits the laws that training programs tend to follow: step time = a + b x batch size, for instance.</summary>
public static class Laws
{
    /// <summary>The fewest points that a law is fitted to.</summary>
    public const int FewestPoints = 5;

    // Below this, a difference of AICc is no evidence (Burnham and Anderson 2002).
    private const double WorthNoting = 2;

    /// <summary>The form that explains the points best by AICc; a constant unless another form is better by 2.</summary>
    /// <param name="x">The parameter. Points with NaN or infinities are left out.</param>
    /// <param name="y">The metric, as long.</param>
    /// <param name="level">Of the intervals, in (0, 1).</param>
    /// <returns>The law; null with fewer than 5 points or with one x alone.</returns>
    public static Law? Best(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double level = 0.95)
    {
        Law? constant = Fit(LawForm.Constant, x, y, level);
        Law? best = null;
        foreach (var form in (ReadOnlySpan<LawForm>)[LawForm.Linear, LawForm.Logarithmic, LawForm.Power])
        {
            if (Fit(form, x, y, level) is { } law && Explains(law) && (best is null || law.Aicc < best.Aicc))
            {
                best = law;
            }
        }

        return best is null || constant is null ? constant : best.Aicc <= constant.Aicc - WorthNoting ? best : constant;
    }

    // On a skewed metric errors in ln y alone make a power law look better than a constant with errors in y, whatever x is. So it must say
    // something of x first: an exponent that is not 0, and less spread than the mean leaves.
    private static bool Explains(Law law) => law.Form != LawForm.Power || (law.B.Low * law.B.High > 0 && law.R2 > 0);

    /// <summary>Fits one form.</summary>
    /// <param name="form">The form.</param>
    /// <param name="x">The parameter. Points with NaN or infinities are left out.</param>
    /// <param name="y">The metric, as long.</param>
    /// <param name="level">Of the intervals, in (0, 1).</param>
    /// <returns>
    /// The law; null with fewer than 5 points, with one x alone, or where a logarithm would be taken of a number that is not positive.
    /// </returns>
    public static Law? Fit(LawForm form, ReadOnlySpan<double> x, ReadOnlySpan<double> y, double level = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, x.Length);
        var points = new List<(double X, double Y)>();
        for (var i = 0; i < x.Length; i++)
        {
            if (double.IsFinite(x[i]) && double.IsFinite(y[i]))
            {
                points.Add((x[i], y[i]));
            }
        }

        var takesLogX = form is LawForm.Logarithmic or LawForm.Power;
        if (points.Count < FewestPoints || points.TrueForAll(p => p.X == points[0].X)
            || (takesLogX && points.Exists(p => p.X <= 0)) || (form == LawForm.Power && points.Exists(p => p.Y <= 0)))
        {
            return null;
        }

        double[] u = [.. points.Select(p => form == LawForm.Constant ? 0 : takesLogX ? Math.Log(p.X) : p.X)];
        double[] v = [.. points.Select(p => form == LawForm.Power ? Math.Log(p.Y) : p.Y)];
        return Law(form, new Line(u, v, form != LawForm.Constant), [.. points.Select(p => p.Y)], level);
    }

    private static Law Law(LawForm form, Line line, double[] y, double level)
    {
        var n = y.Length;
        double Back(double value) => form == LawForm.Power ? Math.Exp(value) : value;
        var mean = y.Average();
        double[] residuals = [.. y.Select((value, i) => value - Back(line.Fitted[i]))];
        double[] left = [.. y.Select((value, i) => value - Back(line.FittedWithout(i)))];
        var deviations = y.Sum(value => (value - mean) * (value - mean));
        var t = Distributions.StudentTQuantile((1 + level) / 2, n - line.Parameters);
        var (a, b) = (line.Intercept, line.Slope);

        // One more parameter for the variance of the errors.
        var k = line.Parameters + 1;
        var jacobian = form == LawForm.Power ? 2 * y.Sum(Math.Log) : 0;
        var scale = Math.Max(line.SumOfSquares / n, double.Epsilon);
        return new Law
        {
            Form = form,
            A = new Interval(Back(a), Back(a - (t * line.InterceptError)), Back(a + (t * line.InterceptError))),
            B = new Interval(b, b - (t * line.SlopeError), b + (t * line.SlopeError)),
            R2 = deviations > 0 ? 1 - (residuals.Sum(r => r * r) / deviations) : 0,
            Aicc = (n * Math.Log(scale)) + jacobian + (2 * k) + (2.0 * k * (k + 1) / Math.Max(1, n - k - 1)),
            LeaveOneOutError = Math.Sqrt(left.Sum(r => r * r) / n),
            Residuals = residuals,
        };
    }

    /// <summary>A straight line through points by least squares; level if told so.</summary>
    private sealed class Line
    {
        private readonly double[] _v;
        private readonly double[] _leverage;

        public Line(double[] u, double[] v, bool hasSlope)
        {
            _v = v;
            var n = u.Length;
            var (meanU, meanV) = (u.Average(), v.Average());
            var spread = u.Sum(value => (value - meanU) * (value - meanU));
            Parameters = hasSlope ? 2 : 1;
            Slope = hasSlope ? u.Zip(v, (a, b) => (a - meanU) * (b - meanV)).Sum() / spread : 0;
            Intercept = meanV - (Slope * meanU);
            Fitted = [.. u.Select(value => Intercept + (Slope * value))];
            SumOfSquares = v.Zip(Fitted, (a, b) => (a - b) * (a - b)).Sum();
            var variance = SumOfSquares / (n - Parameters);
            SlopeError = hasSlope ? Math.Sqrt(variance / spread) : 0;
            InterceptError = Math.Sqrt(variance * ((1.0 / n) + (hasSlope ? meanU * meanU / spread : 0)));
            _leverage = [.. u.Select(value => (1.0 / n) + (hasSlope ? (value - meanU) * (value - meanU) / spread : 0))];
        }

        public int Parameters { get; }

        public double Slope { get; }

        public double Intercept { get; }

        public double SlopeError { get; }

        public double InterceptError { get; }

        public double SumOfSquares { get; }

        public double[] Fitted { get; }

        /// <summary>The fit at a point from all others. A point that alone has its x is left as it is.</summary>
        public double FittedWithout(int i) =>
            _leverage[i] < 1 - 1e-12 ? _v[i] - ((_v[i] - Fitted[i]) / (1 - _leverage[i])) : Fitted[i];
    }
}
