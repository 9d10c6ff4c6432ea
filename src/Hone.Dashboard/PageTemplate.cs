using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Hone.Dashboard;

/// <summary>A page with one script of its own, whose hash its content security policy names, and a style sheet; all embedded.</summary>
/// <param name="template">Name of the embedded HTML, whose <c>{{parts}}</c> are filled in.</param>
/// <param name="script">Name of the embedded script.</param>
internal sealed class PageTemplate(string template, string script)
{
    private const string Marker = "{{";
    private static readonly Lazy<string> Style = new(() => Resource("report.css"));

    private readonly Lazy<string> _template = new(() => Resource(template));
    private readonly Lazy<(string Text, string Hash)> _script = new(() =>
    {
        var text = Resource(script);
        return (text, Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
    });

    /// <summary>Writes the page.</summary>
    /// <param name="output">Gets it in UTF-8. Left open.</param>
    /// <param name="title">Before escaping.</param>
    /// <param name="now">When it is written; shown in its footer.</param>
    /// <param name="parts">The parts that only this page has, by name.</param>
    public void Write(Stream output, string title, DateTimeOffset now, IReadOnlyDictionary<string, Action<Stream>> parts)
    {
        var rest = _template.Value.AsSpan();
        while (rest.IndexOf(Marker, StringComparison.Ordinal) is >= 0 and var at)
        {
            Put(output, rest[..at]);
            rest = rest[(at + Marker.Length)..];
            var end = rest.IndexOf("}}", StringComparison.Ordinal);
            var part = rest[..end].ToString();
            if (parts.TryGetValue(part, out var write))
            {
                write(output);
            }
            else
            {
                Put(output, Common(part, title, now));
            }

            rest = rest[(end + 2)..];
        }

        Put(output, rest);
        output.Flush();
    }

    /// <summary>Writes a text in UTF-8.</summary>
    public static void Put(Stream output, ReadOnlySpan<char> text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, bytes);
        output.Write(bytes);
    }

    private string Common(string part, string title, DateTimeOffset now) => part switch
    {
        "title" => WebUtility.HtmlEncode($"{title} · Hone"),
        "footer" => $"Written by Hone on {now.UtcDateTime:yyyy-MM-dd HH:mm} UTC. Charts by Apache ECharts 6.",
        "style" => Style.Value,
        "hash" => _script.Value.Hash,
        "script" => _script.Value.Text,
        _ => throw new InvalidOperationException($"The template has an unknown part '{part}'."),
    };

    private static string Resource(string name)
    {
        using var stream = typeof(PageTemplate).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The build did not embed '{name}'.");
        using var reader = new StreamReader(stream, Encoding.UTF8);

        // The policy's hash is taken over the text as the browser sees it, with line feeds alone.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
