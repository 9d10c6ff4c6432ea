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
}
