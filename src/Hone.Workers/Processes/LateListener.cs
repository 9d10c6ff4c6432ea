using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hone.Workers.Processes;

/// <summary>
/// A listening socket that Kestrel takes its connections from, and that is there before Kestrel is: a server that nobody calls costs
/// nothing.
/// </summary>
internal sealed class LateListener : IConnectionListenerFactory, IConnectionListener
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private SocketConnectionContextFactory? _contexts;
    private Socket? _first;

    public LateListener()
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _socket.Listen();
        EndPoint = _socket.LocalEndPoint!;
    }

    public EndPoint EndPoint { get; }

    /// <summary>Waits for the first caller. False: the listener was closed before anybody called.</summary>
    public async Task<bool> WaitForCallerAsync()
    {
        _first = await NextAsync(CancellationToken.None);
        return _first is not null;
    }

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(this);

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        var socket = Interlocked.Exchange(ref _first, null) ?? await NextAsync(cancellationToken);
        _contexts ??= new SocketConnectionContextFactory(new SocketConnectionFactoryOptions(), NullLogger.Instance);
        return socket is null ? null : _contexts.Create(socket);
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _socket.Dispose();
        return default;
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _first?.Dispose();
        _contexts?.Dispose();
        return default;
    }

    private async ValueTask<Socket?> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var socket = await _socket.AcceptAsync(cancellationToken);
                socket.NoDelay = true;
                return socket;
            }
            catch (Exception e) when (e is ObjectDisposedException or OperationCanceledException
                or SocketException { SocketErrorCode: SocketError.OperationAborted or SocketError.Interrupted })
            {
                return null;
            }
            catch (SocketException)
            {
                // The caller was gone before it was accepted; the next one is another matter.
            }
        }
    }
}
