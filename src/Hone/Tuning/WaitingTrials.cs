namespace Hone.Tuning;

/// <summary>Trials that are to be tried again, each from some time on.</summary>
internal sealed class WaitingTrials
{
    private readonly SortedDictionary<int, DateTimeOffset> _notBefore = [];

    public int Count => _notBefore.Count;

    /// <summary>When the first of them may begin; null if there is none.</summary>
    public DateTimeOffset? Earliest => _notBefore.Count == 0 ? null : _notBefore.Values.Min();

    public void Add(int trial, DateTimeOffset notBefore) => _notBefore[trial] = notBefore;

    /// <summary>Takes out the lowest number that may begin now; null if there is none.</summary>
    public int? Take(DateTimeOffset now)
    {
        foreach (var (trial, notBefore) in _notBefore)
        {
            if (notBefore <= now)
            {
                _notBefore.Remove(trial);
                return trial;
            }
        }

        return null;
    }
}

