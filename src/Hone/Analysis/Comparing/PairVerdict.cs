using Hone.Analysis.Statistics;

namespace Hone.Analysis.Comparing;

/// <summary>Whether one of two models is better.</summary>
/// <param name="Ranks">Both on all blocks, by ranks; the first has the better mean rank.</param>
/// <param name="Resampled">Both on the folds of the only data set, first minus second; null with several data sets.</param>
/// <param name="P">
/// Of the test that judges the pair: the corrected resampled t on folds of one data set, otherwise Wilcoxon's, and then at least 2^(1 - n)
/// for n differences, which no exact test by signs goes below.
/// </param>
/// <param name="AdjustedP">That by Holm over all pairs: the one to go by.</param>
/// <param name="Better">The better model; null if they cannot be told apart, or if there is no difference among all models.</param>
public sealed record PairVerdict(PairComparison Ranks, DifferenceResult? Resampled, double P, double AdjustedP, string? Better);
