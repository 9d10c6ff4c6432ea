using Hone.Tracking.Access;
using Hone.Tracking.Telemetry;
using Microsoft.AspNetCore.Http;

namespace Hone.Tracking.Rest;

/// <summary>Finds the route of a request.</summary>
internal sealed class RouteTable
{
    // The second one is the web page's spelling.
    private const string Api = "/api/2.0/mlflow/";
    private const string AjaxApi = "/ajax-api/2.0/mlflow/";

    private readonly Dictionary<string, Route> _exact = new(StringComparer.Ordinal);
    private readonly List<(string Method, string Path, Route Route)> _all = [];
    private readonly HashSet<Route> _named = [];
    private readonly List<(string Method, RoutePattern Pattern, Route Route)> _patterns = [];

    /// <summary>Every route, under each of its addresses.</summary>
    public IReadOnlyList<(string Method, string Path, Route Route)> All => _all;

    /// <summary>Adds a route under both prefixes of the API.</summary>
    /// <param name="method">GET, POST, PUT, PATCH or DELETE.</param>
    /// <param name="path">The address behind the prefix; <c>{name}</c> stands for one segment, and <c>{*name}</c> at its end for all others.</param>
    /// <param name="route">What answers.</param>
    public void Add(string method, string path, Route route)
    {
        AddRooted(method, Api + path, route);
        AddRooted(method, AjaxApi + path, route);
    }

    /// <summary>Puts another route in the place of one without braces, under both prefixes.</summary>
    public void Replace(string method, string path, Route route)
    {
        _exact[$"{method} {Api}{path}"] = route;
        _exact[$"{method} {AjaxApi}{path}"] = route;
    }

    /// <summary>Adds a route whose whole address is given.</summary>
    public void AddRooted(string method, string path, Route route)
    {
        if (_named.Add(route))
        {
            route.Need = RouteRights.Find(method, path) ?? route.Need;
            route.Meter = new RouteMeter(method, path);
        }

        _all.Add((method, path, route));
        if (path.Contains('{', StringComparison.Ordinal))
        {
            _patterns.Add((method, new RoutePattern(path), route));
        }
        else
        {
            _exact.Add($"{method} {path}", route);
        }
    }

    /// <summary>The route of a request, and what stands for the names in its braces; null if there is none.</summary>
    public Route? Find(HttpRequest request, out Dictionary<string, string>? values)
    {
        values = null;
        var method = HttpMethods.IsHead(request.Method) ? HttpMethods.Get : request.Method;
        var path = request.Path.Value ?? "/";

        // Called for each request: the key is made on the stack.
        Span<char> key = stackalloc char[128];
        if (key.TryWrite($"{method} {path}", out var written)
            && _exact.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key[..written], out var route))
        {
            return route;
        }

        foreach (var (wanted, pattern, patterned) in _patterns)
        {
            if (wanted == method && pattern.Match(path) is { } found)
            {
                values = found;
                return patterned;
            }
        }

        return null;
    }
}
