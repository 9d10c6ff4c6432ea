using System.Security.Cryptography;
using Hone.Tracking.Runs;
using Microsoft.AspNetCore.Http;

namespace Hone.Tracking.Artifacts;

/// <summary>What a client says of the bytes it sends, so that what arrives otherwise is refused.</summary>
/// <remarks>The headers <c>Content-Digest</c> and <c>Repr-Digest</c> (RFC 9530), <c>Digest</c> (RFC 3230) with SHA-256, and <c>Content-MD5</c> (RFC 1864).</remarks>
/// <param name="Sha256">The SHA-256; null: nothing is said.</param>
/// <param name="Md5">The MD5; null: nothing is said.</param>
internal sealed record ExpectedDigests(byte[]? Sha256, byte[]? Md5)
{
    private const int Md5Bytes = 16;
    private static readonly string[] Headers = ["Content-Digest", "Repr-Digest", "Digest"];

    /// <summary>Reads the headers of a request.</summary>
    /// <exception cref="TrackingException">One cannot be read.</exception>
    public static ExpectedDigests Read(IHeaderDictionary headers)
    {
        byte[]? sha256 = null;
        foreach (var name in Headers)
        {
            foreach (var entry in headers[name].SelectMany(value => (value ?? "").Split(',')))
            {
                var trimmed = entry.Trim();
                if (trimmed.StartsWith("sha-256=", StringComparison.OrdinalIgnoreCase))
                {
                    sha256 = Bytes(trimmed["sha-256=".Length..].Trim(':'), SHA256.HashSizeInBytes, name);
                }
            }
        }

        var md5 = headers.ContentMD5.ToString();
        return new ExpectedDigests(sha256, md5.Length == 0 ? null : Bytes(md5, Md5Bytes, "Content-MD5"));
    }

    /// <summary>Refuses bytes that are not those that were to come.</summary>
    /// <exception cref="TrackingException">A digest is another one.</exception>
    public void Check(byte[] sha256, byte[]? md5)
    {
        if (Sha256 is not null && !Sha256.AsSpan().SequenceEqual(sha256) || Md5 is not null && !Md5.AsSpan().SequenceEqual(md5))
        {
            throw TrackingException.Invalid(
                $"The bytes that arrived are not those that the digest says: their SHA-256 is {Convert.ToHexStringLower(sha256)}. Send them again.");
        }
    }

    /// <summary>An MD5 in the making. The protocol's header asks for it, against faults on the way; it keeps nobody out.</summary>
    public static IncrementalHash CreateMd5() => IncrementalHash.CreateHash(HashAlgorithmName.MD5);

    private static byte[] Bytes(string base64, int count, string header)
    {
        var bytes = new byte[count];
        return Convert.TryFromBase64String(base64, bytes, out var written) && written == count
            ? bytes
            : throw TrackingException.Invalid($"Invalid value '{base64}' of the header '{header}': expected {count} bytes in base64.");
    }
}
