using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Rest;

/// <summary>Where the next page of an answer begins, in a form that clients only hand back.</summary>
internal static class PageToken
{
    /// <summary>The token of some numbers.</summary>
    public static string Of(params ReadOnlySpan<long> numbers)
    {
        var text = new StringBuilder();
        foreach (var number in numbers)
        {
            text.Append(CultureInfo.InvariantCulture, $"{number} ");
        }

        return Base64Url.EncodeToString(Encoding.ASCII.GetBytes(text.ToString()));
    }

    /// <summary>The numbers of a token; null if it is absent.</summary>
    /// <param name="token">The token.</param>
    /// <param name="count">How many numbers there must be.</param>
    /// <exception cref="TrackingException">It was not made by <see cref="Of"/>.</exception>
    public static long[]? Read(string? token, int count)
    {
        if (string.IsNullOrEmpty(token))
        {
            return null;
        }

        var numbers = new long[count];
        if (token.Length < 200 && Base64Url.IsValid(token))
        {
            var parts = Encoding.ASCII.GetString(Base64Url.DecodeFromChars(token)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var isRead = parts.Length == count;
            for (var i = 0; i < count && isRead; i++)
            {
                isRead = long.TryParse(parts[i], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out numbers[i]);
            }

            if (isRead)
            {
                return numbers;
            }
        }

        throw TrackingException.Invalid($"Invalid page token '{(token.Length <= 200 ? token : token[..200])}': take it from an answer as it is.");
    }
}
