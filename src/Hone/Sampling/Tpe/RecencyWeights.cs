namespace Hone.Sampling.Tpe;

/// <summary>Weights of the bad observations (Bergstra et al., ICML 2013): the newest 25 weigh 1, older ones down to 1 / n.</summary>
internal static class RecencyWeights
{
    private const int Newest = 25;

    /// <summary>Writes the weights, oldest first, and returns their sum.</summary>
    public static double Fill(Span<double> weights)
    {
        var ramp = Math.Max(0, weights.Length - Newest);
        weights[ramp..].Fill(1);
        var least = 1.0 / Math.Max(1, weights.Length);
        var rise = (1 - least) / Math.Max(1, ramp - 1);
        for (var i = 0; i < ramp; i++)
        {
            weights[i] = least + (i * rise);
        }

        return (weights.Length - ramp) + (ramp == 1 ? least : ramp * (1 + least) / 2);
    }
}
