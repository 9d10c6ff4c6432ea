using System.Globalization;
using Amazon.S3.Model;
using Hone.Tracking.Artifacts;
using Hone.Tracking.Registry;
using Hone.Tracking.Runs;
using Microsoft.AspNetCore.Http;

namespace Hone.Tracking.Rest;

/// <summary>The addresses by which clients exchange bytes with the storage itself, at addresses that this server signs.</summary>
/// <remarks>For S3 alone. A folder has no addresses of its own: clients that ask are told so, and send files whole.</remarks>
internal sealed class DirectTransferRoutes
{
    private const int MostParts = 10_000;
    private static readonly TimeSpan PartLifetime = TimeSpan.FromDays(1);
    private static readonly TimeSpan FileLifetime = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(7);

    private readonly S3ArtifactStore _files;

    private DirectTransferRoutes(S3ArtifactStore files) => _files = files;

    /// <summary>Adds the routes.</summary>
    /// <param name="routes">All routes.</param>
    /// <param name="files">The storage; null if it is none that clients can reach.</param>
    public static void AddTo(RouteTable routes, S3ArtifactStore? files)
    {
        var direct = files is null ? null : new DirectTransferRoutes(files);
        Route Direct(Func<DirectTransferRoutes, HttpContext, RestRequest, TrackingStore, ValueTask> act) =>
            new BodyRoute((context, request, store) => act(direct ?? throw OneRequestOnly(), context, request, store));

        foreach (var proxy in RawTarget.Proxies)
        {
            routes.AddRooted("POST", proxy + "mpu/create/{*path}", Direct((own, context, request, store) => own.CreateAsync(context, request)));
            routes.AddRooted("POST", proxy + "mpu/complete/{*path}", Direct((own, context, request, store) => own.CompleteAsync(context, request)));
            routes.AddRooted("POST", proxy + "mpu/abort/{*path}", Direct((own, context, request, store) => own.AbortAsync(context, request)));
            routes.AddRooted("GET", proxy + "presigned/{*path}", Direct((own, context, request, store) => own.PresignAsync(context, store)));
        }

        routes.Add("POST", "artifacts/presigned-upload-url", Direct((own, context, request, store) => own.PresignUploadAsync(context, request, store)));
        routes.Add("POST", "artifacts/presigned-download-url", Direct((own, context, request, store) => own.PresignDownloadAsync(context, request, store)));
    }

    private async ValueTask CreateAsync(HttpContext context, RestRequest request)
    {
        var path = PathOf(context, request, "mpu/create/");
        var count = request.Int64("num_parts") ?? throw RestRequest.Missing("num_parts");
        if (count is < 1 or > MostParts)
        {
            throw TrackingException.Invalid($"Invalid value {count} for parameter 'num_parts' supplied: expected 1 to {MostParts}.");
        }

        var id = await _files.BeginAsync(path, context.RequestAborted);
        var expires = TimeProvider.System.GetUtcNow() + PartLifetime;
        await FileRoute.SendAsync(context, answer =>
        {
            answer.WriteString("upload_id"u8, id);
            answer.WriteStartArray("credentials"u8);
            for (var number = 1; number <= count; number++)
            {
                answer.WriteStartObject();
                answer.WriteString("url"u8, _files.Sign(path, expires, (id, number)));
                answer.WriteNumber("part_number"u8, number);
                answer.WriteEndObject();
            }

            answer.WriteEndArray();
        });
    }

    private async ValueTask CompleteAsync(HttpContext context, RestRequest request)
    {
        var path = PathOf(context, request, "mpu/complete/");
        var id = request.Required("upload_id");
        var parts = request.Objects("parts").Select(part => new PartETag(Number(part), part.Required("etag"))).ToList();
        await _files.CompleteAsync(path, id, parts, context.RequestAborted);
        await FileRoute.SendEmptyAsync(context);
    }

    private async ValueTask AbortAsync(HttpContext context, RestRequest request)
    {
        var path = PathOf(context, request, "mpu/abort/");
        await _files.AbortAsync(path, request.Required("upload_id"), context.RequestAborted);
        await FileRoute.SendEmptyAsync(context);
    }

    private ValueTask PresignAsync(HttpContext context, TrackingStore store) =>
        SendSignedAsync(context, store, "url", RawTarget.PathBehind(context, "presigned/") ?? "", FileLifetime);

    private ValueTask PresignDownloadAsync(HttpContext context, RestRequest request, TrackingStore store) =>
        SendSignedAsync(context, store, "presigned_url", Owned(request, store), Lifetime(request, FileLifetime));

    private ValueTask PresignUploadAsync(HttpContext context, RestRequest request, TrackingStore store)
    {
        var url = _files.SignUpload(ArtifactPath.Parse(Owned(request, store)), store.Time.GetUtcNow() + Lifetime(request, FileLifetime));
        return FileRoute.SendAsync(context, answer => answer.WriteString("presigned_url"u8, url));
    }

    private async ValueTask SendSignedAsync(HttpContext context, TrackingStore store, string name, string given, TimeSpan lifetime)
    {
        var path = ArtifactPath.Parse(given);
        using var file = await _files.OpenAsync(path, context.RequestAborted);
        var url = _files.Sign(path, store.Time.GetUtcNow() + lifetime, part: null);
        await FileRoute.SendAsync(context, answer =>
        {
            answer.WriteString(name, url);
            answer.WriteNumber("file_size"u8, file.Size);
        });
    }

    // The name of the file in the body, the folder in the address: so clients ask.
    private static string PathOf(HttpContext context, RestRequest request, string address)
    {
        var name = request.BodyText("path") is { Length: > 0 } path ? path[(path.LastIndexOfAny(['/', '\\']) + 1)..] : throw RestRequest.Missing("path");
        return name.Length > 0 ? ArtifactPath.Under(RawTarget.PathBehind(context, address) ?? "", name) : throw RestRequest.Missing("path");
    }

    private static string Owned(RestRequest request, TrackingStore store)
    {
        var path = request.Required("path");
        var (run, model) = (request.Text("run_id"), request.Text("model_id"));
        if (string.IsNullOrEmpty(run) == string.IsNullOrEmpty(model))
        {
            throw TrackingException.Invalid("Exactly one of 'run_id' and 'model_id' must be specified.");
        }

        var session = store.Readers.Rent();
        try
        {
            var root = string.IsNullOrEmpty(run)
                ? ArtifactLocation.OfLoggedModel(session, LoggedModels.Get(session, model!))
                : ArtifactLocation.OfRun(session, TrackedRuns.Get(session, run));
            return ArtifactPath.Under(ArtifactLocation.PathOf(root), path);
        }
        finally
        {
            store.Readers.Return(session);
        }
    }

    private static TimeSpan Lifetime(RestRequest request, TimeSpan usual) => request.Int64("expiration") switch
    {
        null or 0 => usual,
        { } seconds when seconds > 0 && seconds <= LongestLifetime.TotalSeconds => TimeSpan.FromSeconds(seconds),
        { } wrong => throw TrackingException.Invalid(string.Create(
            CultureInfo.InvariantCulture, $"Invalid value {wrong} for parameter 'expiration' supplied: expected 1 to {LongestLifetime.TotalSeconds} seconds.")),
    };

    private static int Number(RestRequest part) => part.Int64("part_number") is >= 1 and <= MostParts and var number
        ? (int)number
        : throw TrackingException.Invalid($"Invalid value for parameter 'part_number' supplied: expected 1 to {MostParts}.");

    private static TrackingException OneRequestOnly() => new(
        TrackingError.NotImplemented, "Files are sent to this server in one request each, however large they are: PUT mlflow-artifacts/artifacts/PATH.");
}
