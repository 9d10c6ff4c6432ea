using System.Globalization;
using Hone.Tracking.Artifacts;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Hone.Tracking.Rest;

/// <summary>Sends a file or a part of it.</summary>
/// <remarks>As an attachment, and never as a page: what a run wrote must not act in the name of this server.</remarks>
internal static class SentFile
{
    /// <summary>Sends the file.</summary>
    /// <param name="context">The request.</param>
    /// <param name="file">The file.</param>
    /// <param name="path">Its path.</param>
    /// <param name="sha256">The SHA-256 of the whole file, if it is known.</param>
    public static async Task SendAsync(HttpContext context, ArtifactFile file, string path, byte[]? sha256)
    {
        var response = context.Response;
        var size = file.Size;
        var headers = response.Headers;
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(path[(path.LastIndexOf('/') + 1)..]);
        headers.ContentDisposition = disposition.ToString();
        headers.AcceptRanges = "bytes";
        headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        var tag = Tag(file, sha256);
        headers.ETag = tag;
        if (sha256 is not null)
        {
            headers["Repr-Digest"] = $"sha-256=:{Convert.ToBase64String(sha256)}:";
        }

        if (Requested(context.Request, tag, size) is not { } range)
        {
            await SendAsync(context, file, path, new ByteRange(0, size));
            return;
        }

        if (range.Length == 0)
        {
            response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            headers.ContentRange = new ContentRangeHeaderValue(size).ToString();
            response.ContentLength = 0;
            return;
        }

        response.StatusCode = StatusCodes.Status206PartialContent;
        headers.ContentRange = new ContentRangeHeaderValue(range.Start, range.Start + range.Length - 1, size).ToString();
        await SendAsync(context, file, path, range);
    }

    private static async Task SendAsync(HttpContext context, ArtifactFile file, string path, ByteRange range)
    {
        context.Response.ContentType = ContentType(path);
        context.Response.ContentLength = range.Length;
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        if (!await file.CopyToAsync(context.Response.Body, range, context.RequestAborted))
        {
            // The length was promised: the connection must end, or the client would take what it has as the whole.
            context.Abort();
        }
    }

    // A client that goes on with a download says of which file; of another one it gets the whole.
    private static ByteRange? Requested(HttpRequest request, string tag, long size)
    {
        var condition = request.Headers.IfRange.ToString();
        return condition.Length == 0 || condition == tag ? ByteRange.Parse(request.Headers.Range, size) : null;
    }

    private static string Tag(ArtifactFile file, byte[]? sha256) => sha256 is not null
        ? $"\"{Convert.ToHexStringLower(sha256)}\""
        : string.Create(CultureInfo.InvariantCulture, $"\"{file.Written:x}-{file.Size:x}\"");

    private static string ContentType(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".txt" or ".log" or ".json" or ".jsonl" or ".yaml" or ".yml" or ".csv" or ".tsv" or ".md" or ".py" or ".r" or ".cfg" or ".conf" or ".ini"
            or ".xml" or ".html" or ".htm" or ".js" => "text/plain; charset=utf-8",
        "" when path.EndsWith("MLmodel", StringComparison.Ordinal) || path.EndsWith("MLproject", StringComparison.Ordinal) => "text/plain; charset=utf-8",
        ".png" => "image/png",
        ".jpg" or ".jpeg" => "image/jpeg",
        ".gif" => "image/gif",
        ".webp" => "image/webp",
        ".svg" => "image/svg+xml",
        ".pdf" => "application/pdf",
        _ => "application/octet-stream",
    };
}
