using System.Globalization;
using Hone.Tracking.Mlflow;
using Hone.Tracking.Registry;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Artifacts;

/// <summary>Where the files of runs and models lie, as clients are told, and what that is in the server's own folder.</summary>
internal static class ArtifactLocation
{
    private const string Scheme = "mlflow-artifacts:";
    private const string RunsScheme = "runs:/";

    /// <summary>Where the files of a run lie, e.g. <c>mlflow-artifacts:/0/RUN/artifacts</c>.</summary>
    public static string OfRun(TrackingSession session, long run)
    {
        var row = session.Kept("SELECT r.artifact_uri, e.artifact_location FROM runs r JOIN experiments e ON e.experiment = r.run >> 32 WHERE r.run = ?1");
        row.Bind(1, run);
        row.Step();
        return row.Text(0) ?? $"{row.Text(1) ?? Default(RunIds.ExperimentOf(run))}/{session.RunIds.Of(run)}/artifacts";
    }

    /// <summary>Where the files of a logged model lie, e.g. <c>mlflow-artifacts:/0/models/MODEL/artifacts</c>.</summary>
    public static string OfLoggedModel(TrackingSession session, in LoggedModel model)
    {
        if (Imported.LocationOf(session, model.Key) is { } elsewhere)
        {
            return elsewhere;
        }

        var row = session.Kept("SELECT artifact_location FROM experiments WHERE experiment = ?1");
        row.Bind(1, model.Experiment);
        row.Step();
        return $"{row.Text(0) ?? Default(model.Experiment)}/models/{LoggedModels.IdOf(session, model.Key)}/artifacts";
    }

    /// <summary>A location as it is, or that of the run which it names, as in <c>runs:/RUN/model</c>.</summary>
    /// <exception cref="TrackingException">There is no such run.</exception>
    public static string Followed(TrackingSession session, string location)
    {
        if (!location.StartsWith(RunsScheme, StringComparison.OrdinalIgnoreCase))
        {
            return location;
        }

        var parts = location[RunsScheme.Length..].TrimStart('/').Split('/', 2);
        var root = OfRun(session, TrackedRuns.Get(session, parts[0]));
        return parts.Length == 1 ? root : $"{root}/{parts[1]}";
    }

    /// <summary>Whether files at a location lie with this server.</summary>
    public static bool IsServed(string location) => location.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>The path of a location in the server's folder; the same for every address of this server.</summary>
    /// <exception cref="TrackingException">The files do not lie with this server.</exception>
    public static string PathOf(string location)
    {
        if (!IsServed(location))
        {
            throw new TrackingException(
                TrackingError.NotImplemented, $"The files lie at {location}, which this server does not read. Ask there for them.");
        }

        // Behind two slashes stands the name of a server.
        var path = location[Scheme.Length..];
        if (path.StartsWith("//", StringComparison.Ordinal))
        {
            path = path.IndexOf('/', 2) is > 0 and var end ? path[end..] : "";
        }

        return path.Trim('/');
    }

    private static string Default(long experiment) => string.Create(CultureInfo.InvariantCulture, $"mlflow-artifacts:/{experiment}");
}
