namespace Hone.Stopping;

/// <summary>
/// The level at which each of several looks at growing data may reject, so that all looks together reject by chance with a probability of
/// at most alpha: the same for every look, as Pocock (Biometrika 64, 1977) has it, here for signed ranks.
/// </summary>
/// <remarks>
/// With few folds p takes few values, and Pocock's constants for the normal distribution do not hold. Under the hypothesis signs are fair
/// coins and each new difference takes any rank with the same probability, so the chance is counted over all ranks and signs, exactly, up
/// to 14 folds. Beyond, it is estimated by <see cref="Paths"/> draws from a fixed seed.
/// </remarks>
internal static class PocockLevel
{
    private const int MostForExact = 14;
    private const int Paths = 20_000;

    /// <summary>The level, one of the values that p can take; 0 if no look could ever reject.</summary>
    /// <param name="alpha">Above 0 and below 1.</param>
    /// <param name="first">Pairs at the first look, at least 1.</param>
    /// <param name="last">Pairs at the last look; looks are taken at every number between.</param>
    public static double Of(double alpha, int first, int last)
    {
        if (last < first)
        {
            return 0;
        }

        var tails = new double[last + 1][];
        for (var n = 1; n <= last; n++)
        {
            tails[n] = SignedRanks.Tails(n);
        }

        double[] levels = [.. tails[first..].SelectMany(tail => tail).Where(p => p <= alpha).Distinct().Order()];
        return last <= MostForExact
            ? Largest(levels, level => Crossing(tails, first, last, level) <= alpha)
            : Simulated(tails, first, last, levels, alpha);
    }

    /// <summary>The chance that a look at some number of pairs has p at most the level.</summary>
    /// <param name="tails">For each n the upper tails.</param>
    /// <param name="first">Pairs at the first look.</param>
    /// <param name="last">Pairs at the last look.</param>
    /// <param name="level">The level.</param>
    private static double Crossing(double[][] tails, int first, int last, double level)
    {
        // A state is which ranks are positive: bit r for rank r + 1.
        double[] states = [1];
        var crossed = 0.0;
        for (var n = 1; n <= last; n++)
        {
            var next = new double[states.Length * 2];
            for (var state = 0; state < states.Length; state++)
            {
                Insert(next, state, n, states[state] / (2 * n));
            }

            for (var state = 0; state < next.Length && n >= first; state++)
            {
                if (tails[n][Sum(state)] <= level)
                {
                    crossed += next[state];
                    next[state] = 0;
                }
            }

            states = next;
        }

        return crossed;
    }

    // The n-th difference comes between the ranks so far, at any of n places, with either sign.
    private static void Insert(double[] next, int state, int n, double probability)
    {
        for (var place = 0; place < n && probability > 0; place++)
        {
            var moved = (state & ((1 << place) - 1)) | ((state >> place) << (place + 1));
            next[moved] += probability;
            next[moved | (1 << place)] += probability;
        }
    }

    private static int Sum(int state)
    {
        var sum = 0;
        for (var rank = 1; state != 0; rank++, state >>= 1)
        {
            sum += (state & 1) * rank;
        }

        return sum;
    }

    private static double Largest(double[] levels, Func<double, bool> isAllowed)
    {
        var (low, high) = (0, levels.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = isAllowed(levels[middle]) ? (middle + 1, high) : (low, middle);
        }

        return low == 0 ? 0 : levels[low - 1];
    }

    private static double Simulated(double[][] tails, int first, int last, double[] levels, double alpha)
    {
        var random = new SeededRandom(1);
        var smallest = new double[Paths];
        var positive = new List<bool>(last);
        for (var path = 0; path < Paths; path++)
        {
            positive.Clear();
            smallest[path] = 1;
            for (var n = 1; n <= last; n++)
            {
                positive.Insert(random.Next(n), random.Next(2) == 1);
                if (n >= first)
                {
                    smallest[path] = Math.Min(smallest[path], tails[n][Sum(positive)]);
                }
            }
        }

        return Largest(levels, level => smallest.Count(p => p <= level) <= alpha * Paths);
    }

    private static int Sum(List<bool> positive)
    {
        var sum = 0;
        for (var r = 0; r < positive.Count; r++)
        {
            sum += positive[r] ? r + 1 : 0;
        }

        return sum;
    }
}
