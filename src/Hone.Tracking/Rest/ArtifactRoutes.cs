using System.Text.Json;
using Hone.Tracking.Artifacts;
using Hone.Tracking.Registry;
using Hone.Tracking.Runs;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Hone.Tracking.Rest;

/// <summary>The addresses of files: the proxy <c>mlflow-artifacts</c>, and the lists and files of runs and models.</summary>
internal sealed class ArtifactRoutes
{
    private static readonly string[] Proxies = ["/api/2.0/mlflow-artifacts/", "/ajax-api/2.0/mlflow-artifacts/"];
    private static readonly string[] Unsupported = ["mpu/create", "mpu/complete", "mpu/abort"];
    private readonly ArtifactFolder _folder;

    private ArtifactRoutes(ArtifactFolder folder) => _folder = folder;

    /// <summary>Adds the routes.</summary>
    public static void AddTo(RouteTable routes, ArtifactFolder folder)
    {
        var artifacts = new ArtifactRoutes(folder);
        foreach (var proxy in Proxies)
        {
            routes.AddRooted("GET", proxy + "artifacts", new Question(artifacts.ListProxied));
            routes.AddRooted("GET", proxy + "artifacts/{*path}", new FileRoute((context, path, store) => artifacts.SendAsync(context, store, RawPath(context, path))));
            routes.AddRooted("PUT", proxy + "artifacts/{*path}", new FileRoute((context, path, store) => artifacts.TakeAsync(context, store, RawPath(context, path))));
            routes.AddRooted("DELETE", proxy + "artifacts/{*path}", new FileRoute((context, path, store) => artifacts.DeleteAsync(context, store, RawPath(context, path))));
            foreach (var address in Unsupported)
            {
                routes.AddRooted("POST", $"{proxy}{address}/{{*path}}", new FileRoute((_, _, _) => throw OneRequestOnly()));
            }

            routes.AddRooted("GET", proxy + "presigned/{*path}", new FileRoute((_, _, _) => throw OneRequestOnly()));
        }

        routes.Add("GET", "artifacts/list", new Question(artifacts.ListRun));
        routes.Add("GET", "logged-models/{model_id}/artifacts/directories", new Question(artifacts.ListLoggedModel));
        routes.Add("GET", "logged-models/{model_id}/artifacts/files", new FileRoute(artifacts.SendOfLoggedModelAsync));
        routes.Add("POST", "upload-artifact", new FileRoute(artifacts.TakeOfRunAsync));
        routes.AddRooted("GET", "/get-artifact", new FileRoute(artifacts.SendOfRunAsync));
        routes.AddRooted("GET", "/model-versions/get-artifact", new FileRoute(artifacts.SendOfVersionAsync));
    }

    private void ListProxied(RestRequest request, TrackingSession session, Utf8JsonWriter answer) =>
        WriteFiles(answer, ArtifactPath.Parse(request.Text("path") ?? ""), prefix: "");

    private void ListRun(RestRequest request, TrackingSession session, Utf8JsonWriter answer) => List(
        answer, ArtifactLocation.OfRun(session, TrackedRuns.Get(session, RunRoutes.IdOf(request))), request.Text("path"));

    private void ListLoggedModel(RestRequest request, TrackingSession session, Utf8JsonWriter answer) => List(
        answer,
        ArtifactLocation.OfLoggedModel(session, LoggedModels.Get(session, request.Required("model_id"))),
        request.Text("artifact_directory_path"));

    private void List(Utf8JsonWriter answer, string root, string? path)
    {
        var relative = ArtifactPath.Parse(path ?? "");
        answer.WriteString("root_uri"u8, root);
        WriteFiles(answer, ArtifactPath.Under(ArtifactLocation.PathOf(root), relative), relative.Length == 0 ? "" : relative + "/");
    }

    private void WriteFiles(Utf8JsonWriter answer, string path, string prefix)
    {
        var entries = _folder.List(path);
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
        using var file = _folder.Open(path);
        var size = RandomAccess.GetLength(file);
        var written = File.GetLastWriteTimeUtc(file).Ticks;
        await SentFile.SendAsync(context, file, path, Ask(store, session => ArtifactChecksum.Find(session, path, size, written)));
    }

    private async ValueTask TakeAsync(HttpContext context, TrackingStore store, string given)
    {
        var path = ArtifactPath.Parse(given);
        var request = context.Request;
        var checksum = await _folder.WriteAsync(path, request.Body, request.ContentLength, ExpectedDigests.Read(request.Headers), context.RequestAborted);
        await store.Writer.RunAsync(new ChecksumChange(checksum));
        await FileRoute.SendEmptyAsync(context);
    }

    private async ValueTask DeleteAsync(HttpContext context, TrackingStore store, string given)
    {
        var path = ArtifactPath.Parse(given);
        _folder.Delete(path);
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

    // As it was sent: what the connection made of it has lost which slashes were encoded and which dots it resolved.
    public static string RawPath(HttpContext context, RestRequest request)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var path = target.IndexOf('?', StringComparison.Ordinal) is >= 0 and var end ? target[..end] : target;
        foreach (var proxy in Proxies)
        {
            if (path.StartsWith(proxy + "artifacts/", StringComparison.Ordinal))
            {
                return Uri.UnescapeDataString(path[(proxy + "artifacts/").Length..]);
            }
        }

        return request.Text("path") ?? "";
    }

    private static TrackingException OneRequestOnly() => new(
        TrackingError.NotImplemented, "Files are sent to this server in one request each, however large they are: PUT mlflow-artifacts/artifacts/PATH.");
}
