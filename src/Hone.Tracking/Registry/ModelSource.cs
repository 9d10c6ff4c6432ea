using System.Globalization;
using Hone.Tracking.Artifacts;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Registry;

/// <summary>Where the files of a model version come from.</summary>
/// <param name="Location">Where they are.</param>
/// <param name="RunId">Id of the run that made them, if it is known.</param>
internal readonly record struct ModelSource(string Location, string? RunId)
{
    private const string Scheme = "models:/";

    /// <summary>Follows a source that names another model, and refuses one that leads out of where clients may write.</summary>
    /// <param name="session">The connection.</param>
    /// <param name="source">As the client names it, e.g. <c>mlflow-artifacts:/0/…</c> or <c>models:/m-…</c>.</param>
    /// <param name="runId">Id of the run that the client names, if it names any.</param>
    /// <exception cref="TrackingException">It is refused, or there is no such model.</exception>
    public static ModelSource Follow(TrackingSession session, string source, string? runId)
    {
        if (source.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return OfModel(session, source, runId);
        }

        if (HasWayUp(source))
        {
            throw TrackingException.Invalid(
                $"Invalid model version source: '{source}'. If supplying a source as an http, https, local file path, ftp, objectstore, or "
                + "mlflow-artifacts uri, an absolute path must be provided without relative path references present. Please provide an absolute path.");
        }

        return !IsLocal(source) || IsWithinRun(session, source, runId)
            ? new ModelSource(source, runId)
            : throw TrackingException.Invalid(
                $"Invalid model version source: '{source}'. To use a local path as a model version source, the run_id request parameter has to be "
                + "specified and the local path has to be contained within the artifact directory of the run specified by the run_id.");
    }

    private static ModelSource OfModel(TrackingSession session, string source, string? runId)
    {
        var path = source[Scheme.Length..].TrimStart('/').Split('/', '@');
        try
        {
            if (path is [var id])
            {
                var model = LoggedModels.Get(session, id);
                return new ModelSource(ArtifactLocation.OfLoggedModel(session, model), string.IsNullOrEmpty(runId) ? model.SourceRunId : runId);
            }

            if (path is [var name, var version])
            {
                var found = source.Contains('@', StringComparison.Ordinal)
                    ? ModelAliases.Get(session, RegisteredModels.Get(session, name), version)
                    : ModelVersions.Get(session, name, version);
                return new ModelSource(found.Location, runId);
            }
        }
        catch (TrackingException missing)
        {
            throw TrackingException.Invalid($"Unable to fetch model from model URI source artifact location '{source}'. Error: {missing.Message}");
        }

        throw TrackingException.Invalid(string.Create(
            CultureInfo.InvariantCulture, $"Not a proper models:/ URI: {source}. Name models:/MODEL_ID, models:/NAME/VERSION or models:/NAME@ALIAS."));
    }

    // Encoded once or more often, it would be decoded by whoever follows it.
    private static bool HasWayUp(string source)
    {
        for (var text = source; ; text = Uri.UnescapeDataString(text))
        {
            if (text.Split('/', '\\').Contains(".."))
            {
                return true;
            }

            if (text == Uri.UnescapeDataString(text))
            {
                return false;
            }
        }
    }

    private static bool IsLocal(string source)
    {
        var end = source.IndexOf(':', StringComparison.Ordinal);
        return end <= 1 || source.AsSpan(0, end).ContainsAny('/', '\\') || source.StartsWith("file:", StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsWithinRun(TrackingSession session, string source, string? runId)
    {
        if (string.IsNullOrEmpty(runId))
        {
            return false;
        }

        var folder = ArtifactLocation.OfRun(session, TrackedRuns.Get(session, runId));
        return IsLocal(folder) && (PathOf(source) + "/").StartsWith(PathOf(folder) + "/", StringComparison.Ordinal);
    }

    private static string PathOf(string local)
    {
        var path = local.StartsWith("file:", StringComparison.OrdinalIgnoreCase) ? local["file:".Length..] : local;
        return "/" + path.Trim('/');
    }
}
