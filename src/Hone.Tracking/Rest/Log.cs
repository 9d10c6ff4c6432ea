using Microsoft.Extensions.Logging;

namespace Hone.Tracking.Rest;

/// <summary>What the server says of itself.</summary>
internal static partial class Log
{
    [LoggerMessage(3001, LogLevel.Error, "{Method} {Path} failed")]
    public static partial void RequestFailed(this ILogger logger, Exception failure, string method, string? path);
}
