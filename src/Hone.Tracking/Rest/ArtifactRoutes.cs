using System.Text.Json;
using Hone.Tracking.Artifacts;
using Hone.Tracking.Registry;
using Hone.Tracking.Runs;
using Microsoft.AspNetCore.Http;

namespace Hone.Tracking.Rest;

/// <summary>The addresses of files: the proxy <c>mlflow-artifacts</c>, and the lists and files of runs and models.</summary>
internal sealed class ArtifactRoutes
{
    private readonly IArtifactStore _files;

    private ArtifactRoutes(IArtifactStore files) => _files = files;

    /// <summary>Adds the routes.</summary>
    public static void AddTo(RouteTable routes, IArtifactStore files)
    {
        var artifacts = new ArtifactRoutes(files);
        foreach (var proxy in RawTarget.Proxies)
        {
            routes.AddRooted("GET", proxy + "artifacts", new FileRoute(artifacts.ListProxiedAsync));
            routes.AddRooted("GET", proxy + "artifacts/{*path}", new FileRoute((context, path, store) => artifacts.SendAsync(context, store, path.Text("path") ?? "")));
            routes.AddRooted("PUT", proxy + "artifacts/{*path}", new FileRoute((context, path, store) => artifacts.TakeAsync(context, store, path.Text("path") ?? "")));
            routes.AddRooted("DELETE", proxy + "artifacts/{*path}", new FileRoute((context, path, store) => artifacts.DeleteAsync(context, store, path.Text("path") ?? "")));
        }

        routes.Add("GET", "artifacts/list", new FileRoute(artifacts.ListRunAsync));
        routes.Add("GET", "logged-models/{model_id}/artifacts/directories", new FileRoute(artifacts.ListLoggedModelAsync));
        routes.Add("GET", "logged-models/{model_id}/artifacts/files", new FileRoute(artifacts.SendOfLoggedModelAsync));
        routes.Add("POST", "upload-artifact", new FileRoute(artifacts.TakeOfRunAsync));
        routes.AddRooted("GET", "/get-artifact", new FileRoute(artifacts.SendOfRunAsync));
        routes.AddRooted("GET", "/model-versions/get-artifact", new FileRoute(artifacts.SendOfVersionAsync));
        DirectTransferRoutes.AddTo(routes, files as S3ArtifactStore);
    }

    private async ValueTask ListProxiedAsync(HttpContext context, RestRequest request, TrackingStore store)
    {
        var entries = await _files.ListAsync(ArtifactPath.Parse(request.Text("path") ?? ""), context.RequestAborted);
        await FileRoute.SendAsync(context, answer => WriteFiles(answer, entries, prefix: ""));
    }

    private ValueTask ListRunAsync(HttpContext context, RestRequest request, TrackingStore store)
    {
        var id = RunRoutes.IdOf(request);
        return ListAsync(context, Ask(store, session => ArtifactLocation.OfRun(session, TrackedRuns.Get(session, id))), request.Text("path"));
    }

    private ValueTask ListLoggedModelAsync(HttpContext context, RestRequest request, TrackingStore store)
    {
        var id = request.Required("model_id");
        var root = Ask(store, session => ArtifactLocation.OfLoggedModel(session, LoggedModels.Get(session, id)));
        return ListAsync(context, root, request.Text("artifact_directory_path"));
    }

    private async ValueTask ListAsync(HttpContext context, string root, string? path)
    {
        var relative = ArtifactPath.Parse(path ?? "");
        var entries = await _files.ListAsync(ArtifactPath.Under(ArtifactLocation.PathOf(root), relative), context.RequestAborted);
        await FileRoute.SendAsync(context, answer =>
        {
            answer.WriteString("root_uri"u8, root);
            WriteFiles(answer, entries, relative.Length == 0 ? "" : relative + "/");
        });
    }

    private static void WriteFiles(Utf8JsonWriter answer, List<ArtifactEntry> entries, string prefix)
    {
        if (entries.Count == 0)
        {
            return;
        }

        answer.WriteStartArray("files"u8);
        foreach (var (name, size) in entries)
        {
            answer.WriteStartObject();
            answer.WriteString("path"u8, prefix + name);
            answer.WriteBoolean("is_dir"u8, size is null);
            if (size is { } bytes)
            {
                answer.WriteNumber("file_size"u8, bytes);
            }

            answer.WriteEndObject();
        }

        answer.WriteEndArray();
    }

    private ValueTask SendOfRunAsync(HttpContext context, RestRequest request, TrackingStore store)
    {
        var id = RunRoutes.IdOf(request);
        var path = request.Required("path");
        return SendAsync(context, store, Below(store, path, session => ArtifactLocation.OfRun(session, TrackedRuns.Get(session, id))));
    }

    private ValueTask SendOfVersionAsync(HttpContext context, RestRequest request, TrackingStore store) => SendAsync(
        context, store, Below(store, request.Required("path"), session => ModelVersionRoutes.Of(request, session).Location));

    private ValueTask SendOfLoggedModelAsync(HttpContext context, RestRequest request, TrackingStore store)
    {
        var id = request.Required("model_id");
        var path = request.Required("artifact_file_path");
        return SendAsync(context, store, Below(store, path, session => ArtifactLocation.OfLoggedModel(session, LoggedModels.Get(session, id))));
    }

    // The web page sends a file's bytes as they are. Another site's page could do so too, without asking.
    private ValueTask TakeOfRunAsync(HttpContext context, RestRequest request, TrackingStore store)
    {
        if (context.Request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site")
        {
            throw new TrackingException(TrackingError.Forbidden, "Files are taken from this server's own pages and from programs, not from other sites.");
        }

        var id = RunRoutes.IdOf(request);
        var path = request.Required("path");
        return TakeAsync(context, store, Below(store, path, session => ArtifactLocation.OfRun(session, TrackedRuns.GetActive(session, id).Run)));
    }

    private async ValueTask SendAsync(HttpContext context, TrackingStore store, string given)
    {
        var path = ArtifactPath.Parse(given);
        using var file = await _files.OpenAsync(path, context.RequestAborted);
        await SentFile.SendAsync(context, file, path, Ask(store, session => ArtifactChecksum.Find(session, path, file.Size, file.Written)));
    }

    private async ValueTask TakeAsync(HttpContext context, TrackingStore store, string given)
    {
        var path = ArtifactPath.Parse(given);
        var request = context.Request;
        var checksum = await _files.WriteAsync(path, request.Body, request.ContentLength, ExpectedDigests.Read(request.Headers), context.RequestAborted);
        await store.Writer.RunAsync(new ChecksumChange(checksum));
        await FileRoute.SendEmptyAsync(context);
    }

    private async ValueTask DeleteAsync(HttpContext context, TrackingStore store, string given)
    {
        var path = ArtifactPath.Parse(given);
        await _files.DeleteAsync(path, context.RequestAborted);
        await store.Writer.RunAsync(new ForgottenChecksums(path));
        await FileRoute.SendEmptyAsync(context);
    }

    private static string Below(TrackingStore store, string path, Func<TrackingSession, string> location) => ArtifactPath.Under(
        Ask(store, session => ArtifactLocation.PathOf(ArtifactLocation.Followed(session, location(session)))), ArtifactPath.Parse(path));

    private static T Ask<T>(TrackingStore store, Func<TrackingSession, T> question)
    {
        var session = store.Readers.Rent();
        try
        {
            return question(session);
        }
        finally
        {
            store.Readers.Return(session);
        }
    }
}
