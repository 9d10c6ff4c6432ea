using System.Net;
using System.Net.Sockets;
using Hone.Tracking.Artifacts;
using Hone.Tracking.Runs;
using Hone.Tracking.Store;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Hone.Tracking.Rest;

/// <summary>Speaks MLflow's REST API over a store.</summary>
/// <remarks>
/// Every change is durable before it is acknowledged. Any number of clients may log while tuners work in the same store: a trial is read
/// like a run, and only its tags may be changed, since the rest is its tuner's.
/// </remarks>
public sealed class TrackingServer : IAsyncDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private readonly KestrelServer _kestrel;
    private readonly TrackingStore _store;
    private readonly IArtifactStore _files;
    private readonly TimeProvider _time;

    private TrackingServer(KestrelServer kestrel, TrackingStore store, IArtifactStore files, TimeProvider time)
    {
        _kestrel = kestrel;
        _store = store;
        _files = files;
        _time = time;
    }

    /// <summary>Where the server listens, e.g. <c>http://127.0.0.1:5000</c>.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Opens the store and begins to listen.</summary>
    /// <param name="options">Where and what.</param>
    /// <param name="time">The clock for what the server stamps by itself.</param>
    /// <param name="log">Is told of errors that are not the client's; null: nobody is.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    /// <exception cref="StudyStoreException">The store cannot be made, read or written, or the bucket for files cannot be reached.</exception>
    /// <exception cref="TrackingServerException">The address is taken, or is none of this machine's.</exception>
    public static async Task<TrackingServer> StartAsync(
        TrackingServerOptions options, TimeProvider time, ILogger? log = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        var addresses = await AddressesAsync(options.Host, cancellationToken);
        var files = ArtifactAddress.Open(options.Artifacts, options.Store, options.S3.At(options.S3Endpoint));
        if (files is S3ArtifactStore bucket)
        {
            await bucket.CheckAsync(cancellationToken);
        }

        var store = await TrackingStore.OpenAsync(options.Store, time, cancellationToken);
        var kestrel = Kestrel(addresses, options.Port);
        var server = new TrackingServer(kestrel, store, files, time);
        try
        {
            var hosts = new HostCheck([options.Host, Environment.MachineName, .. options.Names]);
            var application = new RestApplication(Routes.All(files), hosts, store, log ?? NullLogger.Instance);
            await kestrel.StartAsync(application, cancellationToken);
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

        server.Address = new Uri(kestrel.Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return server;
    }

    /// <summary>Takes no more requests, ends those that came, and closes the store.</summary>
    public async ValueTask DisposeAsync()
    {
        using (var grace = new CancellationTokenSource(Grace, _time))
        {
            await _kestrel.StopAsync(grace.Token);
        }

        _kestrel.Dispose();
        await _store.DisposeAsync();
        _files.Dispose();
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

    private static KestrelServer Kestrel(IPAddress[] addresses, int port)
    {
        var options = new KestrelServerOptions { AddServerHeader = false, AllowSynchronousIO = false };

        // Routes set limits of their own: a body of JSON is read whole, a file is not.
        options.Limits.MaxRequestBodySize = null;
        foreach (var address in addresses)
        {
            options.Listen(address, port, listen => listen.Protocols = HttpProtocols.Http1);
        }

        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
        return new KestrelServer(Options.Create(options), transport, NullLoggerFactory.Instance);
    }

    private static string Trouble(TrackingServerOptions options, Exception e) =>
        e is AddressInUseException || e.InnerException is AddressInUseException
            ? $"Another program listens on {options.Host}:{options.Port}. End it, or name another port with --port; --port 0 takes a free one."
            : $"Cannot listen on {options.Host}:{options.Port}: {e.Message}";
}
