using System.Buffers;
using System.Text;
using Hone.Space;

namespace Hone.Workers.Processes;

/// <summary>A shell command in which <c>{parameter}</c> stands for the trial's value of that parameter.</summary>
/// <remarks>
/// <para>
/// A placeholder becomes a reference to the trial's variable <c>HONE_PARAMETER_…</c>, quoted as its place needs it (bare, in double or in
/// single quotes). The shell never reads a value as a piece of the command, so no text can break out of its argument. A parameter that is
/// inactive in the trial gives the empty text.
/// </para>
/// <para><c>{{</c> and <c>}}</c> stand for braces, and <c>${…}</c> is the shell's own.</para>
/// </remarks>
public sealed class CommandTemplate
{
    /// <summary>What the names of all parameters' variables begin with.</summary>
    internal const string VariablePrefix = "HONE_PARAMETER_";

    private static readonly SearchValues<char> NotInNames = SearchValues.Create("\"'$=\\<>&");
    private const string Operators = ";&|()\n`";

    // First words that only a shell knows, or knows better.
    private static readonly HashSet<string> ShellWords = new(
        ("! . : [ alias bg break case cd command continue do done echo elif else esac eval exec exit export false fc fg fi for function "
            + "getopts hash if in jobs kill local printf pwd read readonly return select set shift source test then time times trap true "
            + "type typeset ulimit umask unalias unset until wait while { }").Split(' '),
        StringComparer.Ordinal);

    private CommandTemplate(string command) => Command = IsOneProgram(command) ? "exec " + command : command;

    /// <summary>The command for the shell, the same for every trial.</summary>
    public string Command { get; }

    /// <summary>The environment variable that holds a parameter's value, e.g. <c>HONE_PARAMETER_LEARNING_RATE</c>.</summary>
    public static string VariableOf(string parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return string.Concat(VariablePrefix, string.Create(parameter.Length, parameter, (name, source) =>
        {
            for (var i = 0; i < name.Length; i++)
            {
                name[i] = char.IsAsciiLetterOrDigit(source[i]) ? char.ToUpperInvariant(source[i]) : '_';
            }
        }));
    }

    /// <summary>Reads a template for the trials of a space.</summary>
    /// <exception cref="WorkerPoolException">
    /// The command is empty, a placeholder is unknown or not closed, or two parameters have the same variable.
    /// </exception>
    public static CommandTemplate Parse(string template, SearchSpace space)
    {
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(space);
        if (string.IsNullOrWhiteSpace(template))
        {
            throw new WorkerPoolException("The command is empty. Write what a trial runs, e.g. python train.py --lr {learning_rate}.");
        }

        CheckVariables(space);
        return new CommandTemplate(Translate(template, space));
    }

    private static string Translate(string template, SearchSpace space)
    {
        var command = new StringBuilder(template.Length + 64);
        var quote = '\0';
        for (var i = 0; i < template.Length; i++)
        {
            var c = template[i];
            var next = i + 1 < template.Length ? template[i + 1] : '\0';
            if (c == '\\' && quote != '\'' && next != '\0')
            {
                command.Append(c).Append(next);
                i++;
            }
            else if (c == '$' && next == '{' && quote != '\'')
            {
                i = CopyExpansion(template, i, space, command);
            }
            else if (c is '{' or '}')
            {
                i = Brace(template, i, quote, space, command);
            }
            else
            {
                quote = c is '\'' or '"' ? (quote == '\0' ? c : quote == c ? '\0' : quote) : quote;
                command.Append(c);
            }
        }

        return command.ToString();
    }

    // Returns where the last character that was read stands.
    private static int Brace(string template, int at, char quote, SearchSpace space, StringBuilder command)
    {
        var c = template[at];
        if (at + 1 < template.Length && template[at + 1] == c)
        {
            command.Append(c);
            return at + 1;
        }

        var end = c == '{' ? template.IndexOf('}', at) : -1;
        if (end < 0)
        {
            throw new WorkerPoolException(c == '{'
                ? $"The command has a '{{' at character {at + 1} that is not closed. Close it, or write '{{{{' for a brace."
                : $"The command has a '}}' at character {at + 1} that closes nothing. Write '}}}}' for a brace.");
        }

        var name = template[(at + 1)..end];
        if (space.IndexOf(name) < 0)
        {
            throw new WorkerPoolException(
                $"The command's placeholder {{{name}}} is not a parameter of the space. {Nearest(name, space)} "
                + "Write '{{' and '}}' for braces.");
        }

        var variable = $"${{{VariableOf(name)}}}";
        command.Append(quote switch { '"' => variable, '\'' => $"'\"{variable}\"'", _ => $"\"{variable}\"" });
        return end;
    }

    private static int CopyExpansion(string template, int at, SearchSpace space, StringBuilder command)
    {
        var end = template.IndexOf('}', at);
        var name = end < 0 ? "" : template[(at + 2)..end];
        if (space.IndexOf(name) >= 0)
        {
            throw new WorkerPoolException(
                $"The command's ${{{name}}} would be read by the shell, which knows no such variable. Write {{{name}}} for the parameter.");
        }

        end = end < 0 ? template.Length - 1 : end;
        command.Append(template, at, end - at + 1);
        return end;
    }

    // A plain call of a program takes the shell's place: signals reach it first, and how it ends is not told second-hand.
    private static bool IsOneProgram(string command)
    {
        var first = command.AsSpan().TrimStart();
        first = first[..(first.IndexOfAny(' ', '\t') is var end and >= 0 ? end : first.Length)];
        return !first.ContainsAny(NotInNames) && !ShellWords.Contains(first.ToString())
            && (first.Contains('/') || IsOnPath(first.ToString())) && !HasOperator(command);
    }

    // Whether anything outside of quotes joins commands; >& and <& only name files.
    private static bool HasOperator(string command)
    {
        var quote = '\0';
        for (var i = 0; i < command.Length; i++)
        {
            var c = command[i];
            if (c == '\\' && quote != '\'')
            {
                i++;
            }
            else if (quote == '\0' && Operators.Contains(c) && !(c == '&' && i > 0 && command[i - 1] is '>' or '<'))
            {
                return true;
            }
            else if (c is '\'' or '"')
            {
                quote = quote == '\0' ? c : quote == c ? '\0' : quote;
            }
        }

        return false;
    }

    private static bool IsOnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(':', StringSplitOptions.RemoveEmptyEntries)
        .Any(directory => File.Exists(Path.Combine(directory, program)));

    private static void CheckVariables(SearchSpace space)
    {
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var parameter in space.Parameters)
        {
            var variable = VariableOf(parameter.Name);
            if (!owners.TryAdd(variable, parameter.Name))
            {
                throw new WorkerPoolException(
                    $"Parameters '{owners[variable]}' and '{parameter.Name}' would both be handed over as {variable}. Rename one.");
            }
        }
    }

    private static string Nearest(string name, SearchSpace space) =>
        Spelling.Nearest(name, space.Parameters.Select(parameter => parameter.Name)) is { } nearest
            ? $"Did you mean {{{nearest}}}?"
            : $"The parameters are {string.Join(", ", space.Parameters.Select(p => p.Name))}.";
}
