using Hone.Tracking.Rest;
using Hone.Tracking.Runs;
using Microsoft.AspNetCore.Http;

namespace Hone.Tracking.Telemetry;

/// <summary><c>/metrics</c>: what the server measures of itself.</summary>
internal sealed class MetricsRoute : Route
{
    /// <summary>What measures; null until the server has been put together.</summary>
    public ServerMeter? Measured { get; set; }

    /// <inheritdoc/>
    public override async ValueTask AnswerAsync(HttpContext context, Dictionary<string, string>? path, TrackingStore store)
    {
        Authorize(new RestRequest(context.Request.Query, default, path) { Caller = Access.Caller.Of(context) }, store);
        context.Response.ContentType = PrometheusText.ContentType;
        await context.Response.WriteAsync(Measured is null ? "" : PrometheusText.Of(Measured), context.RequestAborted);
    }
}
