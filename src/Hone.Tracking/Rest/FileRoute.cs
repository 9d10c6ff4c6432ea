using Hone.Tracking.Access;
using Hone.Tracking.Runs;
using Microsoft.AspNetCore.Http;

namespace Hone.Tracking.Rest;

/// <summary>Takes or sends the bytes of a file, which are no JSON and are never held as a whole.</summary>
/// <param name="act">Answers; is given the fields of the query and of the path.</param>
internal sealed class FileRoute(Func<HttpContext, RestRequest, TrackingStore, ValueTask> act) : Route
{
    /// <inheritdoc/>
    public override ValueTask AnswerAsync(HttpContext context, Dictionary<string, string>? path, TrackingStore store) =>
        ActAsync(context, new RestRequest(context.Request.Query, default, path) { Caller = Caller.Of(context) }, path, store);

    private async ValueTask ActAsync(HttpContext context, RestRequest request, Dictionary<string, string>? path, TrackingStore store)
    {
        if (path is not null && path.ContainsKey("path"))
        {
            path["path"] = ArtifactRoutes.RawPath(context, request);
        }

        Authorize(request, store);
        await act(context, request, store);
        NoteDone(request.Caller);
    }

    /// <summary>Sends an empty answer.</summary>
    public static ValueTask SendEmptyAsync(HttpContext context) => SendAsync(context, Answer.Rent());
}
