using System.Net;
using System.Net.Sockets;
using Hone.Tracking.Access;
using Hone.Tracking.Artifacts;
using Hone.Tracking.Runs;
using Hone.Tracking.Store;
using Hone.Tracking.Telemetry;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hone.Tracking.Rest;

/// <summary>Speaks MLflow's REST API over a store.</summary>
/// <remarks>
/// Every change is durable before it is acknowledged. Any number of clients may log while tuners work in the same store: a trial is read
/// like a run, and only its tags may be changed, since the rest is its tuner's. As soon as the store has users, callers must say who they are.
/// </remarks>
public sealed class TrackingServer : IAsyncDisposable
{
    private const double UsualRequestsPerSecond = 5_000;
    private readonly Listener _listener;
    private readonly TrackingStore _store;
    private readonly TrackingServerOptions _options;
    private readonly IArtifactStore _files;
    private readonly List<IDisposable> _owned = [];

    private TrackingServer(Listener listener, TrackingStore store, IArtifactStore files, TrackingServerOptions options)
    {
        _listener = listener;
        _store = store;
        _files = files;
        _options = options;
    }

    /// <summary>Where the server listens, e.g. <c>http://127.0.0.1:5000</c>.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Opens the store and begins to listen.</summary>
    /// <param name="options">Where, what and to whom.</param>
    /// <param name="time">The clock for what the server stamps by itself.</param>
    /// <param name="log">Is told of errors that are not the client's; null: nobody is.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    /// <exception cref="StudyStoreException">The store cannot be made, read or written, or the bucket for files cannot be reached.</exception>
    /// <exception cref="TrackingServerException">
    /// The address is taken, or is none of this machine's; the certificate cannot be used; or others could reach the server while it has no users.
    /// </exception>
    public static async Task<TrackingServer> StartAsync(
        TrackingServerOptions options, TimeProvider time, ILogger? log = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        log ??= NullLogger.Instance;
        var proxies = TrustedProxies.Parse(options.Proxies)
            ?? throw new TrackingServerException($"'{string.Join(' ', options.Proxies)}' are no addresses of proxies. Name them with --proxy as 10.0.0.7 or 10.0.0.0/24.");
        var certificate = options.Certificate is { } pair ? ServerCertificate.Open(pair, log) : null;
        var addresses = await AddressesAsync(options.Host, cancellationToken);
        var isOwnMachines = addresses.All(IPAddress.IsLoopback) && options.Proxies.Count == 0;
        var files = ArtifactAddress.Open(options.Artifacts, options.Store, options.S3.At(options.S3Endpoint));
        if (files is S3ArtifactStore bucket)
        {
            await bucket.CheckAsync(cancellationToken);
        }

        var store = await TrackingStore.OpenAsync(options.Store, time, cancellationToken);
        var server = new TrackingServer(Listener.Make(addresses, options, certificate), store, files, options);
        try
        {
            server.CheckWhoIsServed(isOwnMachines, log);
            await server._listener.StartAsync(server.Application(isOwnMachines, proxies, log), cancellationToken);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            await server.DisposeAsync();
            throw new TrackingServerException(Trouble(options, e), e);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        server.Address = server._listener.Address;
        return server;
    }

    /// <summary>Takes no more requests, ends those that came, and closes the store.</summary>
    public async ValueTask DisposeAsync()
    {
        using (var grace = new CancellationTokenSource(_options.Grace, _store.Time))
        {
            await _listener.StopAsync(grace.Token);
        }

        _listener.Dispose();
        _owned.ForEach(owned => owned.Dispose());
        await _store.DisposeAsync();
        _files.Dispose();
    }

    private RestApplication Application(bool isOwnMachines, TrustedProxies proxies, ILogger log)
    {
        var metrics = new MetricsRoute();
        var routes = Routes.All(_files);
        routes.AddRooted("GET", "/metrics", metrics);
        var meter = new ServerMeter(routes, _store, StudyStore.LocalPath(_options.Store) == _options.Store ? _options.Store : null);
        metrics.Measured = meter;
        _owned.Add(meter);
        if (_options.Collector is not null || Environment.GetEnvironmentVariable(OtlpExport.EndpointVariable) is { Length: > 0 })
        {
            _owned.Add(Export(_options));
        }

        var rate = _options.RequestsPerSecond ?? (isOwnMachines ? null : UsualRequestsPerSecond);
        var gate = new Gate(_store, rate, new AuditLog(_options.Audit ?? AuditLog.Beside(_options.Store), _store.Time, _options.AuditLimitBytes, log)) { IsOpen = isOwnMachines || _options.IsOpen };
        _owned.Add(gate);
        return new RestApplication(routes, new HostCheck([_options.Host, Environment.MachineName, .. _options.Names]), _store, log)
        {
            Gate = gate,
            Proxies = proxies,
            Meter = meter,
        };
    }

    // By itself, so that nothing of OpenTelemetry is loaded before it is called.
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static OtlpExport Export(TrackingServerOptions options) => OtlpExport.Start(options.Collector, options.CollectorInterval);

    private void CheckWhoIsServed(bool isOwnMachines, ILogger log)
    {
        if (isOwnMachines)
        {
            return;
        }

        if (_options.Certificate is null && _options.Proxies.Count == 0)
        {
            log.NothingIsEncrypted();
        }

        var session = _store.Readers.Rent();
        try
        {
            if (!_options.IsOpen && !Users.Any(session))
            {
                throw new TrackingServerException(
                    $"Others could reach {_options.Host}:{_options.Port}, and the store has no users. Add one with hone users add NAME --role admin, or serve everybody with --open.");
            }
        }
        finally
        {
            _store.Readers.Return(session);
        }
    }

    private static async Task<IPAddress[]> AddressesAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            return IPAddress.TryParse(host.Trim('[', ']'), out var address) ? [address]
                : host == "localhost" ? [IPAddress.Loopback]
                : await Dns.GetHostAddressesAsync(host, cancellationToken);
        }
        catch (SocketException e)
        {
            throw new TrackingServerException($"There is no address of the name '{host}': {e.Message}. Name an address of this machine with --host.", e);
        }
    }

    private static string Trouble(TrackingServerOptions options, Exception e) =>
        e is AddressInUseException || e.InnerException is AddressInUseException
            ? $"Another program listens on {options.Host}:{options.Port}. End it, or name another port with --port; --port 0 takes a free one."
            : $"Cannot listen on {options.Host}:{options.Port}: {e.Message}";
}
