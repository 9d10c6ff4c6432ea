using System.CommandLine;
using System.Globalization;
using Hone.Tracking.Mlflow;
using Hone.Tracking.Store;

namespace Hone.Cli.Commands.Tracking;

/// <summary><c>hone import mlflow SOURCE</c>: brings what MLflow's stores hold into this one.</summary>
internal sealed class ImportCommand
{
    private readonly Argument<string> _source = new("SOURCE") { Description = "A folder of MLflow's files, such as mlruns, or its SQLite database: a file or sqlite:///FILE." };
    private readonly Option<bool> _copies = new("--copy-artifacts") { Description = "Copy the files of runs and models too; otherwise runs say where they lie." };

    private readonly Option<string?> _served = new("--served-from")
    {
        Description = "With --copy-artifacts: the folder in which MLflow's server kept files, such as mlartifacts.",
        HelpName = "DIR",
    };

    private readonly Option<string?> _artifacts = ArtifactOptions.Place();
    private readonly CommonOptions _common;
    private readonly Surroundings _surroundings;

    public ImportCommand(CommonOptions common, Surroundings surroundings)
    {
        _common = common;
        _surroundings = surroundings;
        var mlflow = new Command("mlflow", "Brings runs, metrics, models and files of MLflow's stores in. A second time adds nothing.") { _source, _copies, _served, _artifacts };
        mlflow.SetAction(RunAsync);
        Command = new Command("import", "Brings in what other programs keep.") { mlflow };
    }

    /// <summary>The verb.</summary>
    public Command Command { get; }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var options = new MlflowImportOptions
        {
            Source = parsed.GetValue(_source)!,
            Store = _common.Store(parsed),
            Artifacts = parsed.GetValue(_artifacts),
            CopiesArtifacts = parsed.GetValue(_copies),
            ServedFolder = parsed.GetValue(_served),
        };
        try
        {
            var progress = new RunProgress(_common.IsQuiet(parsed) ? null : _surroundings.Errors, _surroundings.Time, "runs imported");
            Tell(parsed, await MlflowImport.RunAsync(options, _surroundings.Time, progress, cancellationToken));
            return ExitCode.Done;
        }
        catch (StudyStoreException wrong)
        {
            throw new CommandException(ExitCode.WrongInput, wrong.Message, wrong);
        }
    }

    private void Tell(ParseResult parsed, MlflowImportReport report)
    {
        if (_common.IsJson(parsed))
        {
            _surroundings.Output.WriteLine(JsonResult.Line(json =>
            {
                json.WriteNumber("experiments", report.Experiments);
                json.WriteNumber("runs", report.Runs);
                json.WriteNumber("known_runs", report.KnownRuns);
                json.WriteNumber("logged_models", report.LoggedModels);
                json.WriteNumber("versions", report.Versions);
                json.WriteNumber("files", report.Files);
                json.WriteNumber("skipped", report.Skipped);
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
                $"{report.Runs} runs imported, {report.KnownRuns} were there; {report.Experiments} experiments, {report.LoggedModels} logged models, {report.Versions} versions of registered models, {report.Files} files; {report.Skipped} things passed over."));
        }
    }
}
