using System.Collections.Concurrent;
using System.Globalization;
using Hone.Trials;

namespace Hone.Stopping;

/// <summary>
/// Stops a trial that is worse, fold by fold, than the best complete trial was in the same folds: Wilcoxon's one-sided signed-rank test
/// after each finished fold, at a level that makes up for the repeated looks.
/// </summary>
/// <remarks>
/// Wilcoxon, Biometrics Bulletin 1 (1945); Pocock, Biometrika 64 (1977). Judged when a fold is finished and others are still to come,
/// never where the mean over the finished folds is not worse than the best trial's over the same. A fold in which the trial diverged is
/// worse than any. After 60 folds it looks no more. alpha bounds the chance, over all looks of one trial, to stop one that is as good as the best; the best of many trials
/// was also lucky, and the test does not know that. Few folds allow few values of p, the smallest being 2^-n after n folds:
/// <see cref="LevelFor"/> says which of them stops.
/// </remarks>
public sealed class WilcoxonRule : IStoppingRule
{
    private const int MostFolds = 60;

    private readonly FoldKey _key;
    private readonly double _alpha;
    private readonly int _after;

    // What has been worked out for a number of folds; a pure function of it.
    private readonly ConcurrentDictionary<int, double> _levels = [];

    /// <param name="metric">The metric that folds report as <c>fold_1/METRIC</c>, ….</param>
    /// <param name="goal">Which of its values are better.</param>
    /// <param name="alpha">The chance, over all looks, to stop a trial that is as good as the best; above 0 and below 1.</param>
    /// <param name="after">Folds that must be finished, at least 1.</param>
    public WilcoxonRule(string metric, Goal goal, double alpha = 0.1, int after = 2)
    {
        ArgumentException.ThrowIfNullOrEmpty(metric);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(alpha, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(alpha, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(after, 1);
        _key = new FoldKey(metric, goal);
        _alpha = alpha;
        _after = after;
    }

    /// <inheritdoc/>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"wilcoxon {_alpha}({_key.Metric})");

    /// <inheritdoc/>
    public IReadOnlyList<FoldKey> Folds => [_key];

    /// <summary>The largest p at which a trial of so many folds is stopped; 0 if none ever is.</summary>
    /// <param name="folds">Folds of a whole trial, repeats included; at least 1.</param>
    public double LevelFor(int folds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 1);
        return _levels.GetOrAdd(folds, count => PocockLevel.Of(_alpha, _after, Math.Min(count - 1, MostFolds)));
    }

    /// <inheritdoc/>
    public Verdict Judge(Trial trial, StudyHistory history)
    {
        ArgumentNullException.ThrowIfNull(trial);
        ArgumentNullException.ThrowIfNull(history);
        if (!_key.HasJustFinished(trial) || history.Best(_key) is not { } best)
        {
            return Verdict.Continue;
        }

        var own = _key.Values(trial);
        if (own.Length < _after || own.Length >= best.Values.Count || own.Length > MostFolds)
        {
            return Verdict.Continue;
        }

        var losses = new double[own.Length];
        for (var fold = 0; fold < losses.Length; fold++)
        {
            losses[fold] = Loss(own[fold], best.Values[fold]);
        }

        // Written so that a mean that cannot be told, of infinities, is worse.
        if (losses.Sum() <= 0)
        {
            return Verdict.Continue;
        }

        var p = SignedRanks.UpperTail(losses);
        var level = LevelFor(best.Values.Count);
        return p > level ? Verdict.Continue : Verdict.Stop(string.Create(
            CultureInfo.InvariantCulture,
            $"{_key.Metric} is worse than that of trial {best.Trial} in {losses.Count(loss => loss > 0)} of {losses.Length} folds, p {Words.Of(p)}; stopped from {Words.Of(level)} down"));
    }

    // How much worse a fold is. Not a number is as bad as can be.
    private double Loss(double own, double best)
    {
        var loss = _key.Goal == Goal.Minimize ? own - best : best - own;
        return double.IsNaN(loss) ? double.PositiveInfinity : loss;
    }
}
