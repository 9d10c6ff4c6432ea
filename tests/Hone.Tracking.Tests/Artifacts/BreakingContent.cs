using System.Net;

namespace Hone.Tracking.Tests.Artifacts;

/// <summary>Promises more than it sends.</summary>
internal sealed class BreakingContent(long length, int sent) : HttpContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(new byte[sent]);
        await stream.FlushAsync();
        throw new IOException("The line is cut.");
    }

    protected override bool TryComputeLength(out long computed)
    {
        computed = length;
        return true;
    }
}
