using System.Reflection;
using Hone.Tracking.Runs;
using Microsoft.AspNetCore.Http;

namespace Hone.Tracking.Rest;

/// <summary>What is asked of the server itself: <c>/health</c> and <c>/version</c>.</summary>
internal static class ServerRoutes
{
    // The version of MLflow whose protocol is spoken: clients decide by it what they may ask for.
    private const string ProtocolVersion = "3.11.0";

    /// <summary>Adds the routes.</summary>
    public static void AddTo(RouteTable routes)
    {
        routes.AddRooted("GET", "/health", new Words("OK"));
        routes.AddRooted("GET", "/version", new Words(ProtocolVersion));
        routes.AddRooted("GET", "/", new Words($"Hone {Version()}. Set MLFLOW_TRACKING_URI to this address.\n"));
    }

    private static string Version() => typeof(ServerRoutes).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    private sealed class Words(string text) : Route
    {
        public override async ValueTask AnswerAsync(HttpContext context, Dictionary<string, string>? path, TrackingStore store)
        {
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync(text, context.RequestAborted);
        }
    }
}
