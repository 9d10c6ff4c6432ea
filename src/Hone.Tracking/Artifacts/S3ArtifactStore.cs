using System.Net;
using System.Runtime.CompilerServices;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Hone.Tracking.Runs;
using Hone.Tracking.Store;

namespace Hone.Tracking.Artifacts;

/// <summary>The files of runs and models in a bucket of an S3-compatible storage.</summary>
/// <remarks>
/// A path is the key behind the prefix. Unlike in a folder, a file and a folder of the same path can stand beside each other, as is S3's way.
/// </remarks>
internal sealed class S3ArtifactStore : IArtifactStore
{
    private const int DeletedAtOnce = 16;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly AmazonS3Client _client;
    private readonly S3Options _options;
    private readonly string _prefix;

    private S3ArtifactStore(AmazonS3Client client, string bucket, string prefix, S3Options options)
    {
        _client = client;
        Bucket = bucket;
        _prefix = prefix.Length == 0 ? "" : prefix + "/";
        _options = options;
    }

    /// <summary>The bucket.</summary>
    public string Bucket { get; }

    /// <summary>Makes a connection to a bucket, which is not asked yet.</summary>
    /// <exception cref="StudyStoreException">Something is missing to reach it.</exception>
    public static S3ArtifactStore Open(string bucket, string prefix, S3Options options)
    {
        try
        {
            var config = new AmazonS3Config
            {
                Timeout = Patience,

                // What most storages know: no checksums at the end of a body in pieces. Parts carry their MD5 instead.
                RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
                ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            };
            if (options.Endpoint is { } endpoint)
            {
                config.ServiceURL = endpoint.ToString();
                config.ForcePathStyle = true;
                config.AuthenticationRegion = options.Region ?? Environment.GetEnvironmentVariable("AWS_REGION") ?? "us-east-1";
            }
            else if (options.Region is { } region)
            {
                config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
            }

            return new S3ArtifactStore(new AmazonS3Client(config), bucket, prefix, options);
        }
        catch (AmazonClientException failure)
        {
            throw new StudyStoreException(
                $"s3://{bucket} cannot be reached: {failure.Message} Set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION, or a profile, "
                + "and AWS_ENDPOINT_URL for a storage that is not Amazon's.",
                failure);
        }
    }

    /// <summary>Asks the bucket something, so that what is wrong with it is known at the start.</summary>
    /// <exception cref="StudyStoreException">It is not there or cannot be reached.</exception>
    public Task CheckAsync(CancellationToken cancellationToken) => AskAsync("", () => _client.ListObjectsAsync(
        new ListObjectsRequest { BucketName = Bucket, Prefix = _prefix, MaxKeys = 1 }, cancellationToken));

    /// <summary>The key of a path.</summary>
    public string KeyOf(string path) => _prefix + path;

    /// <inheritdoc/>
    public async Task<ArtifactFile> OpenAsync(string path, CancellationToken cancellationToken)
    {
        if (path.Length == 0)
        {
            throw Missing(path);
        }

        var request = new GetObjectMetadataRequest { BucketName = Bucket, Key = KeyOf(path) };
        var head = await AskAsync(path, () => _client.GetObjectMetadataAsync(request, cancellationToken));
        return new S3File(_client, request, head.ContentLength, head.ETag);
    }

    /// <inheritdoc/>
    public async Task<List<ArtifactEntry>> ListAsync(string path, CancellationToken cancellationToken)
    {
        var folder = path.Length == 0 ? _prefix : KeyOf(path) + "/";
        var entries = new List<ArtifactEntry>();
        var request = new ListObjectsRequest { BucketName = Bucket, Prefix = folder, Delimiter = "/", MaxKeys = _options.PageKeys };
        await foreach (var page in PagesAsync(path, request, cancellationToken))
        {
            foreach (var below in page.CommonPrefixes ?? [])
            {
                entries.Add(new ArtifactEntry(below[folder.Length..].TrimEnd('/'), null));
            }

            foreach (var file in page.S3Objects ?? [])
            {
                entries.Add(new ArtifactEntry(file.Key[folder.Length..], file.Size ?? 0));
            }
        }

        // Some tools mark a folder by an object of its name.
        entries.RemoveAll(entry => entry.Name.Length == 0);
        entries.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return entries;
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(string path, CancellationToken cancellationToken)
    {
        if (path.Length == 0)
        {
            throw TrackingException.Invalid("Invalid path: '': name a file or a folder to delete.");
        }

        var keys = await KeysAsync(path, cancellationToken);
        if (keys.Count == 0)
        {
            throw Missing(path);
        }

        var options = new ParallelOptions { MaxDegreeOfParallelism = DeletedAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(keys, options, async (key, token) =>
            await AskAsync(path, () => _client.DeleteObjectAsync(new DeleteObjectRequest { BucketName = Bucket, Key = key }, token)));
    }

    /// <inheritdoc/>
    public Task<ArtifactChecksum> WriteAsync(
        string path, Stream body, long? length, ExpectedDigests expected, CancellationToken cancellationToken)
    {
        if (path.Length == 0)
        {
            throw TrackingException.Invalid("Invalid path: '': name a file.");
        }

        return new S3Upload(this, _client, path, _options.PartBytes).RunAsync(body, length, expected, cancellationToken);
    }

    /// <summary>A signed address at which a client sends a part of an upload, or fetches a file, without this server.</summary>
    /// <param name="path">The path.</param>
    /// <param name="expires">Until when the address can be used.</param>
    /// <param name="part">The part of an upload that is to be sent; null: the file is to be fetched.</param>
    public string Sign(string path, DateTimeOffset expires, (string UploadId, int Number)? part)
    {
        var request = Signed(path, expires, part is null ? HttpVerb.GET : HttpVerb.PUT);
        if (part is { } sent)
        {
            request.UploadId = sent.UploadId;
            request.PartNumber = sent.Number;
        }

        return _client.GetPreSignedURL(request);
    }

    /// <summary>A signed address at which a client sends a whole file without this server.</summary>
    /// <param name="path">The path.</param>
    /// <param name="expires">Until when the address can be used.</param>
    public string SignUpload(string path, DateTimeOffset expires) => _client.GetPreSignedURL(Signed(path, expires, HttpVerb.PUT));

    /// <summary>Begins an upload in parts and returns its id.</summary>
    public async Task<string> BeginAsync(string path, CancellationToken cancellationToken)
    {
        var request = new InitiateMultipartUploadRequest { BucketName = Bucket, Key = KeyOf(path) };
        return (await AskAsync(path, () => _client.InitiateMultipartUploadAsync(request, cancellationToken))).UploadId;
    }

    /// <summary>Makes a file of the parts of an upload and returns what tells it from others.</summary>
    public async Task<string> CompleteAsync(string path, string uploadId, List<PartETag> parts, CancellationToken cancellationToken)
    {
        var request = new CompleteMultipartUploadRequest { BucketName = Bucket, Key = KeyOf(path), UploadId = uploadId, PartETags = parts };
        return (await AskAsync(path, () => _client.CompleteMultipartUploadAsync(request, cancellationToken))).ETag;
    }

    /// <summary>Gives up an upload in parts. A storage that knows no such request removes the parts by its own rules.</summary>
    public Task AbortAsync(string path, string uploadId, CancellationToken cancellationToken) => AskAsync(path, async () =>
    {
        try
        {
            return await _client.AbortMultipartUploadAsync(
                new AbortMultipartUploadRequest { BucketName = Bucket, Key = KeyOf(path), UploadId = uploadId }, cancellationToken);
        }
        catch (AmazonS3Exception unknown) when (unknown.StatusCode is HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented)
        {
            return null;
        }
    });

    /// <summary>Asks the storage, and says in this program's words what goes wrong.</summary>
    /// <exception cref="TrackingException">There is nothing of the path.</exception>
    /// <exception cref="StudyStoreException">The storage cannot be reached or refuses.</exception>
    public async Task<T> AskAsync<T>(string path, Func<Task<T>> request)
    {
        try
        {
            return await request();
        }
        catch (AmazonS3Exception missing) when (missing.StatusCode == HttpStatusCode.NotFound && missing.ErrorCode != "NoSuchBucket")
        {
            throw Missing(path);
        }
        catch (AmazonS3Exception wrong) when (wrong.StatusCode == HttpStatusCode.BadRequest)
        {
            throw TrackingException.Invalid($"The storage of '{path}' refuses the request: {wrong.Message}");
        }
        catch (Exception failure) when (failure is AmazonServiceException or AmazonClientException or HttpRequestException or IOException)
        {
            throw new StudyStoreException(
                $"s3://{Bucket}/{KeyOf(path)} cannot be read or written: {failure.Message} Check the bucket, the credentials (AWS_ACCESS_KEY_ID, "
                + "AWS_SECRET_ACCESS_KEY, AWS_REGION) and, for a storage that is not Amazon's, AWS_ENDPOINT_URL.",
                failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private GetPreSignedUrlRequest Signed(string path, DateTimeOffset expires, HttpVerb verb) => new()
    {
        BucketName = Bucket,
        Key = KeyOf(path),
        Expires = expires.UtcDateTime,
        Verb = verb,
        Protocol = _options.Endpoint is { Scheme: "http" } ? Protocol.HTTP : Protocol.HTTPS,
    };

    private async Task<List<string>> KeysAsync(string path, CancellationToken cancellationToken)
    {
        var keys = new List<string>();
        var request = new ListObjectsRequest { BucketName = Bucket, Prefix = KeyOf(path), MaxKeys = _options.PageKeys };
        await foreach (var page in PagesAsync(path, request, cancellationToken))
        {
            // Other names may begin with the same letters.
            keys.AddRange((page.S3Objects ?? []).Select(file => file.Key)
                .Where(key => key.Length == request.Prefix.Length || key[request.Prefix.Length] == '/'));
        }

        return keys;
    }

    // The first version of the list, which goes on from a name: every storage has it, where some fail on the tokens of the second.
    private async IAsyncEnumerable<ListObjectsResponse> PagesAsync(
        string path, ListObjectsRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ListObjectsResponse page;
        do
        {
            page = await AskAsync(path, () => _client.ListObjectsAsync(request, cancellationToken));
            yield return page;
            request.Marker = page.NextMarker ?? page.S3Objects?.LastOrDefault()?.Key;
        }
        while (page.IsTruncated == true && request.Marker is not null);
    }

    private static TrackingException Missing(string path) => TrackingException.NotFound($"No such artifact: '{path}'");
}
