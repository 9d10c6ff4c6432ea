using System.Text.Json;
using Hone.Tracking.Runs;
using Microsoft.AspNetCore.Http;

namespace Hone.Tracking.Rest;

/// <summary>Makes a change that depends on whether it is of the caller's own trial, and answers when it is durable.</summary>
/// <param name="choose">Chooses the change, once a request, before its turn comes.</param>
internal sealed class TrialChange(Func<RestRequest, TrialClient, Action<RestRequest, ChangeSession, Utf8JsonWriter>> choose) : Route
{
    /// <inheritdoc/>
    public override ValueTask AnswerAsync(HttpContext context, Dictionary<string, string>? path, TrackingStore store) =>
        WithFieldsAsync(context, path, async request =>
        {
            var answer = Answer.Rent();
            await store.Writer.RunAsync(new AnsweredChange<RestRequest>(request, choose(request, TrialClient.Of(context)), answer, store.Now));
            await SendAsync(context, answer);
        });
}
