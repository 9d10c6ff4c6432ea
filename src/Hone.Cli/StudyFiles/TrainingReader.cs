using Hone.Space;
using Hone.Workers;
using Hone.Workers.Processes;

namespace Hone.Cli.StudyFiles;

/// <summary>Reads <c>train:</c>, a command or a built-in learner.</summary>
internal sealed class TrainingReader(Findings findings, MetricNames metrics, string directory)
{
    private static readonly string[] CommandKeys = ["command", "directory"];

    /// <summary>How trials are trained; null if something is wrong with it.</summary>
    /// <param name="field">The mapping.</param>
    /// <param name="space">The space with its place; null if something is wrong with it.</param>
    /// <param name="parameters">The names of the space's parameters.</param>
    public Training? Read(Field field, (Field Field, SearchSpace Space)? space, IReadOnlyCollection<string> parameters)
    {
        if (field.Node is not YamlMap map)
        {
            findings.Add(field, $"{field.Describe()}; expected command: COMMAND LINE, or learner: NAME with data: NAME");
            return null;
        }

        var isCommand = map.Entries.Any(entry => entry.Key.Value == "command");
        var isLearner = map.Entries.Any(entry => entry.Key.Value == "learner");
        if (isCommand == isLearner)
        {
            findings.Add(field, isCommand
                ? "command and learner stand together; drop one"
                : "neither a command nor a learner; expected command: COMMAND LINE, or learner: NAME with data: NAME");
            return null;
        }

        return isCommand ? Command(field, space?.Space, parameters) : new LearnerReader(findings, metrics, directory).Read(field, space);
    }

    private CommandTraining? Command(Field field, SearchSpace? space, IReadOnlyCollection<string> parameters)
    {
        if (Section.Open(field, findings, CommandKeys) is not { } section
            || section.Require("command", "a command line") is not { } at
            || at.Text(findings, "a command line; put it in quotes if it begins with a brace or a bracket") is not { } command)
        {
            return null;
        }

        CheckPlaceholders(at, command, parameters);
        CheckTemplate(at, command, space);
        var where = directory;
        if (section["directory"] is { } wanted && wanted.Text(findings, "a directory") is { } relative)
        {
            where = Path.GetFullPath(relative, directory);
            if (!Directory.Exists(where))
            {
                findings.Add(wanted, $"there is no directory '{relative}'");
            }
        }

        return new CommandTraining(command, where);
    }

    private void CheckPlaceholders(Field field, string command, IReadOnlyCollection<string> parameters)
    {
        foreach (var name in Placeholders(command).Distinct())
        {
            if (!parameters.Contains(name) && parameters.Count > 0)
            {
                findings.Add(field, $"the placeholder '{{{name}}}' names no parameter of the space{NearestName.Hint(name, parameters)}");
            }
        }
    }

    // What else the template does not allow: braces that do not match, parameters whose variables would be the same.
    private void CheckTemplate(Field field, string command, SearchSpace? space)
    {
        if (space is null || findings.Any)
        {
            return;
        }

        try
        {
            CommandTemplate.Parse(command, space);
        }
        catch (WorkerPoolException wrong)
        {
            findings.Add(field, wrong.Message);
        }
    }

    // What CommandTemplate takes for a placeholder: not {{, not ${…}, not after a backslash.
    private static IEnumerable<string> Placeholders(string command)
    {
        for (var i = 0; i < command.Length; i++)
        {
            if (command[i] == '\\' || (command[i] is '$' or '{' && i + 1 < command.Length && command[i + 1] == '{'))
            {
                i++;
            }
            else if (command[i] == '{' && command.IndexOf('}', i) is > 0 and var end)
            {
                yield return command[(i + 1)..end];
                i = end;
            }
        }
    }
}
