using System.Text.Json;
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
            path["path"] = RawTarget.Path(context) ?? request.Text("path") ?? "";
        }

        Authorize(request, store);
        await act(context, request, store);
        NoteDone(request.Caller);
    }

    /// <summary>Sends an empty answer.</summary>
    public static ValueTask SendEmptyAsync(HttpContext context) => SendAsync(context, Answer.Rent());

    /// <summary>Sends an answer of JSON.</summary>
    /// <param name="context">The request.</param>
    /// <param name="write">Writes the answer's fields.</param>
    public static ValueTask SendAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        var answer = Answer.Rent();
        write(answer.Json);
        return SendAsync(context, answer);
    }
}

/// <summary>Does something that waits for others than the store, with the fields of a request.</summary>
/// <param name="act">Answers.</param>
internal sealed class BodyRoute(Func<HttpContext, RestRequest, TrackingStore, ValueTask> act) : Route
{
    /// <inheritdoc/>
    public override ValueTask AnswerAsync(HttpContext context, Dictionary<string, string>? path, TrackingStore store) =>
        WithFieldsAsync(context, path, request => ActAsync(context, request, path, store));

    // Rights are asked of the path as it is used: as it was sent, and not as the connection made it.
    private async ValueTask ActAsync(HttpContext context, RestRequest request, Dictionary<string, string>? path, TrackingStore store)
    {
        if (path is not null && path.ContainsKey("path") && RawTarget.Path(context) is { } raw)
        {
            path["path"] = raw;
        }

        Authorize(request, store);
        await act(context, request, store);
        NoteDone(request.Caller);
    }
}
