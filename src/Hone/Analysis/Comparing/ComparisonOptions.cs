using Hone.Trials;

namespace Hone.Analysis.Comparing;

/// <summary>What models are compared on: each block has one score a model.</summary>
public enum BlockKind
{
    /// <summary>The folds of the only data set.</summary>
    Folds,

    /// <summary>Data sets, each with one score a model.</summary>
    DataSets,

    /// <summary>Every fold of every data set.</summary>
    FoldsOfDataSets,
}

/// <summary>How studies are compared.</summary>
public sealed record ComparisonOptions
{
    /// <summary>The metric to compare; each study's best trial is chosen by the study's own objective.</summary>
    public required string Metric { get; init; }

    /// <summary>Which of its values are better.</summary>
    public required Goal Goal { get; init; }

    /// <summary>Level of all decisions, in (0, 1).</summary>
    public double Alpha { get; init; } = 0.05;

    /// <summary>With several data sets: whether every fold of each is a block, rather than the data set as a whole.</summary>
    public bool FoldsAsBlocks { get; init; }

    /// <summary>Whether to leave out blocks on which a model has no score, rather than to refuse.</summary>
    public bool CompleteOnly { get; init; }

    /// <summary>Share of the rows that each fold is judged by, in (0, 1); null: as the studies say, or 1/k for k folds.</summary>
    public double? TestShare { get; init; }
}
