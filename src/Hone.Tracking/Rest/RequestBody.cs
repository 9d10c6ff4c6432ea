using System.Buffers;
using System.IO.Pipelines;
using Hone.Tracking.Runs;
using Microsoft.AspNetCore.Http;

namespace Hone.Tracking.Rest;

/// <summary>The whole body of a request. The bytes lie in the connection's own buffers until <see cref="Release"/>.</summary>
internal readonly struct RequestBody
{
    /// <summary>16 MiB: some times what the largest request within the protocol's limits takes.</summary>
    public const long Most = 16 << 20;

    private readonly PipeReader _reader;

    private RequestBody(PipeReader reader, ReadOnlySequence<byte> bytes)
    {
        _reader = reader;
        Bytes = bytes;
    }

    /// <summary>The bytes.</summary>
    public ReadOnlySequence<byte> Bytes { get; }

    /// <summary>Reads a body of JSON.</summary>
    /// <exception cref="TrackingException">It is too large, or not JSON by its own word.</exception>
    public static async ValueTask<RequestBody> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > Most)
        {
            throw TooLarge();
        }

        var reader = request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            if (result.Buffer.Length > Most)
            {
                reader.AdvanceTo(result.Buffer.End);
                throw TooLarge();
            }

            if (result.IsCompleted)
            {
                return Checked(request, new RequestBody(reader, result.Buffer));
            }

            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    /// <summary>Gives the bytes back to the connection.</summary>
    public void Release() => _reader.AdvanceTo(Bytes.End);

    // A page of another origin may send a body of a plain type without asking; one of JSON it may not.
    private static RequestBody Checked(HttpRequest request, RequestBody body)
    {
        if (body.Bytes.IsEmpty || IsJson(request.ContentType))
        {
            return body;
        }

        body.Release();
        throw new TrackingException(TrackingError.NotJson, "Bad Request. Content-Type must be one of ['application/json'].");
    }

    private static bool IsJson(string? type) =>
        type is not null && type.AsSpan(0, type.IndexOf(';') is >= 0 and var end ? end : type.Length).Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase);

    private static TrackingException TooLarge() =>
        new(TrackingError.TooLarge, $"The body of a request can have at most {Most} bytes. Split it into several requests.");
}
