using System.CommandLine;
using System.Globalization;
using Hone.Tracking.Runs;
using Hone.Tracking.Store;

namespace Hone.Cli.Commands.Tracking;

/// <summary><c>hone server gc</c>: removes for good what was deleted. <c>hone gc</c> is of the data under version control.</summary>
internal sealed class ServerGarbageCommand
{
    private readonly Option<int> _days = new("--older-than")
    {
        Description = "Remove what was deleted more days ago than this; 0: everything deleted.",
        HelpName = "DAYS",
        DefaultValueFactory = _ => 30,
    };

    private readonly Option<bool> _dry = new("--dry") { Description = "Only tell what would be removed." };
    private readonly Option<string?> _artifacts = ArtifactOptions.Place();
    private readonly CommonOptions _common;
    private readonly Surroundings _surroundings;

    public ServerGarbageCommand(CommonOptions common, Surroundings surroundings)
    {
        _common = common;
        _surroundings = surroundings;
        Command = new Command("gc", "Removes deleted experiments, runs and logged models for good, with their files.") { _days, _dry, _artifacts };
        Command.SetAction(RunAsync);
    }

    /// <summary>The verb.</summary>
    public Command Command { get; }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_days) is not (>= 0 and <= 36_500 and var days))
        {
            throw new CommandException(ExitCode.WrongInput, $"--older-than: {parsed.GetValue(_days)} is no number of days; expected 0 or more");
        }

        var options = new TrackingGarbageOptions
        {
            Store = _common.Store(parsed),
            Artifacts = parsed.GetValue(_artifacts),
            OlderThan = TimeSpan.FromDays(days),
            IsDry = parsed.GetValue(_dry),
        };
        try
        {
            Tell(parsed, await TrackingGarbage.RemoveAsync(options, _surroundings.Time, cancellationToken), options.IsDry);
            return ExitCode.Done;
        }
        catch (StudyStoreException wrong)
        {
            throw new CommandException(ExitCode.WrongInput, wrong.Message, wrong);
        }
    }

    private void Tell(ParseResult parsed, TrackingGarbageReport report, bool isDry)
    {
        if (_common.IsJson(parsed))
        {
            _surroundings.Output.WriteLine(JsonResult.Line(json =>
            {
                json.WriteBoolean("dry", isDry);
                json.WriteNumber("experiments", report.Experiments);
                json.WriteNumber("runs", report.Runs);
                json.WriteNumber("logged_models", report.LoggedModels);
                json.WriteNumber("kept", report.Kept);
            }));
        }
        else if (!_common.IsQuiet(parsed))
        {
            var kept = report.Kept == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" {report.Kept} deleted runs stay: versions of registered models are made of their files.");
            _surroundings.Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{report.Experiments} experiments, {report.Runs} runs and {report.LoggedModels} logged models {(isDry ? "would be removed" : "removed")} for good.{kept}"));
        }
    }
}
