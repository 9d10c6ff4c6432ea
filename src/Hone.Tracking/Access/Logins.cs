using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Access;

/// <summary>Finds out who somebody is by what is sent in the header <c>Authorization</c>.</summary>
/// <remarks>
/// MLflow's clients send <c>Bearer TOKEN</c>, or <c>Basic</c> with a name and a password, in whose place the token does as well. What was
/// proved is remembered by a hash, since a password takes a tenth of a second to check. Whether it still counts is asked of the store with
/// each request, by the user's stamp; here it is looked at again every second, so that who changed one of the two can go on with the other.
/// </remarks>
internal sealed class Logins(TrackingStore store, TimeProvider time) : IDisposable
{
    // Ten wrong tries at once, and one in six seconds from then on, by address and by name.
    private const double TriesPerSecond = 1 / 6.0;
    private const double MostTries = 10;
    private const int MostRemembered = 10_000;
    private const int MostHeaderLength = 2_048;
    private static readonly TimeSpan LooksAgainAfter = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Proved> _proved = new(StringComparer.Ordinal);
    private readonly TokenBuckets<IPAddress> _byAddress = new(TriesPerSecond, MostTries, time);
    private readonly TokenBuckets<string> _byName = new(TriesPerSecond, MostTries, time);

    // One password at a time: guessing must not take the processor from those who are in.
    private readonly SemaphoreSlim _checking = new(1);

    /// <summary>Who somebody is.</summary>
    /// <param name="header">What is sent.</param>
    /// <param name="address">Where from.</param>
    /// <param name="cancellationToken">Gives up the waiting for one's turn.</param>
    /// <exception cref="TrackingException">They are not who they say, or tried too often.</exception>
    public async ValueTask<Identity> IdentifyAsync(string header, IPAddress address, CancellationToken cancellationToken)
    {
        if (header.Length > MostHeaderLength)
        {
            throw Wrong(address, null);
        }

        if (Known(header) is { } known)
        {
            return known;
        }

        var (name, secret) = Read(header) ?? throw Wrong(address, null);
        var found = name is null ? ByToken(secret) : await ByNameAsync(name, secret, address, cancellationToken);
        if (found is null)
        {
            throw Wrong(address, name);
        }

        if (_proved.Count >= MostRemembered)
        {
            _proved.Clear();
        }

        var identity = new Identity(found.Key, found.Name, found.Stamp);
        _proved[KeyOf(header)] = new Proved(identity, time.GetTimestamp());
        return identity;
    }

    /// <summary>Who somebody is, if it was proved before; null if that must be looked into.</summary>
    public Identity? Known(string header) =>
        header.Length <= MostHeaderLength && _proved.TryGetValue(KeyOf(header), out var known) && IsCurrent(known) ? known.Identity : null;

    /// <inheritdoc/>
    public void Dispose() => _checking.Dispose();

    private static string KeyOf(string header) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(header)));

    private bool IsCurrent(Proved known)
    {
        if (time.GetElapsedTime(Interlocked.Read(ref known.LookedAt)) < LooksAgainAfter)
        {
            return true;
        }

        if (Ask(session => Users.Find(session, known.Identity.Name))?.Stamp != known.Identity.Stamp)
        {
            return false;
        }

        Interlocked.Exchange(ref known.LookedAt, time.GetTimestamp());
        return true;
    }

    private UserRow? ByToken(string token) => Ask(session => Users.FindByToken(session, Secrets.OfToken(token)));

    private async ValueTask<UserRow?> ByNameAsync(string name, string secret, IPAddress address, CancellationToken cancellationToken)
    {
        var user = Ask(session => Users.Find(session, name));
        if (user is not null && Secrets.AreEqual(Secrets.OfToken(secret), user.Token))
        {
            return user;
        }

        if (Secrets.IsToken(secret))
        {
            return null;
        }

        var wait = Longer(_byAddress.Wait(address), _byName.Wait(name));
        if (wait > TimeSpan.Zero)
        {
            throw TooOften(wait);
        }

        await _checking.WaitAsync(cancellationToken);
        try
        {
            return Secrets.IsPassword(secret, user?.Password) ? user : null;
        }
        finally
        {
            _checking.Release();
        }
    }

    private TrackingException Wrong(IPAddress address, string? name)
    {
        var wait = Longer(_byAddress.Take(address), name is null ? TimeSpan.Zero : _byName.Take(name));
        return wait > TimeSpan.Zero
            ? TooOften(wait)
            : new TrackingException(TrackingError.Unauthenticated, "The token, or the name and the password, are not those of a user of this server.");
    }

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static TrackingException TooOften(TimeSpan wait) =>
        new(TrackingError.TooManyRequests, "Too many wrong logins came from here, or for this user. Try again later.") { RetryAfter = wait };

    private static (string? Name, string Secret)? Read(string header)
    {
        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return (null, header["Bearer ".Length..].Trim());
        }

        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var bytes = new byte[MostHeaderLength];
        if (!Convert.TryFromBase64String(header["Basic ".Length..].Trim(), bytes, out var length))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : (text[..colon], text[(colon + 1)..]);
    }

    private T Ask<T>(Func<TrackingSession, T> question)
    {
        var session = store.Readers.Rent();
        try
        {
            return question(session);
        }
        finally
        {
            store.Readers.Return(session);
        }
    }

    private sealed class Proved(Identity identity, long lookedAt)
    {
        public long LookedAt = lookedAt;

        public Identity Identity => identity;
    }
}
