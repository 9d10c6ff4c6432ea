using System.Globalization;
using System.Net;
using Hone.Tracking.Runs;
using Microsoft.AspNetCore.Http;

namespace Hone.Tracking.Access;

/// <summary>Lets requests in: finds out whom they come from, and slows down who asks too much.</summary>
internal sealed class Gate : IDisposable
{
    private static readonly TimeSpan LooksAgainAfter = TimeSpan.FromSeconds(1);
    private readonly TrackingStore _store;
    private long _lookedAt;
    private bool _hasUsers;
    private readonly AuditLog _audit;
    private readonly Logins _logins;
    private readonly TokenBuckets<(long User, IPAddress? Address)>? _rate;

    /// <param name="store">The store, which has the users.</param>
    /// <param name="requestsPerSecond">How many requests of one user, or of one address without a user, are answered; null: all.</param>
    /// <param name="audit">Where refusals and changes are written down.</param>
    public Gate(TrackingStore store, double? requestsPerSecond, AuditLog audit)
    {
        _audit = audit;
        _store = store;
        _logins = new Logins(store, store.Time);
        _rate = requestsPerSecond is { } rate ? new TokenBuckets<(long, IPAddress?)>(rate, Math.Max(1, rate), store.Time) : null;
    }

    /// <summary>Whether everybody is served while the store has no users.</summary>
    public required bool IsOpen { get; init; }

    /// <summary>Whom a request comes from. What they may do is asked when it is known what about.</summary>
    /// <param name="context">The request.</param>
    /// <param name="need">What its route asks.</param>
    /// <exception cref="TrackingException">The caller must say who they are, is not who they say, or asks too much.</exception>
    public async ValueTask<Caller> AdmitAsync(HttpContext context, Need need)
    {
        var address = context.Connection.RemoteIpAddress;
        var header = context.Request.Headers.Authorization.ToString();
        var isLocal = TrustedProxies.IsLocal(context);
        Identity? identity = null;
        if (need.IsForAnybody || (need.IsForMachine && isLocal))
        {
            return New(null);
        }

        if (header.Length > 0 && _logins.Known(header) is { } known)
        {
            identity = known;
        }
        else if (!IsOpen || HasUsers())
        {
            // Before the body is read. A server that is open as long as it has no users has nobody to hold a name against.
            identity = header.Length > 0 ? await LoginAsync() : throw Rights.Unnamed();
        }

        if (_rate is not null && _rate.Take(identity is null ? (0, Network(address)) : (identity.Key, null)) is { Ticks: > 0 } wait)
        {
            throw new TrackingException(
                TrackingError.TooManyRequests, "More requests came from here than this server answers in a second. Send them more slowly, or many values in one log-batch.")
            {
                RetryAfter = wait,
            };
        }

        return New(identity);

        async ValueTask<Identity> LoginAsync()
        {
            try
            {
                return await _logins.IdentifyAsync(header, address ?? IPAddress.None, context.RequestAborted);
            }
            catch (TrackingException refusal) when (refusal.Error == TrackingError.Unauthenticated)
            {
                // Not each of too many: they are slowed down lest they fill the disk, too.
                New(null).Note("login", "refused");
                throw;
            }
        }

        Caller New(Identity? who) => new() { Identity = who, Address = address, IsLocal = isLocal, Audit = _audit };
    }

    /// <inheritdoc/>
    public void Dispose() => _logins.Dispose();

    /// <summary>Tells a client how to come again: in seconds, or with what proof.</summary>
    public static void Explain(HttpContext context, TrackingException refusal)
    {
        if (refusal.Error == TrackingError.Unauthenticated)
        {
            context.Response.Headers.WWWAuthenticate = new string[] { "Basic realm=\"hone\", charset=\"UTF-8\"", "Bearer realm=\"hone\"" };
        }
        else if (refusal.RetryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }
    }

    // Looked at once a second: most servers without users are to answer thousands of requests in that time.
    private bool HasUsers()
    {
        var lookedAt = Interlocked.Read(ref _lookedAt);
        if (lookedAt != 0 && _store.Time.GetElapsedTime(lookedAt) < LooksAgainAfter)
        {
            return Volatile.Read(ref _hasUsers);
        }

        var hasUsers = AnyUsers();
        Volatile.Write(ref _hasUsers, hasUsers);
        Interlocked.Exchange(ref _lookedAt, _store.Time.GetTimestamp());
        return hasUsers;
    }

    private bool AnyUsers()
    {
        var session = _store.Readers.Rent();
        try
        {
            return Users.Any(session);
        }
        finally
        {
            _store.Readers.Return(session);
        }
    }

    // Of the long addresses anybody has as many as they like: those of one network count as one.
    private static IPAddress? Network(IPAddress? address)
    {
        if (address is null || address.AddressFamily != System.Net.Sockets.AddressFamily.InterNetworkV6)
        {
            return address;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
