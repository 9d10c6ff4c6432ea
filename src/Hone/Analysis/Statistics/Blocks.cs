namespace Hone.Analysis.Statistics;

/// <summary>Scores of several models on the same blocks: data sets, or folds.</summary>
internal static class Blocks
{
    /// <summary>The number of blocks and of models.</summary>
    /// <exception cref="ArgumentException">There are fewer than two of either, or a block lacks a score.</exception>
    public static (int Blocks, int Models) Check(IReadOnlyList<double[]> blocks)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        if (blocks.Count < 2 || blocks[0].Length < 2)
        {
            throw new ArgumentException("At least two models on at least two blocks are needed.", nameof(blocks));
        }

        if (blocks.Any(block => block.Length != blocks[0].Length || block.Any(value => !double.IsFinite(value))))
        {
            throw new ArgumentException("Every model needs a finite score on every block. Leave incomplete blocks out.", nameof(blocks));
        }

        return (blocks.Count, blocks[0].Length);
    }
}
