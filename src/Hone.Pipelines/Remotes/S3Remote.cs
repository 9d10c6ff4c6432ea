using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.S3;
using Amazon.S3.Model;

namespace Hone.Pipelines.Remotes;

/// <summary>A bucket of Amazon S3, or of a server that speaks its protocol, as a remote.</summary>
/// <remarks>
/// An object is there as a whole or not at all: that is S3's own promise, for objects sent in parts too. Checksums beyond those that a
/// request must have are left out, since many servers of others do not know them; what is fetched is hashed anyway.
/// </remarks>
public sealed class S3Remote : IRemote, IDisposable
{
    private const int MostParts = 10_000;
    private readonly AmazonS3Client _client;
    private readonly string _bucket;
    private readonly string _prefix;

    // From so many bytes on an object is sent in parts, of a quarter of that each.
    private readonly long _inParts;

    private S3Remote(AmazonS3Client client, string bucket, string prefix, long inParts)
    {
        _client = client;
        _bucket = bucket;
        _prefix = prefix;
        _inParts = inParts;
    }

    /// <inheritdoc/>
    public string Address => $"s3://{_bucket}/{_prefix}".TrimEnd('/');

    /// <inheritdoc/>
    public bool CanWrite => true;

    /// <inheritdoc/>
    public int KeysPerAnswer => 1_000;

    /// <summary>A remote by its address and DVC's options.</summary>
    /// <param name="url"><c>s3://BUCKET/PREFIX</c>.</param>
    /// <param name="option">Gives an option's value, or null: <c>endpointurl</c>, <c>region</c>, <c>profile</c>, <c>credentialpath</c>,
    /// <c>access_key_id</c>, <c>secret_access_key</c>, <c>session_token</c>, <c>allow_anonymous_login</c>, <c>use_ssl</c>. Without
    /// credentials among them, AWS's usual places are searched: environment, files, the machine's role.</param>
    /// <exception cref="PipelineException">The address has no bucket, or the profile is not there.</exception>
    public static S3Remote Open(string url, Func<string, string?> option) => Open(url, option, 64L << 20);

    /// <summary>As the other, with the size from which on objects are sent in parts.</summary>
    internal static S3Remote Open(string url, Func<string, string?> option, long inParts)
    {
        ArgumentNullException.ThrowIfNull(url);
        ArgumentNullException.ThrowIfNull(option);
        var path = url["s3://".Length..].Trim('/');
        var bucket = path.Split('/')[0];
        if (bucket.Length == 0)
        {
            throw new PipelineException($"'{url}' names no bucket; expected s3://BUCKET/PREFIX", PipelineFault.WrongInput);
        }

        var prefix = path.Length > bucket.Length ? path[(bucket.Length + 1)..] + "/" : "";
        try
        {
            var settings = Settings(option);
            return new S3Remote(Credentials(option) is { } credentials ? new AmazonS3Client(credentials, settings) : new AmazonS3Client(settings), bucket, prefix, inParts);
        }
        catch (AmazonClientException wrong)
        {
            throw new PipelineException($"the remote '{url}' cannot be used: {wrong.Message}", PipelineFault.WrongInput, wrong);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> HasAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            await _client.GetObjectMetadataAsync(_bucket, _prefix + key, cancellationToken);
            return true;
        }
        catch (AmazonS3Exception missing) when (missing.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }
        catch (Exception failed) when (IsOfTheRemote(failed, cancellationToken))
        {
            throw Failure(key, failed);
        }
    }

    /// <inheritdoc/>
    public async ValueTask UploadAsync(string key, string file, CancellationToken cancellationToken)
    {
        try
        {
            var size = new FileInfo(file).Length;
            if (size < _inParts)
            {
                await _client.PutObjectAsync(
                    new PutObjectRequest { BucketName = _bucket, Key = _prefix + key, FilePath = file, UseChunkEncoding = false }, cancellationToken);
                return;
            }

            await UploadPartsAsync(key, file, size, cancellationToken);
        }
        catch (Exception failed) when (IsOfTheRemote(failed, cancellationToken))
        {
            throw Failure(key, failed);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DownloadAsync(string key, string file, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _client.GetObjectAsync(_bucket, _prefix + key, cancellationToken);
            await using var target = new FileStream(file, FileMode.CreateNew, FileAccess.Write);
            await answer.ResponseStream.CopyToAsync(target, cancellationToken);
            return true;
        }
        catch (AmazonS3Exception missing) when (missing.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }
        catch (Exception failed) when (IsOfTheRemote(failed, cancellationToken))
        {
            File.Delete(file);
            throw Failure(key, failed);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            await _client.DeleteObjectAsync(_bucket, _prefix + key, cancellationToken);
        }
        catch (Exception failed) when (IsOfTheRemote(failed, cancellationToken))
        {
            throw Failure(key, failed);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> KeysAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = _bucket, Prefix = _prefix + prefix };
        do
        {
            var page = await PageAsync(request, prefix, cancellationToken);
            foreach (var found in page.S3Objects ?? [])
            {
                yield return found.Key[_prefix.Length..];
            }

            request.ContinuationToken = page.NextContinuationToken;
        }
        while (request.ContinuationToken is { Length: > 0 });
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    // Parts one after the other: several objects go at once anyway.
    private async Task UploadPartsAsync(string key, string file, long size, CancellationToken cancellationToken)
    {
        var begun = await _client.InitiateMultipartUploadAsync(_bucket, _prefix + key, cancellationToken);
        try
        {
            var each = Math.Max(_inParts / 4, (size / MostParts) + 1);
            var done = new List<PartETag>();
            for (long at = 0; at < size; at += each)
            {
                var part = await _client.UploadPartAsync(
                    new UploadPartRequest
                    {
                        BucketName = _bucket,
                        Key = _prefix + key,
                        UploadId = begun.UploadId,
                        PartNumber = done.Count + 1,
                        FilePath = file,
                        FilePosition = at,
                        PartSize = Math.Min(each, size - at),
                        UseChunkEncoding = false,
                    },
                    cancellationToken);
                done.Add(new PartETag(done.Count + 1, part.ETag));
            }

            await _client.CompleteMultipartUploadAsync(
                new CompleteMultipartUploadRequest { BucketName = _bucket, Key = _prefix + key, UploadId = begun.UploadId, PartETags = done }, cancellationToken);
        }
        catch
        {
            // Parts of an upload that nobody ends would be kept, and paid for, for ever. What went wrong first is what is told.
            await Task.WhenAny(_client.AbortMultipartUploadAsync(_bucket, _prefix + key, begun.UploadId, CancellationToken.None));
            throw;
        }
    }

    private async Task<ListObjectsV2Response> PageAsync(ListObjectsV2Request request, string prefix, CancellationToken cancellationToken)
    {
        try
        {
            return await _client.ListObjectsV2Async(request, cancellationToken);
        }
        catch (Exception failed) when (IsOfTheRemote(failed, cancellationToken))
        {
            throw Failure(prefix, failed);
        }
    }

    private static AmazonS3Config Settings(Func<string, string?> option)
    {
        var settings = new AmazonS3Config
        {
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            MaxErrorRetry = 2,
        };
        if (option("endpointurl") is { } endpoint)
        {
            settings.ServiceURL = endpoint;
            settings.ForcePathStyle = true;
            settings.AuthenticationRegion = option("region") ?? "us-east-1";
        }
        else
        {
            settings.UseHttp = option("use_ssl")?.ToLowerInvariant() is "false" or "0" or "no" or "off";
            settings.RegionEndpoint = option("region") is { } region ? RegionEndpoint.GetBySystemName(region) : settings.RegionEndpoint ?? RegionEndpoint.USEast1;
        }

        return settings;
    }

    private static AWSCredentials? Credentials(Func<string, string?> option)
    {
        if (option("access_key_id") is { } id && option("secret_access_key") is { } secret)
        {
            return option("session_token") is { } token ? new SessionAWSCredentials(id, secret, token) : new BasicAWSCredentials(id, secret);
        }

        if (option("allow_anonymous_login")?.ToLowerInvariant() is "true" or "1" or "yes" or "on")
        {
            return new AnonymousAWSCredentials();
        }

        var (profile, file) = (option("profile"), option("credentialpath"));
        return profile is null && file is null ? null
            : new CredentialProfileStoreChain(file).TryGetAWSCredentials(profile ?? "default", out var found) ? found
            : throw new PipelineException(
                $"there is no profile '{profile ?? "default"}' in {file ?? "AWS's credentials file"}; set another with hone remote modify NAME profile PROFILE", PipelineFault.WrongInput);
    }

    private static bool IsOfTheRemote(Exception failed, CancellationToken cancellationToken) =>
        failed is AmazonClientException or AmazonServiceException or HttpRequestException or IOException
        || (failed is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private PipelineException Failure(string key, Exception failed) => failed is AmazonServiceException { StatusCode: not 0 } refused
        ? new PipelineException(
            string.Create(CultureInfo.InvariantCulture, $"the remote '{Address}' refuses '{key}': {(int)refused.StatusCode} {refused.ErrorCode}: {refused.Message}"), cause: failed)
        : new PipelineException($"the remote '{Address}' does not answer: {Innermost(failed)}", cause: failed);

    private static string Innermost(Exception failed) => failed.InnerException is { } inner ? Innermost(inner) : failed.Message;
}
