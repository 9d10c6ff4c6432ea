using System.Net.Http.Headers;
using System.Text;

namespace Hone.Tracking.Client;

/// <summary>Where a tracking server is, and what it is shown to be let in.</summary>
/// <param name="Server">The server, without credentials.</param>
/// <param name="Credentials">What goes with every request; null: nothing.</param>
internal sealed record TrackingAddress(Uri Server, AuthenticationHeaderValue? Credentials)
{
    /// <summary>The server as text without a slash at its end.</summary>
    public string Text => Server.AbsoluteUri.TrimEnd('/');

    /// <summary>Reads an address.</summary>
    /// <param name="address">Such as <c>http://127.0.0.1:5000</c>; a user and a password in it count like those given.</param>
    /// <param name="user">A user's name; with a password it comes before a token.</param>
    /// <param name="password">The password.</param>
    /// <param name="token">A token.</param>
    /// <exception cref="HoneRunException">It is none of a server.</exception>
    public static TrackingAddress Parse(string address, string? user = null, string? password = null, string? token = null)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Query.Length > 0)
        {
            // An address that cannot be read is not repeated as a whole: it may hold a password.
            var shown = address.Contains('@', StringComparison.Ordinal) ? "What was given" : $"'{address}'";
            throw new HoneRunException($"{shown} is no address of a tracking server; expected http://HOST:PORT or https://HOST.");
        }

        if (uri.UserInfo.Length > 0)
        {
            var parts = uri.UserInfo.Split(':', 2);
            user = Uri.UnescapeDataString(parts[0]);
            password = Uri.UnescapeDataString(parts.Length > 1 ? parts[1] : "");
            uri = new UriBuilder(uri) { UserName = "", Password = "" }.Uri;
        }

        return new TrackingAddress(uri, CredentialsOf(user, password, token));
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static AuthenticationHeaderValue? CredentialsOf(string? user, string? password, string? token) =>
        !string.IsNullOrEmpty(user) && password is not null
            ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")))
            : string.IsNullOrEmpty(token) ? null
            : new AuthenticationHeaderValue("Bearer", token);
}
