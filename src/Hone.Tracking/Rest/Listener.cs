using System.Net;
using System.Net.Security;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Hone.Tracking.Rest;

/// <summary>Kestrel on some addresses, with its limits.</summary>
internal sealed class Listener : IDisposable
{
    private readonly IServer _server;
    private readonly IHost? _host;

    private Listener(IServer server, IHost? host)
    {
        _server = server;
        _host = host;
    }

    /// <summary>The first address that is listened on.</summary>
    public Uri Address => new(_server.Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Makes what listens; it does not yet.</summary>
    public static Listener Make(IPAddress[] addresses, TrackingServerOptions options, ServerCertificate? certificate)
    {
        if (certificate is not null)
        {
            return Encrypted(addresses, options, certificate);
        }

        // By hand, since a host takes longer to make than all else of the server together.
        var plain = new KestrelServerOptions();
        Configure(plain, addresses, options, null);
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
        return new Listener(new KestrelServer(Options.Create(plain), transport, NullLoggerFactory.Instance), null);
    }

    // By itself, so that nothing of a host is loaded before it is called.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Listener Encrypted(IPAddress[] addresses, TrackingServerOptions options, ServerCertificate certificate)
    {
        var host = new HostBuilder()
            .ConfigureWebHost(web => web.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, addresses, options, certificate)).Configure(_ => { }))
            .Build();
        return new Listener(host.Services.GetRequiredService<IServer>(), host);
    }

    /// <summary>Begins to listen.</summary>
    public Task StartAsync(RestApplication application, CancellationToken cancellationToken) => _server.StartAsync(application, cancellationToken);

    /// <summary>Takes nothing new, and waits for what came; breaks it off when cancelled.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _server.StopAsync(cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        _server.Dispose();
        _host?.Dispose();
    }

    private static void Configure(KestrelServerOptions kestrel, IPAddress[] addresses, TrackingServerOptions options, ServerCertificate? certificate)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;

        // Routes set limits of their own: a body of JSON is read whole, a file is not.
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.RequestHeadersTimeout = options.HeadLimit;
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(240, options.SlownessLimit);
        kestrel.Limits.MinResponseDataRate = new MinDataRate(240, options.SlownessLimit);
        kestrel.Limits.MaxConcurrentConnections = options.MostConnections;
        foreach (var address in addresses)
        {
            kestrel.Listen(address, options.Port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                if (certificate is not null)
                {
                    listen.UseHttps(new TlsHandshakeCallbackOptions
                    {
                        HandshakeTimeout = options.HeadLimit,
                        OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificateContext = certificate.Current() }),
                    });
                }
            });
        }
    }
}
