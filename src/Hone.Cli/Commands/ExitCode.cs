namespace Hone.Cli.Commands;

/// <summary>What the program tells the shell.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>The work failed.</summary>
    public const int Failed = 1;

    /// <summary>The input or the usage is wrong; nothing was changed.</summary>
    public const int WrongInput = 2;

    /// <summary>The budget ended with no complete trial; there is no best one.</summary>
    public const int NothingComplete = 3;

    /// <summary>Interrupted by the user; the same command goes on.</summary>
    public const int Interrupted = 130;
}
