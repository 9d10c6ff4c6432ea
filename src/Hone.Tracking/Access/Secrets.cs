using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Hone.Tracking.Access;

/// <summary>What users prove themselves by. Only hashes are ever kept.</summary>
internal static class Secrets
{
    // What the OWASP cheat sheet on the storage of passwords asks of PBKDF2 with SHA-512.
    private const int Rounds = 210_000;
    private const int SaltBytes = 16;
    private const int HashBytes = 64;
    private const string Method = "pbkdf2-sha512";
    private const string TokenPrefix = "hone_";

    /// <summary>A new token: 256 random bits, which nobody guesses, so that one round of SHA-256 hides it.</summary>
    public static string NewToken() => TokenPrefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    /// <summary>A new stamp.</summary>
    public static string NewStamp() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>Whether a text looks like a token of <see cref="NewToken"/>.</summary>
    public static bool IsToken(string secret) => secret.StartsWith(TokenPrefix, StringComparison.Ordinal);

    /// <summary>What is kept of a token.</summary>
    public static string OfToken(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>What is kept of a password.</summary>
    public static string OfPassword(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return string.Create(
            CultureInfo.InvariantCulture, $"{Method}:{Rounds}:{Convert.ToHexStringLower(salt)}:{Convert.ToHexStringLower(Hash(password, salt, Rounds))}");
    }

    /// <summary>Whether a password is the one that was kept; takes as long where there is none, so that time tells nothing.</summary>
    public static bool IsPassword(string password, string? kept)
    {
        if (kept?.Split(':') is [Method, var rounds, var salt, var hash] && int.TryParse(rounds, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return CryptographicOperations.FixedTimeEquals(Hash(password, Convert.FromHexString(salt), count), Convert.FromHexString(hash));
        }

        Hash(password, new byte[SaltBytes], Rounds);
        return false;
    }

    /// <summary>Whether two hashes are the same, in a time that does not depend on where they differ.</summary>
    public static bool AreEqual(string hash, string? kept) =>
        kept is not null && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(hash), Encoding.ASCII.GetBytes(kept));

    private static byte[] Hash(string password, byte[] salt, int rounds) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password.Normalize(NormalizationForm.FormC)), salt, rounds, HashAlgorithmName.SHA512, HashBytes);
}
