using Microsoft.Extensions.Logging;

namespace Hone.Cli.Commands;

/// <summary>Tells a server's errors, a line each, and where they came from if that is asked for.</summary>
/// <param name="tell">Is given each. Called on many threads.</param>
/// <param name="isVerbose">Whether to say where an error came from.</param>
internal sealed class ErrorLog(Action<string> tell, bool isVerbose) : ILogger
{
    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            var cause = exception is null ? "" : isVerbose ? $"\n{exception}" : $": {exception.Message}";
            tell(formatter(state, exception) + cause);
        }
    }
}
