using System.CommandLine;
using System.Text.Json;
using Hone.Cli.StudyFiles;
using Hone.Learning.Training;

namespace Hone.Cli.Commands;

/// <summary>
/// <c>hone train</c>: trains a built-in learner, as a training program like any other. In a trial it takes the settings that are not in its
/// command line from the trial's parameters of the same names.
/// </summary>
internal sealed class TrainCommand
{
    private readonly Dictionary<string, Option<string?>> _options = [];
    private readonly Option<string?> _metrics = new("--metrics") { Description = "Also write the last value of each metric to a file, as JSON.", HelpName = "FILE" };
    private readonly Surroundings _surroundings;

    public TrainCommand(Surroundings surroundings)
    {
        _surroundings = surroundings;
        Command = new Command("train", "Trains a built-in learner once, and prints how well it does as lines of JSON.");
        foreach (var setting in TrainSettings.All)
        {
            var option = new Option<string?>(setting.Option) { Description = setting.Meaning, HelpName = HelpName(setting) };
            _options.Add(setting.Name, option);
            Command.Options.Add(option);
        }

        Command.Options.Add(_metrics);
        Command.SetAction(Run);
    }

    /// <summary>The verb.</summary>
    public Command Command { get; }

    private static string HelpName(TrainSetting setting) => setting.Expects.StartsWith("one of ", StringComparison.Ordinal)
        ? setting.Expects["one of ".Length..].Replace(", ", "|", StringComparison.Ordinal)
        : setting.Expects.Contains("number", StringComparison.Ordinal) ? "N" : "TEXT";

    private int Run(ParseResult parsed)
    {
        var settings = OfTheTrial();
        foreach (var (name, option) in _options)
        {
            if (parsed.GetValue(option) is { } value)
            {
                settings[name] = value;
            }
        }

        try
        {
            var options = WithNetwork(TrainSettings.Parse(settings));
            if (parsed.GetValue(_metrics) is not { } file)
            {
                return TrainingRun.Run(options, _surroundings.Output, _surroundings.Errors);
            }

            using var reports = new LastReports(_surroundings.Output);
            var exitCode = TrainingRun.Run(options, reports, _surroundings.Errors);
            reports.WriteTo(file);
            return exitCode;
        }
        catch (TrainOptionsException wrong)
        {
            throw new CommandException(ExitCode.WrongInput, wrong.Message, wrong);
        }
    }

    private static TrainOptions WithNetwork(TrainOptions options) =>
        options.Model is { } path ? options with { Network = NetworkReader.Read(path) } : options;

    // Parameters that are no settings are somebody else's: a command of the user's own may call hone train among other things.
    private static Dictionary<string, string> OfTheTrial()
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Environment.GetEnvironmentVariable("HONE_PARAMETERS") is not { Length: > 0 } text)
        {
            return settings;
        }

        try
        {
            using var parameters = JsonDocument.Parse(text);
            foreach (var parameter in parameters.RootElement.EnumerateObject().Where(p => TrainSettings.Find(p.Name) is not null))
            {
                settings[parameter.Name] = parameter.Value.ToString();
            }

            return settings;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            throw new CommandException(ExitCode.WrongInput, $"HONE_PARAMETERS is no JSON object: {wrong.Message}", wrong);
        }
    }
}
