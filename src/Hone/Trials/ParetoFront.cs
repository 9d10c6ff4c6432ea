namespace Hone.Trials;

/// <summary>
/// The trials that no other one beats: a single best one for one objective (the earliest among equals), otherwise all that are not
/// dominated. Only trials that count are taken. Not thread-safe.
/// </summary>
public sealed class ParetoFront(IReadOnlyList<Objective> objectives)
{
    private readonly List<TrialResult> _front = [];

    /// <summary>The trials, in order of their numbers.</summary>
    public IReadOnlyList<TrialResult> Trials => [.. _front.OrderBy(t => t.Number)];

    /// <summary>The trial with the best value of the first objective; null if no trial counts yet.</summary>
    public TrialResult? Best => _front.MinBy(t => (objectives[0].Signed(t.Values[0]), t.Number));

    /// <summary>Takes a trial in, if it counts and none beats it. True if it was taken.</summary>
    public bool Add(TrialResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (!result.Counts || _front.Exists(other => Dominates(other, result) || (objectives.Count == 1 && Equal(other, result))))
        {
            return false;
        }

        _front.RemoveAll(other => Dominates(result, other));
        _front.Add(result);
        return true;
    }

    private bool Dominates(TrialResult a, TrialResult b)
    {
        var isBetter = false;
        for (var i = 0; i < objectives.Count; i++)
        {
            var (x, y) = (objectives[i].Signed(a.Values[i]), objectives[i].Signed(b.Values[i]));
            if (x > y)
            {
                return false;
            }

            isBetter |= x < y;
        }

        return isBetter;
    }

    private static bool Equal(TrialResult a, TrialResult b) => a.Values[0] == b.Values[0];
}
