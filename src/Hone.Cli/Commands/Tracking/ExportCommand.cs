using System.CommandLine;
using System.Globalization;
using Hone.Tracking.Mlflow;
using Hone.Tracking.Store;

namespace Hone.Cli.Commands.Tracking;

/// <summary><c>hone export --to DIR</c>: writes the store as MLflow's store of files.</summary>
internal sealed class ExportCommand
{
    private readonly Option<string> _to = new("--to") { Description = "The folder to write; it must be empty or not be there.", HelpName = "DIR", Required = true };
    private readonly Option<string?> _experiment = new("--experiment") { Description = "Write this experiment or study alone.", HelpName = "NAME" };
    private readonly Option<string?> _artifacts = ArtifactOptions.Place();
    private readonly CommonOptions _common;
    private readonly Surroundings _surroundings;

    public ExportCommand(CommonOptions common, Surroundings surroundings)
    {
        _common = common;
        _surroundings = surroundings;
        Command = new Command("export", "Writes experiments, runs, models and files as MLflow's store of files, which MLflow reads.") { _to, _experiment, _artifacts };
        Command.SetAction(RunAsync);
    }

    /// <summary>The verb.</summary>
    public Command Command { get; }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var options = new MlflowExportOptions
        {
            Store = _common.Store(parsed),
            Folder = parsed.GetValue(_to)!,
            Experiment = parsed.GetValue(_experiment),
            Artifacts = parsed.GetValue(_artifacts),
        };
        try
        {
            var progress = new RunProgress(_common.IsQuiet(parsed) ? null : _surroundings.Errors, _surroundings.Time, "runs exported");
            Tell(parsed, options.Folder, await MlflowExport.RunAsync(options, _surroundings.Time, progress, cancellationToken));
            return ExitCode.Done;
        }
        catch (StudyStoreException wrong)
        {
            throw new CommandException(ExitCode.WrongInput, wrong.Message, wrong);
        }
    }

    private void Tell(ParseResult parsed, string folder, MlflowExportReport report)
    {
        if (_common.IsJson(parsed))
        {
            _surroundings.Output.WriteLine(JsonResult.Line(json =>
            {
                json.WriteString("folder", folder);
                json.WriteNumber("experiments", report.Experiments);
                json.WriteNumber("runs", report.Runs);
                json.WriteNumber("logged_models", report.LoggedModels);
                json.WriteNumber("models", report.Models);
                json.WriteNumber("files", report.Files);
                json.WriteStartArray("problems");
                report.Problems.ToList().ForEach(json.WriteStringValue);
                json.WriteEndArray();
            }));
            return;
        }

        report.Problems.ToList().ForEach(problem => _surroundings.Errors.WriteLine($"passed over {problem}"));
        if (!_common.IsQuiet(parsed))
        {
            _surroundings.Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{report.Runs} runs of {report.Experiments} experiments, {report.LoggedModels} logged models, {report.Models} registered models and {report.Files} files are in {folder}."));
        }
    }
}
