using System.Globalization;
using Hone.Tracking.Artifacts;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Access;

/// <summary>Whose files lie where in the server's folder.</summary>
internal static class PathOwners
{
    /// <summary>The experiments whose files lie at a path, or below or above it.</summary>
    /// <param name="session">The connection.</param>
    /// <param name="path">The path, as <see cref="ArtifactPath.Parse"/> gives it.</param>
    public static List<long> Of(TrackingSession session, string path)
    {
        var owners = new List<long>();
        var first = path.AsSpan(0, path.IndexOf('/', StringComparison.Ordinal) is >= 0 and var end ? end : path.Length);
        if (long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var key)
            && first.SequenceEqual(key.ToString(CultureInfo.InvariantCulture))
            && Experiments.Find(session, key) is not null)
        {
            owners.Add(key);
        }

        // Of those whose place was named when they were made, which are few.
        var rows = session.Kept("SELECT experiment, artifact_location FROM experiments WHERE artifact_location IS NOT NULL");
        while (rows.Step())
        {
            if (IsOwn(rows.Text(1)!) && Meet(ArtifactLocation.PathOf(rows.Text(1)!), path) && !owners.Contains(rows.Int64(0)))
            {
                owners.Add(rows.Int64(0));
            }
        }

        return owners;
    }

    /// <summary>Whether a location is one of the server's folder.</summary>
    public static bool IsOwn(string location) => location.StartsWith("mlflow-artifacts:", StringComparison.OrdinalIgnoreCase);

    // Letters in any case: some file systems do not tell them apart.
    private static bool Meet(string a, string b) =>
        a.Length == 0 || b.Length == 0 || a.Equals(b, StringComparison.OrdinalIgnoreCase)
        || a.StartsWith(b + "/", StringComparison.OrdinalIgnoreCase) || b.StartsWith(a + "/", StringComparison.OrdinalIgnoreCase);
}
