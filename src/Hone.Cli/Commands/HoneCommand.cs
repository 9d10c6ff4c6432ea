using System.CommandLine;
using System.CommandLine.Help;
using Hone.Cli.Commands.Pipelines;
using Hone.Cli.Commands.Runs;
using Hone.Cli.Commands.Tracking;
using Hone.Cli.StudyFiles;
using Hone.Learning.Data;
using Hone.Pipelines;
using Hone.Pipelines.Stages;
using Hone.Tracking.Store;
using Hone.Workers;

namespace Hone.Cli.Commands;

/// <summary>The program: finds the verb, runs it, and turns what goes wrong into a message and an exit code.</summary>
internal static class HoneCommand
{
    /// <summary>Runs one command line.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] arguments, Surroundings surroundings)
    {
        var common = new CommonOptions();
        var root = Root(common, surroundings);
        var parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpExamples)
        {
            return Refuse(parsed, root, arguments, surroundings.Errors);
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = surroundings.Output,
                Error = surroundings.Errors,
            });
        }
        catch (StudyFileException wrong)
        {
            wrong.Problems.ToList().ForEach(surroundings.Errors.WriteLine);
            return ExitCode.WrongInput;
        }
        catch (Exception wrong)
        {
            // The one place where every exception ends: a message for the user, and no trace unless it was asked for.
            surroundings.Errors.WriteLine($"hone: {wrong.Message}");
            Explain(wrong, common.IsVerbose(parsed), surroundings.Errors);
            return CodeOf(wrong);
        }
    }

    private static RootCommand Root(CommonOptions common, Surroundings surroundings)
    {
        var root = new RootCommand("Tunes any training program under a budget, and stops the trials that are not worth finishing.");
        common.AddTo(root);
        root.Subcommands.Add(new TuneCommand(common, surroundings).Command);
        root.Subcommands.Add(new AblateCommand(common, surroundings).Command);
        root.Subcommands.Add(new StudiesCommand(common, surroundings).Command);
        root.Subcommands.Add(new TrialsCommand(common, surroundings).Command);
        root.Subcommands.Add(new BestCommand(common, surroundings).Command);
        root.Subcommands.Add(new ReportCommand(common, surroundings).Command);
        root.Subcommands.Add(new AnalyzeCommand(common, surroundings).Command);
        root.Subcommands.Add(new ReplayCommand(common, surroundings).Command);
        root.Subcommands.Add(new CompareCommand(common, surroundings).Command);
        root.Subcommands.Add(new TrainCommand(surroundings).Command);
        root.Subcommands.Add(new PredictCommand(surroundings).Command);
        var data = new DataCommand(common, surroundings).Command;
        root.Subcommands.Add(data);
        root.Subcommands.Add(new RunCommand(common, surroundings).Command);
        root.Subcommands.Add(new ServerCommand(common, surroundings).Command);
        root.Subcommands.Add(new UsersCommand(common, surroundings).Command);
        var backup = new BackupCommand(common, surroundings);
        root.Subcommands.Add(backup.Backup);
        root.Subcommands.Add(backup.Restore);
        root.Subcommands.Add(new ModelsCommand(common, surroundings).Command);
        root.Subcommands.Add(new ImportCommand(common, surroundings).Command);
        root.Subcommands.Add(new ExportCommand(common, surroundings).Command);
        PipelineVerbs.AddTo(root, data, new PipelineContext(common, surroundings) { Stages = StageOutputs.Of });
        StageVerbs.AddTo(root, common, surroundings);
        foreach (var option in root.Options)
        {
            if (option is HelpOption { Action: HelpAction help })
            {
                option.Action = new HelpExamples(help);
            }
        }

        return root;
    }

    private static int CodeOf(Exception wrong) => wrong switch
    {
        CommandException command => command.ExitCode,
        PipelineException pipeline => (int)pipeline.Kind,
        StudyMismatchException or WorkerPoolException or DataException => ExitCode.WrongInput,
        _ => ExitCode.Failed,
    };

    private static void Explain(Exception wrong, bool isVerbose, TextWriter errors)
    {
        if (isVerbose)
        {
            errors.WriteLine(wrong);
        }
        else if (wrong is not (CommandException or StudyMismatchException or StudyLockedException or StudyStoreException or WorkerPoolException
            or DataException or PipelineException or IOException or UnauthorizedAccessException))
        {
            errors.WriteLine($"This should not have happened ({wrong.GetType().Name}). The same command with --verbose shows where it did.");
        }
    }

    private static int Refuse(ParseResult parsed, RootCommand root, string[] arguments, TextWriter errors)
    {
        var verbs = root.Subcommands.Select(command => command.Name).ToList();
        var command = parsed.CommandResult.Command;
        if (command == root)
        {
            var first = arguments.FirstOrDefault(argument => !argument.StartsWith('-'));
            if (first is not null && !verbs.Contains(first))
            {
                errors.WriteLine($"hone: there is no verb '{first}'{NearestName.Hint(first, verbs)}");
                return ExitCode.WrongInput;
            }

            if (first is null && parsed.UnmatchedTokens.Count == 0)
            {
                errors.WriteLine($"hone: what is to be done? Expected {NearestName.Choices(verbs)}; hone --help tells more");
                return ExitCode.WrongInput;
            }
        }

        foreach (var message in Messages(parsed, command, root))
        {
            errors.WriteLine($"hone{(command == root ? "" : $" {command.Name}")}: {message}");
        }

        errors.WriteLine($"hone {(command == root ? "" : command.Name + " ")}--help shows what can be said");
        return ExitCode.WrongInput;
    }

    // The library names types of .NET, and arguments without their names.
    private static string Plain(string message, Command command)
    {
        var quoted = message.Split('\'');
        return message.StartsWith("Cannot parse argument", StringComparison.Ordinal) && quoted.Length > 4
            ? $"{quoted[3]}: '{quoted[1]}' is no whole number"
            : message.StartsWith("Required argument missing", StringComparison.Ordinal) && command.Arguments.Count > 0
            ? $"{command.Arguments[0].Name} is missing: {command.Arguments[0].Description?.TrimEnd('.')}"
            : message.TrimEnd('.');
    }

    private static IEnumerable<string> Messages(ParseResult parsed, Command command, RootCommand root)
    {
        string[] options = [.. command.Options.Concat(root.Options).Select(option => option.Name)];
        foreach (var token in parsed.UnmatchedTokens)
        {
            yield return token.StartsWith('-')
                ? $"there is no option '{token}'{NearestName.Hint(token, options)}"
                : $"'{token}' is one argument too many";
        }

        foreach (var error in parsed.Errors.Where(error => !parsed.UnmatchedTokens.Any(token => error.Message.Contains($"'{token}'", StringComparison.Ordinal))))
        {
            yield return Plain(error.Message, command);
        }
    }
}
