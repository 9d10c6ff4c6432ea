namespace Hone.Ablation;

/// <summary>After how many seeds a race looks at its differences, and how much of the level each look may spend.</summary>
/// <remarks>
/// Look k spends alpha / (k (k + 1)), the last one what is left. The sum is alpha whatever the test is, so the chance of a false finding at any
/// look stays below it. The first look is where so many contrasts could be significant at all: a sign-flip p is never below 2^(1 - n).
/// </remarks>
internal sealed class Looks
{
    private const int LeastPairs = 6;
    private const double Growth = 1.5;

    // A look shortly before the last one costs level and saves little.
    private const double LeastGrowth = 1.2;
    private readonly double _alpha;

    public Looks(AblationOptions options, int contrasts)
    {
        _alpha = options.Alpha;
        var after = new List<int>();
        if (options.Racing)
        {
            var first = Math.Max(LeastPairs, (int)Math.Ceiling(1 + Math.Log2(Math.Max(1, contrasts) * 2 / options.Alpha)));
            for (var seeds = first; seeds * LeastGrowth <= options.Seeds; seeds = (int)Math.Ceiling(seeds * Growth))
            {
                after.Add(seeds);
            }
        }

        After = [.. after, options.Seeds];
    }

    /// <summary>How many seeds each look takes in.</summary>
    public IReadOnlyList<int> After { get; }

    /// <summary>The level of a look.</summary>
    /// <param name="look">From 0.</param>
    public double LevelAt(int look) => look == After.Count - 1 ? _alpha / After.Count : _alpha / ((look + 1.0) * (look + 2.0));
}
