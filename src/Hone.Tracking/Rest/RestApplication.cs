using Hone.Tracking.Runs;
using Hone.Tracking.Store;
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
        try
        {
            await AnswerAsync(context);
        }
        catch (TrackingException refusal)
        {
            await Errors.SendAsync(context, refusal.Error, refusal.Message);
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
    }

    private ValueTask AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        if (!hosts.Allows(request.Host.Host))
        {
            throw new TrackingException(
                TrackingError.Forbidden, $"The Host header '{request.Host}' is none of this server's names. Start it with --name {request.Host.Host} to allow it.");
        }

        context.Response.Headers.XContentTypeOptions = "nosniff";
        var route = routes.Find(request, out var path)
            ?? throw new TrackingException(TrackingError.NoSuchEndpoint, $"There is no {request.Method} {request.Path}.");
        return route.AnswerAsync(context, path, store);
    }
}
