using Microsoft.Extensions.Logging;

namespace Hone.Tracking.Rest;

/// <summary>What the server says of itself.</summary>
internal static partial class Log
{
    [LoggerMessage(3001, LogLevel.Error, "{Method} {Path} failed")]
    public static partial void RequestFailed(this ILogger logger, Exception failure, string method, string? path);

    [LoggerMessage(3002, LogLevel.Information, "The certificate {Path} was read anew")]
    public static partial void CertificateRead(this ILogger logger, string path);

    [LoggerMessage(3003, LogLevel.Warning, "The certificate {Path} cannot be read, and the one before stays in use")]
    public static partial void CertificateKept(this ILogger logger, Exception wrong, string path);

    [LoggerMessage(3004, LogLevel.Error, "The audit log {Path} cannot be written")]
    public static partial void AuditFailed(this ILogger logger, Exception failure, string path);

    [LoggerMessage(3005, LogLevel.Warning, "Names and passwords cross the network readably: name a certificate, or the proxy that has one")]
    public static partial void NothingIsEncrypted(this ILogger logger);
}
