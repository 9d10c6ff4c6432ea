using System.Diagnostics;
using Hone.Tracking.Access;
using Hone.Tracking.Runs;
using Hone.Tracking.Store;
using Hone.Tracking.Telemetry;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Hone.Tracking.Rest;

/// <summary>Takes each request from the socket's side to its route, and turns what goes wrong into the protocol's errors.</summary>
internal sealed class RestApplication(RouteTable routes, HostCheck hosts, TrackingStore store, ILogger log) : IHttpApplication<HttpContext>
{
    /// <summary>Asks callers who they are; null: everybody may do everything.</summary>
    public Gate? Gate { get; init; }

    /// <summary>Whose word is taken for where a request comes from; null: nobody's.</summary>
    public TrustedProxies? Proxies { get; init; }

    /// <summary>Measures requests; null: nobody does.</summary>
    public ServerMeter? Meter { get; init; }

    /// <inheritdoc/>
    public HttpContext CreateContext(IFeatureCollection contextFeatures)
    {
        // Kestrel keeps one set of features for each connection, and the context with it.
        if (contextFeatures is IHostContextContainer<HttpContext> container)
        {
            if (container.HostContext is DefaultHttpContext kept)
            {
                kept.Initialize(contextFeatures);
                return kept;
            }

            return container.HostContext = new DefaultHttpContext(contextFeatures);
        }

        return new DefaultHttpContext(contextFeatures);
    }

    /// <inheritdoc/>
    public void DisposeContext(HttpContext context, Exception? exception) => (context as DefaultHttpContext)?.Uninitialize();

    /// <inheritdoc/>
    public async Task ProcessRequestAsync(HttpContext context)
    {
        var began = Stopwatch.GetTimestamp();
        var span = Meter?.Begin(context);
        Route? route = null;
        try
        {
            route = Find(context, out var path);
            if (Gate is not null)
            {
                context.Features.Set(await Gate.AdmitAsync(context, route.Need));
            }

            await route.AnswerAsync(context, path, store);
        }
        catch (TrackingException refusal)
        {
            await RefuseAsync(context, route, refusal);
        }
        catch (BadHttpRequestException wrong)
        {
            await Errors.SendAsync(context, wrong.StatusCode == 413 ? TrackingError.TooLarge : TrackingError.BadRequest, wrong.Message);
        }
        catch (Exception gone) when (gone is ConnectionResetException or OperationCanceledException && context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be told.
        }
        catch (Exception failure) when (!context.Response.HasStarted)
        {
            log.RequestFailed(failure, context.Request.Method, context.Request.Path);
            TrackingError? error = failure is StudyStoreException { IsTemporary: true } ? TrackingError.Unavailable : null;
            await Errors.SendAsync(context, error, failure is StudyStoreException ? failure.Message : "The server failed. Its log says where.");
        }
        finally
        {
            Meter?.End(context, route?.Meter, span, Stopwatch.GetElapsedTime(began));
        }
    }

    private Route Find(HttpContext context, out Dictionary<string, string>? path)
    {
        Proxies?.Follow(context);
        var request = context.Request;
        if (!hosts.Allows(request.Host.Host))
        {
            throw new TrackingException(
                TrackingError.Forbidden, $"The Host header '{request.Host}' is none of this server's names. Start it with --name {request.Host.Host} to allow it.");
        }

        context.Response.Headers.XContentTypeOptions = "nosniff";
        return routes.Find(request, out path)
            ?? throw new TrackingException(TrackingError.NoSuchEndpoint, $"There is no {request.Method} {request.Path}.");
    }

    private static async ValueTask RefuseAsync(HttpContext context, Route? route, TrackingException refusal)
    {
        if (refusal.Error == TrackingError.Forbidden && route is not null && Caller.Of(context) is { Identity: not null } caller)
        {
            caller.Note(route.Need.Action ?? $"{route.Meter.Method} {route.Meter.Route}", "refused");
        }

        Gate.Explain(context, refusal);
        await Errors.SendAsync(context, refusal.Error, refusal.Message);
    }
}
