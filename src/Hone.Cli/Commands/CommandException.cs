namespace Hone.Cli.Commands;

/// <summary>A command that cannot do what was asked. The message is all that the user sees, besides the exit code.</summary>
internal sealed class CommandException(int exitCode, string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>One of <see cref="Commands.ExitCode"/>.</summary>
    public int ExitCode { get; } = exitCode;
}
