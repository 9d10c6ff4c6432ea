using System.Net;

namespace Hone.Tracking.Rest;

/// <summary>Which names a browser may have found this server under.</summary>
/// <remarks>
/// A page of another site can point its own name at this machine's address, and would then be of the same origin as this server. So a name
/// must be known; an address is no name, and cannot be pointed elsewhere.
/// </remarks>
internal sealed class HostCheck(IEnumerable<string> names)
{
    private readonly HashSet<string> _names = new(["localhost", .. names], StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a request's Host header is one of this server.</summary>
    public bool Allows(string? host) => !string.IsNullOrEmpty(host) && (_names.Contains(host) || IPAddress.TryParse(host.Trim('[', ']'), out _));
}
