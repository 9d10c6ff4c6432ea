namespace Hone.Cli.Progress;

/// <summary>The terminal that standard error is connected to.</summary>
internal sealed class Terminal
{
    private readonly TextWriter _output = Console.Error;

    private Terminal() => HasColor = Environment.GetEnvironmentVariable("NO_COLOR") is null or "";

    /// <summary>Whether looks may be written: not where <c>NO_COLOR</c> is set.</summary>
    public bool HasColor { get; }

    /// <summary>How many columns the terminal has now, less the last: some wrap when it is written to.</summary>
    public static int Columns => Math.Max(20, Size(() => Console.WindowWidth, 80) - 1);

    /// <summary>How many rows the terminal has now.</summary>
    public static int Rows => Math.Max(4, Size(() => Console.WindowHeight, 24));

    /// <summary>The terminal, or null if standard error is none, or one that cannot move its cursor.</summary>
    public static Terminal? Find() =>
        Console.IsErrorRedirected || Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb" or "unknown" ? null : new Terminal();

    /// <summary>Writes at once.</summary>
    public void Write(string text)
    {
        try
        {
            _output.Write(text);
            _output.Flush();
        }
        catch (IOException)
        {
            // The terminal is gone. Tuning goes on without it.
        }
    }

    private static int Size(Func<int> read, int usual)
    {
        try
        {
            return read() is > 0 and var size ? size : usual;
        }
        catch (IOException)
        {
            return usual;
        }
    }
}
