namespace Hone.Sampling.Tpe;

/// <summary>The formulas of one kernel in one dimension: a normal density truncated to [0, 1], or a smoothed choice.</summary>
internal static class Kernel
{
    private static readonly double LogPriorMass = Math.Log(NormalIntegral.Mass(-PriorCentre, PriorCentre));
    private static readonly double LogPriorPeak = -Math.Log(Math.Sqrt(2 * Math.PI)) - LogPriorMass;

    /// <summary>Centre of the prior kernel in [0, 1]; its width is 1.</summary>
    public const double PriorCentre = 0.5;

    /// <summary>1 / (width sqrt 2): differences times this, squared, are the exponent.</summary>
    public static double Scale(double width) => 0.70710678118654752440 / width;

    /// <summary>The width that a scale stands for.</summary>
    public static double Width(double scale) => 0.70710678118654752440 / scale;

    /// <summary>The log of what the exponential, or its integral over a cell, is multiplied by.</summary>
    public static double LogNorm(double centre, double width) => -Math.Log(width * Math.Sqrt(2 * Math.PI) * Inside(centre, width));

    /// <summary>The share of a normal density that is left when it is truncated to [0, 1].</summary>
    public static double Inside(double centre, double width) => NormalIntegral.Mass(-centre / width, (1 - centre) / width);

    /// <summary>The log density of the prior at a point, or its log mass in a cell.</summary>
    public static double LogPrior(Dimension dimension, double from, double to) => dimension.Spread switch
    {
        Spread.Categorical => -Math.Log(dimension.Choices),
        Spread.Continuous => LogPriorPeak - ((from - PriorCentre) * (from - PriorCentre) / 2),
        _ => Math.Log(NormalIntegral.Mass(from - PriorCentre, to - PriorCentre)) - LogPriorMass,
    };

    /// <summary>The probabilities that a categorical kernel gives to its own choice and to each other one.</summary>
    /// <param name="kernels">Kernels of the mixture, the prior among them.</param>
    /// <param name="choices">Number of choices.</param>
    public static (double Hit, double Miss) Choice(int kernels, int choices)
    {
        var share = 1.0 / kernels;
        var total = 1 + (choices * share);
        return ((1 + share) / total, share / total);
    }

    /// <summary>Draws from a normal distribution truncated to [0, 1], by drawing until one falls inside: three times at most on average.</summary>
    public static double Draw(double centre, double width, Random random)
    {
        while (true)
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            var value = centre + (width * normal);
            if (value is >= 0 and < 1)
            {
                return value;
            }
        }
    }
}
