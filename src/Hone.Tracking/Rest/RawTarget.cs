using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Hone.Tracking.Rest;

/// <summary>The paths of the proxy of files as they were sent.</summary>
/// <remarks>What the connection makes of a path has lost which slashes were encoded and which dots it resolved.</remarks>
internal static class RawTarget
{
    /// <summary>What the addresses of the proxy begin with; the second one is the web page's spelling.</summary>
    public static readonly IReadOnlyList<string> Proxies = ["/api/2.0/mlflow-artifacts/", "/ajax-api/2.0/mlflow-artifacts/"];

    private static readonly string[] Addresses = ["artifacts/", "mpu/create/", "mpu/complete/", "mpu/abort/", "presigned/"];

    /// <summary>The path behind whichever address of the proxy the request is for, decoded once; null if it is for none.</summary>
    public static string? Path(HttpContext context)
    {
        foreach (var address in Addresses)
        {
            if (PathBehind(context, address) is { } path)
            {
                return path;
            }
        }

        return null;
    }

    /// <summary>The path behind an address of the proxy, decoded once; null if the request is for another address.</summary>
    /// <param name="context">The request.</param>
    /// <param name="address">The address, with a slash at its end, e.g. <c>artifacts/</c>.</param>
    public static string? PathBehind(HttpContext context, string address)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var path = target.IndexOf('?', StringComparison.Ordinal) is >= 0 and var end ? target[..end] : target;
        foreach (var proxy in Proxies)
        {
            if (path.StartsWith(proxy + address, StringComparison.Ordinal))
            {
                return Uri.UnescapeDataString(path[(proxy + address).Length..]);
            }
        }

        return null;
    }
}
