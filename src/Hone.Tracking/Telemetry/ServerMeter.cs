using System.Diagnostics;
using System.Diagnostics.Metrics;
using Hone.Tracking.Rest;
using Hone.Tracking.Runs;
using Microsoft.AspNetCore.Http;

namespace Hone.Tracking.Telemetry;

/// <summary>What a server measures of itself: for <c>/metrics</c>, and by .NET's own means for whoever listens.</summary>
/// <remarks>
/// Spans and instruments have the name <see cref="Name"/>; as long as nobody listens to them they cost nothing. Neither ever holds a header,
/// a query or a body.
/// </remarks>
internal sealed class ServerMeter : IDisposable
{
    /// <summary>The name of the spans' source and of the instruments' meter.</summary>
    public const string Name = "Hone.Server";

    private static readonly double[] GroupSizes = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1000];
    private static readonly double[] GroupSeconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];

    private readonly ActivitySource _spans = new(Name);
    private readonly Meter _meter = new(Name);
    private readonly Histogram<double> _durations;
    private readonly RouteTable _routes;
    private readonly RouteMeter _unrouted = new("", "none");
    private readonly string? _storePath;
    private long _inFlight;
    private long _received;
    private long _sent;

    /// <param name="routes">The routes, each of which counts its own requests.</param>
    /// <param name="store">The store, whose commits are counted.</param>
    /// <param name="path">The store's file; null where it has none.</param>
    public ServerMeter(RouteTable routes, TrackingStore store, string? path)
    {
        _routes = routes;
        _storePath = path;
        store.Writer.Committed = (changes, duration) =>
        {
            CommitChanges.Add(changes);
            CommitSeconds.Add(duration.TotalSeconds);
        };
        _durations = _meter.CreateHistogram<double>("http.server.request.duration", "s", "How long requests took");
        _meter.CreateObservableUpDownCounter("http.server.active_requests", () => InFlight, "{request}", "Requests that are being answered");
        _meter.CreateObservableCounter("hone.store.commits", () => CommitChanges.Cumulated()[^1], "{commit}", "Flushes to the disk");
        _meter.CreateObservableCounter("hone.store.changes", () => (long)CommitChanges.Sum, "{change}", "Changes that were made durable");
        _meter.CreateObservableGauge("hone.store.size", () => StoreBytes ?? 0, "By", "Size of the store's files");
    }

    /// <summary>How many changes shared a flush to the disk.</summary>
    public Distribution CommitChanges { get; } = new(GroupSizes);

    /// <summary>How long groups of changes took, the flush with them, in seconds.</summary>
    public Distribution CommitSeconds { get; } = new(GroupSeconds);

    /// <summary>How many requests are being answered.</summary>
    public long InFlight => Interlocked.Read(ref _inFlight);

    /// <summary>Bytes of bodies that said their length.</summary>
    public long ReceivedBytes => Interlocked.Read(ref _received);

    /// <summary>Bytes of answers that said their length.</summary>
    public long SentBytes => Interlocked.Read(ref _sent);

    /// <summary>Size of the store's files; null if it has none.</summary>
    public long? StoreBytes
    {
        get
        {
            if (_storePath is null)
            {
                return null;
            }

            var (file, log) = (new FileInfo(_storePath), new FileInfo(_storePath + "-wal"));
            return file.Exists ? file.Length + (log.Exists ? log.Length : 0) : null;
        }
    }

    /// <summary>What each route counted.</summary>
    public IEnumerable<RouteMeter> Routes => _routes.All.Select(entry => entry.Route.Meter).Distinct().Append(_unrouted);

    /// <summary>A request came.</summary>
    public Activity? Begin(HttpContext context)
    {
        Interlocked.Increment(ref _inFlight);
        if (!_spans.HasListeners())
        {
            return null;
        }

        var headers = context.Request.Headers;
        ActivityContext.TryParse(headers.TraceParent, headers.TraceState, isRemote: true, out var parent);
        return _spans.StartActivity(context.Request.Method, ActivityKind.Server, parent);
    }

    /// <summary>A request was answered, or given up.</summary>
    public void End(HttpContext context, RouteMeter? route, Activity? span, TimeSpan duration)
    {
        route ??= _unrouted;
        var status = context.Response.StatusCode;
        route.Add(status, duration);
        Interlocked.Decrement(ref _inFlight);
        Interlocked.Add(ref _received, context.Request.ContentLength ?? 0);
        Interlocked.Add(ref _sent, context.Response.ContentLength ?? 0);
        if (_durations.Enabled)
        {
            _durations.Record(duration.TotalSeconds, [new("http.request.method", route.Method), new("http.route", route.Route), new("http.response.status_code", status)]);
        }

        if (span is not null)
        {
            Describe(span, route, status);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _meter.Dispose();
        _spans.Dispose();
    }

    private static void Describe(Activity span, RouteMeter route, int status)
    {
        span.DisplayName = $"{route.Method} {route.Route}";
        span.SetTag("http.request.method", route.Method).SetTag("http.route", route.Route).SetTag("http.response.status_code", status);
        if (status >= 500)
        {
            span.SetStatus(ActivityStatusCode.Error);
        }

        span.Dispose();
    }
}
