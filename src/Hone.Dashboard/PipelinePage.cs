using System.Globalization;

namespace Hone.Dashboard;

/// <summary>The page that shows how the stages of a pipeline hang together. One HTML file without scripts.</summary>
public static class PipelinePage
{
    /// <summary>Writes the page.</summary>
    /// <param name="svg">The drawing: an <c>svg</c> element, trusted.</param>
    /// <param name="nodes">How many stages or outputs it has.</param>
    /// <param name="output">Gets the page in UTF-8. Left open.</param>
    /// <param name="now">When it is written; shown in its footer.</param>
    /// <exception cref="IOException">The output cannot be written.</exception>
    public static void Write(string svg, int nodes, Stream output, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(svg);
        ArgumentNullException.ThrowIfNull(output);
        PageTemplate.Put(output, string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="generator" content="Hone">
            <title>Pipeline · Hone</title>
            <style>body { font: 15px system-ui, sans-serif; margin: 2rem; } .scroll { overflow: auto; } footer { opacity: .7; font-size: 13px; }</style>
            </head>
            <body>
            <h1>Pipeline</h1>
            <p>{{nodes}} nodes, each below what it needs.</p>
            <div class="scroll" tabindex="0">{{svg}}</div>
            <footer>Written by Hone on {{now.UtcDateTime:yyyy-MM-dd HH:mm}} UTC.</footer>
            </body>
            </html>

            """));
    }
}
