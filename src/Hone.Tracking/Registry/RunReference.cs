using System.Globalization;
using Hone.Tracking.Runs;
using Hone.Tracking.Store;

namespace Hone.Tracking.Registry;

/// <summary>Finds a run by what a user calls it: its id, or a trial as <c>STUDY/NUMBER</c>.</summary>
internal static class RunReference
{
    /// <summary>The key of the run.</summary>
    /// <exception cref="TrackingException">There is none such.</exception>
    public static long Find(TrackingSession session, string reference)
    {
        if (reference.LastIndexOf('/') is not (> 0 and var slash))
        {
            return TrackedRuns.Get(session, reference);
        }

        if (Experiments.Find(session, reference[..slash]) is not { } study)
        {
            throw TrackingException.NotFound($"There is no study '{reference[..slash]}'.");
        }

        if (!int.TryParse(reference.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            throw TrackingException.Invalid($"'{reference[(slash + 1)..]}' is no trial's number; expected STUDY/NUMBER, e.g. {study.Name}/7.");
        }

        return TrackedRuns.Get(session, session.RunIds.Of(RunKey.Of(study.Key, number)));
    }
}
