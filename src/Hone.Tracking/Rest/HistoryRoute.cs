using System.Text.Json;
using Hone.Tracking.Runs;
using Microsoft.AspNetCore.Http;

namespace Hone.Tracking.Rest;

/// <summary><c>metrics/get-history</c>: a page of one metric of one run, or all of it where no number is named.</summary>
/// <remarks>A long one is sent in pieces, so that a million points take no more memory here than some thousands.</remarks>
internal sealed class HistoryRoute : Route
{
    private const int PointsInPiece = 25_000;

    /// <inheritdoc/>
    public override ValueTask AnswerAsync(HttpContext context, Dictionary<string, string>? path, TrackingStore store) =>
        WithFieldsAsync(context, path, request => AnswerAsync(context, request, store));

    private async ValueTask AnswerAsync(HttpContext context, RestRequest request, TrackingStore store)
    {
        var id = RunRoutes.IdOf(request);
        var name = request.Required("metric_key");
        var left = request.Int64("max_results") is null or 0 ? long.MaxValue : request.MaxResults(PointsInPiece, int.MaxValue);
        HistoryPlace? place = PageToken.Read(request.Text("page_token"), HistoryPlace.Numbers) is { } numbers ? HistoryPlace.Of(numbers) : null;
        Authorize(request, store);
        var answer = Answer.Rent();
        var isFirst = true;
        while (true)
        {
            var (count, next) = Write(answer.Json, store, id, name, place, (int)Math.Min(left, PointsInPiece), ref isFirst);
            left -= count;
            place = next;
            if (next is null || left == 0)
            {
                break;
            }

            if (!context.Response.HasStarted)
            {
                context.Response.ContentType = "application/json";
            }

            await context.Response.BodyWriter.WriteAsync(answer.Piece(), context.RequestAborted);
            answer.Sent();
        }

        End(answer.Json, isFirst, place);
        await SendAsync(context, answer);
    }

    private static (int Count, HistoryPlace? Next) Write(
        Utf8JsonWriter json, TrackingStore store, string id, string name, HistoryPlace? place, int most, ref bool isFirst)
    {
        var session = store.Readers.Rent();
        try
        {
            var history = new MetricHistory(session, TrackedRuns.Get(session, id), name, place, most + 1);
            HistoryPlace? last = null;
            for (var count = 0; history.Next(out var point); count++)
            {
                if (count == most)
                {
                    return (count, last);
                }

                if (isFirst)
                {
                    json.WriteStartArray("metrics"u8);
                    isFirst = false;
                }

                MetricJson.WritePoint(json, name, point, runId: null);
                last = history.After(point);
            }

            return (0, null);
        }
        finally
        {
            store.Readers.Return(session);
        }
    }

    private static void End(Utf8JsonWriter json, bool isEmpty, HistoryPlace? next)
    {
        if (!isEmpty)
        {
            json.WriteEndArray();
        }

        if (next is { } place)
        {
            json.WriteString("next_page_token"u8, PageToken.Of(place.ToNumbers()));
        }
    }
}
