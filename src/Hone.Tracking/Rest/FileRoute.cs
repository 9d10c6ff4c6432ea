using System.Text.Json;
using Hone.Tracking.Runs;
using Microsoft.AspNetCore.Http;

namespace Hone.Tracking.Rest;

/// <summary>Takes or sends the bytes of a file, which are no JSON and are never held as a whole.</summary>
/// <param name="act">Answers; is given the fields of the query and of the path.</param>
internal sealed class FileRoute(Func<HttpContext, RestRequest, TrackingStore, ValueTask> act) : Route
{
    /// <inheritdoc/>
    public override ValueTask AnswerAsync(HttpContext context, Dictionary<string, string>? path, TrackingStore store) =>
        act(context, new RestRequest(context.Request.Query, default, path), store);

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
        WithFieldsAsync(context, path, request => act(context, request, store));
}
