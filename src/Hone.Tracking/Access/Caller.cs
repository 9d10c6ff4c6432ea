using System.Net;
using Microsoft.AspNetCore.Http;

namespace Hone.Tracking.Access;

/// <summary>Whom one request comes from.</summary>
internal sealed class Caller
{
    /// <summary>Who it is; null: nobody is asked, and everything may be done.</summary>
    public Identity? Identity { get; init; }

    /// <summary>Where from; null where the connection has none.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>Whether it comes from this machine, and through nobody else.</summary>
    public bool IsLocal { get; init; }

    /// <summary>Where refusals and changes are written down.</summary>
    public AuditLog? Audit { get; init; }

    /// <summary>What the request is about, in words, once that is known.</summary>
    public string? Object { get; set; }

    /// <summary>The caller of a request; null: the server asks nobody who they are.</summary>
    public static Caller? Of(HttpContext context) => context.Features.Get<Caller>();

    /// <summary>Writes down what was done, or was not.</summary>
    public void Note(string action, string outcome) =>
        Audit?.Write(new AuditEntry(Identity?.Name, Address?.ToString(), action, Object, outcome), isLasting: outcome == AuditEntry.Done);
}
