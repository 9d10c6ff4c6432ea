namespace Hone.Cli.Commands.Runs;

/// <summary>Reads parameters of a run: those that are given, and those that a command line has.</summary>
internal static class CommandParameters
{
    /// <summary>Pairs as options give them, such as <c>rate=0.1</c>.</summary>
    /// <exception cref="CommandException">One has no equals sign, or no name before it.</exception>
    public static Dictionary<string, string> Pairs(string option, IEnumerable<string> texts)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            var end = text.IndexOf('=', StringComparison.Ordinal);
            pairs[end > 0 ? text[..end] : throw new CommandException(ExitCode.WrongInput, $"{option}: '{text}' is no pair; expected NAME=VALUE")] = text[(end + 1)..];
        }

        return pairs;
    }

    /// <summary>The long options of a command line: <c>--rate 0.1</c>, <c>--rate=0.1</c>, and <c>--fast</c>, whose value is <c>true</c>.</summary>
    /// <remarks>Secrets are left out. What begins with one hyphen is a value if it is a number, and otherwise no parameter.</remarks>
    public static Dictionary<string, string> Parse(IReadOnlyList<string> command)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 1; i < command.Count; i++)
        {
            if (!command[i].StartsWith("--", StringComparison.Ordinal) || command[i].Length == 2)
            {
                continue;
            }

            var word = command[i][2..];
            var end = word.IndexOf('=', StringComparison.Ordinal);
            var name = end < 0 ? word : word[..end];
            var value = end >= 0 ? word[(end + 1)..] : i + 1 < command.Count && IsValue(command[i + 1]) ? command[++i] : "true";
            if (IsName(name) && !SecretNames.Has(name))
            {
                found[name] = value;
            }
        }

        return found;
    }

    private static bool IsValue(string word) => !word.StartsWith('-') || word is "-" || (word.Length > 1 && (char.IsAsciiDigit(word[1]) || word[1] == '.'));

    private static bool IsName(string name) => name.Length is > 0 and <= 250 && name.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.')
        && name is not ("." or "..");
}
