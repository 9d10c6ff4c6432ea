using System.Buffers;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Artifacts;

/// <summary>Sends one file to a bucket: a small one in one request, a larger one in parts, of which one is in memory at a time.</summary>
internal sealed class S3Upload(S3ArtifactStore store, IAmazonS3 client, string path, int partBytes)
{
    // S3's own limit.
    private const int MostParts = 10_000;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    /// <summary>Sends the bytes.</summary>
    /// <param name="body">The bytes.</param>
    /// <param name="length">How many there will be, if that is known.</param>
    /// <param name="expected">What the client says of them.</param>
    /// <param name="cancellationToken">Gives up the upload; nothing of it stays.</param>
    public async Task<ArtifactChecksum> RunAsync(Stream body, long? length, ExpectedDigests expected, CancellationToken cancellationToken)
    {
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var md5 = expected.Md5 is null ? null : ExpectedDigests.CreateMd5();
        var size = (int)Math.Min(Math.Max(partBytes, (length ?? 0) / MostParts + 1), Array.MaxLength);
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            var parts = new Parts(body, sha256, md5, buffer, size);
            var first = await parts.NextAsync(cancellationToken);
            var (tag, sent) = first < size
                ? (await PutAsync(parts, first, expected, cancellationToken), (long)first)
                : await SendPartsAsync(parts, first, expected, cancellationToken);
            return new ArtifactChecksum(path, sent, S3File.NumberOf(tag), parts.Sha256);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<string> PutAsync(Parts parts, int count, ExpectedDigests expected, CancellationToken cancellationToken)
    {
        parts.End(expected);
        using var bytes = parts.Read(count);
        var request = new PutObjectRequest
        {
            BucketName = store.Bucket,
            Key = store.KeyOf(path),
            InputStream = bytes,
            MD5Digest = parts.Md5Of(count),
            UseChunkEncoding = false,
            AutoCloseStream = false,
        };
        return (await store.AskAsync(path, () => client.PutObjectAsync(request, cancellationToken))).ETag;
    }

    private async Task<(string Tag, long Sent)> SendPartsAsync(Parts parts, int first, ExpectedDigests expected, CancellationToken cancellationToken)
    {
        var id = await store.BeginAsync(path, cancellationToken);
        var isDone = false;
        try
        {
            var tags = new List<PartETag>();
            long sent = 0;
            for (var count = first; count > 0; count = await parts.NextAsync(cancellationToken))
            {
                tags.Add(await SendPartAsync(id, tags.Count + 1, parts, count, cancellationToken));
                sent += count;
            }

            parts.End(expected);
            var tag = await store.CompleteAsync(path, id, tags, cancellationToken);
            isDone = true;
            return (tag, sent);
        }
        finally
        {
            if (!isDone)
            {
                await GiveUpAsync(id);
            }
        }
    }

    private async Task<PartETag> SendPartAsync(string id, int number, Parts parts, int count, CancellationToken cancellationToken)
    {
        if (number > MostParts)
        {
            throw TrackingException.Invalid($"The file '{path}' is too large to be sent without its length. Send it with Content-Length.");
        }

        using var bytes = parts.Read(count);
        var request = new UploadPartRequest
        {
            BucketName = store.Bucket,
            Key = store.KeyOf(path),
            UploadId = id,
            PartNumber = number,
            PartSize = count,
            InputStream = bytes,
            MD5Digest = parts.Md5Of(count),
            UseChunkEncoding = false,
        };
        return new PartETag(number, (await store.AskAsync(path, () => client.UploadPartAsync(request, cancellationToken))).ETag);
    }

    // Parts of an upload that was given up cost money until they are removed. The request may be gone already, so it gets time of its own.
    private async Task GiveUpAsync(string id)
    {
        using var grace = new CancellationTokenSource(Grace, TimeProvider.System);
        try
        {
            await store.AbortAsync(path, id, grace.Token);
        }
        catch (Exception failure) when (failure is TrackingException or Store.StudyStoreException or OperationCanceledException)
        {
            // Why the upload failed is what the client is to be told. A bucket's own rule removes such parts after days.
        }
    }

    /// <summary>Cuts a body into parts, and takes its digests as they pass.</summary>
    private sealed class Parts(Stream body, IncrementalHash sha256, IncrementalHash? md5, byte[] buffer, int size)
    {
        /// <summary>The SHA-256 of the whole, after <see cref="End"/>.</summary>
        public byte[] Sha256 { get; private set; } = [];

        /// <summary>Reads the next part and returns its size; 0 after the last one.</summary>
        public async Task<int> NextAsync(CancellationToken cancellationToken)
        {
            var read = await body.ReadAtLeastAsync(buffer.AsMemory(0, size), size, throwOnEndOfStream: false, cancellationToken);
            sha256.AppendData(buffer, 0, read);
            md5?.AppendData(buffer, 0, read);
            return read;
        }

        /// <summary>The part that was read last.</summary>
        public MemoryStream Read(int count) => new(buffer, 0, count, writable: false);

        /// <summary>The MD5 of that part, which the storage holds against what arrives.</summary>
        public string Md5Of(int count)
        {
            using var hash = ExpectedDigests.CreateMd5();
            hash.AppendData(buffer, 0, count);
            return Convert.ToBase64String(hash.GetHashAndReset());
        }

        /// <summary>Holds the whole against what the client says of it.</summary>
        /// <exception cref="TrackingException">It is something else.</exception>
        public void End(ExpectedDigests expected)
        {
            Sha256 = sha256.GetHashAndReset();
            expected.Check(Sha256, md5?.GetHashAndReset());
        }
    }
}
