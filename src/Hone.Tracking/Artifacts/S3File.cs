using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Hone.Tracking.Artifacts;

/// <summary>A file of a bucket.</summary>
/// <param name="client">The connection.</param>
/// <param name="head">What was asked for.</param>
/// <param name="size">Its size in bytes.</param>
/// <param name="tag">The storage's mark of the file, which another file has not.</param>
internal sealed class S3File(IAmazonS3 client, GetObjectMetadataRequest head, long size, string tag) : ArtifactFile
{
    private const int BufferBytes = 256 << 10;

    /// <inheritdoc/>
    public override long Size => size;

    /// <inheritdoc/>
    public override long Written { get; } = NumberOf(tag);

    /// <summary>A number of a storage's mark, as other files have their time of change.</summary>
    public static long NumberOf(string tag) =>
        BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(tag.Trim('"')))) & long.MaxValue;

    /// <inheritdoc/>
    public override async Task<bool> CopyToAsync(Stream body, ByteRange range, CancellationToken cancellationToken)
    {
        if (range.Length == 0)
        {
            return true;
        }

        var request = new GetObjectRequest
        {
            BucketName = head.BucketName,
            Key = head.Key,
            EtagToMatch = tag,
            ByteRange = new Amazon.S3.Model.ByteRange(range.Start, range.Start + range.Length - 1),
        };
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            if (await OpenAsync(request, cancellationToken) is not { } response)
            {
                return false;
            }

            using (response)
            {
                var left = range.Length;
                while (left > 0 && await ReadAsync(response.ResponseStream, buffer, cancellationToken) is > 0 and var read)
                {
                    await body.WriteAsync(buffer.AsMemory(0, (int)Math.Min(read, left)), cancellationToken);
                    left -= read;
                }

                return left <= 0;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        // Nothing is held between calls.
    }

    // Replaced or deleted since it was asked for: nothing of the other file is sent.
    private async Task<GetObjectResponse?> OpenAsync(GetObjectRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetObjectAsync(request, cancellationToken);
        }
        catch (Exception failure) when (failure is AmazonServiceException or AmazonClientException or HttpRequestException)
        {
            return null;
        }
    }

    // What goes wrong here is the storage's; what goes wrong in writing is the client's, and ends the request.
    private static async Task<int> ReadAsync(Stream stream, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await stream.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException or AmazonClientException)
        {
            return 0;
        }
    }
}
