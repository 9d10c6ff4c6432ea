namespace Hone.Cli.Commands;

/// <summary>What a command reads and writes besides files: tests put their own in place.</summary>
/// <param name="Output">Results.</param>
/// <param name="Errors">Everything else.</param>
/// <param name="Time">The clock.</param>
internal sealed record Surroundings(TextWriter Output, TextWriter Errors, TimeProvider Time);
