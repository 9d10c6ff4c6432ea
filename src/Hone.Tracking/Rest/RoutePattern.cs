namespace Hone.Tracking.Rest;

/// <summary>An address with names in braces.</summary>
internal sealed class RoutePattern(string pattern)
{
    private readonly string[] _segments = pattern.Split('/');

    /// <summary>What stands for each name; null if the path is another one.</summary>
    public Dictionary<string, string>? Match(string path)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var segments = path.Split('/');
        for (var i = 0; i < _segments.Length; i++)
        {
            var wanted = _segments[i];
            if (wanted.StartsWith("{*", StringComparison.Ordinal))
            {
                values.Add(wanted[2..^1], string.Join('/', segments.Skip(i)));
                return segments.Length > i ? values : null;
            }

            if (i >= segments.Length)
            {
                return null;
            }

            if (wanted.StartsWith('{'))
            {
                values.Add(wanted[1..^1], segments[i]);
            }
            else if (wanted != segments[i])
            {
                return null;
            }
        }

        return segments.Length == _segments.Length ? values : null;
    }
}
