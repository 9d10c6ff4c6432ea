using System.Net;
using Microsoft.AspNetCore.Http;

namespace Hone.Tracking.Access;

/// <summary>The proxies whose word is taken for where a request comes from; of everybody else it is ignored.</summary>
internal sealed class TrustedProxies
{
    private readonly List<IPNetwork> _networks;

    private TrustedProxies(List<IPNetwork> networks) => _networks = networks;

    /// <summary>The proxies of some addresses, e.g. <c>10.0.0.7</c> or <c>10.0.0.0/24</c>; null if one is none.</summary>
    public static TrustedProxies? Parse(IEnumerable<string> addresses)
    {
        var networks = new List<IPNetwork>();
        foreach (var text in addresses)
        {
            if (IPNetwork.TryParse(text, out var network))
            {
                networks.Add(network);
            }
            else if (IPAddress.TryParse(text, out var address))
            {
                networks.Add(new IPNetwork(address, address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 32 : 128));
            }
            else
            {
                return null;
            }
        }

        return new TrustedProxies(networks);
    }

    /// <summary>Puts the client's address, scheme and host in place of the proxy's own.</summary>
    public void Follow(HttpContext context)
    {
        if (_networks.Count == 0 || context.Connection.RemoteIpAddress is not { } remote || !IsTrusted(remote))
        {
            return;
        }

        var headers = context.Request.Headers;
        if (Client(headers["X-Forwarded-For"].ToString()) is { } client)
        {
            context.Connection.RemoteIpAddress = client;
        }

        if (Last(headers["X-Forwarded-Proto"].ToString()) is "http" or "https")
        {
            context.Request.Scheme = Last(headers["X-Forwarded-Proto"].ToString());
        }

        if (Last(headers["X-Forwarded-Host"].ToString()) is { Length: > 0 } host)
        {
            context.Request.Host = new HostString(host);
        }
    }

    /// <summary>Whether the request comes from this machine, and nobody says that it was handed on.</summary>
    public static bool IsLocal(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } remote && IPAddress.IsLoopback(remote)
        && !context.Request.Headers.ContainsKey("X-Forwarded-For") && !context.Request.Headers.ContainsKey("Forwarded");

    // Each proxy adds whom it was asked by at the end, and what stands before that is anybody's word.
    private IPAddress? Client(string forwarded)
    {
        IPAddress? client = null;
        var hops = forwarded.Split(',');
        for (var i = hops.Length - 1; i >= 0; i--)
        {
            if (!TryParse(hops[i].Trim(), out var address))
            {
                return client;
            }

            client = address;
            if (!IsTrusted(address))
            {
                return client;
            }
        }

        return client;
    }

    private bool IsTrusted(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return _networks.Exists(network => network.Contains(plain));
    }

    private static bool TryParse(string text, out IPAddress address)
    {
        if (IPEndPoint.TryParse(text, out var end))
        {
            address = end.Address;
            return true;
        }

        address = IPAddress.None;
        return false;
    }

    private static string Last(string list) => list[(list.LastIndexOf(',') + 1)..].Trim();
}
