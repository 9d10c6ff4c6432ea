using Hone.Analysis;

namespace Hone.Dashboard;

/// <summary>How busy the slots were, as far as the trials' times tell.</summary>
/// <param name="MostAtOnce">The largest number of trials that ran at the same time, taken for the number of slots.</param>
/// <param name="Share">Of those slots' time from the first start to the last end, the part in which a trial ran; 0 to 1.</param>
internal sealed record SlotOccupancy(int MostAtOnce, double Share)
{
    /// <summary>Null if no trial has both begun and run for some time. Only the last attempt of each trial is known.</summary>
    public static SlotOccupancy? Of(IReadOnlyList<TrialRecord> trials)
    {
        var ran = trials.Where(t => t.Started is not null && t.WallSeconds > 0 && double.IsFinite(t.WallSeconds))
            .Select(t => (From: t.Started!.Value.UtcTicks / (double)TimeSpan.TicksPerSecond, Seconds: t.WallSeconds)).ToList();
        if (ran.Count == 0)
        {
            return null;
        }

        // Starts and ends carry rounding of their stores: a trial that begins within a millisecond of another's end took its slot.
        var changes = ran.Select(r => (At: r.From, By: 1)).Concat(ran.Select(r => (At: r.From + Math.Max(0, r.Seconds - 0.001), By: -1)))
            .OrderBy(c => c.At).ThenBy(c => c.By);
        var most = 0;
        var now = 0;
        foreach (var (_, by) in changes)
        {
            now += by;
            most = Math.Max(most, now);
        }

        var span = ran.Max(r => r.From + r.Seconds) - ran.Min(r => r.From);
        return new SlotOccupancy(Math.Max(1, most), Math.Min(1, ran.Sum(r => r.Seconds) / (Math.Max(1, most) * span)));
    }
}
