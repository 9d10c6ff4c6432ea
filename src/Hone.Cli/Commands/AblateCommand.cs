using System.CommandLine;
using Hone.Ablation;
using Hone.Cli.AblationFiles;
using Hone.Cli.Progress;
using Hone.Cli.StudyFiles;
using Hone.Dashboard;
using Hone.Space;
using Hone.Tracking.Store;
using Hone.Tuning;
using Hone.Workers.Processes;
using Hone.Workers.SystemMetrics;

namespace Hone.Cli.Commands;

/// <summary><c>hone ablate FILE</c>: runs the plan that a file describes, or goes on with it, and says what each component contributes.</summary>
internal sealed class AblateCommand
{
    private readonly Argument<string> _file = new("FILE") { Description = "The ablation file." };
    private readonly Option<bool> _new = new("--new") { Description = "Begin the plan anew; a stored one of that name is kept under another name." };
    private readonly Option<int?> _workers = new("--workers") { Description = "How many trials run at once, whatever the file says.", HelpName = "N" };
    private readonly Option<int?> _seeds = new("--seeds") { Description = "The most seeds an arm gets, whatever the file says.", HelpName = "N" };
    private readonly Option<string?> _out = new("--out", "-o")
    {
        Description = "Where to write the page; the default is reports/NAME.ablation.html beside the store.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _noReport = new("--no-report") { Description = "Write no page." };
    private readonly CommonOptions _common;
    private readonly Surroundings _surroundings;

    public AblateCommand(CommonOptions common, Surroundings surroundings)
    {
        _common = common;
        _surroundings = surroundings;
        Command = new Command("ablate", "Leaves out components of a model or program, one by one or together, and tests what each contributes and costs.")
        {
            _file, _new, _workers, _seeds, _out, _noReport,
        };
        Command.SetAction(RunAsync);
    }

    /// <summary>The verb.</summary>
    public Command Command { get; }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var path = _common.Store(parsed);
        var file = Override(AblationFileReader.Read(parsed.GetValue(_file)!), parsed);
        await using var store = await StoredStudies.OpenOrMakeAsync(path, _surroundings.Time, cancellationToken);
        var plan = await PlanAsync(file, store, path, cancellationToken);
        var study = file.Study(plan);
        var result = await RunAsync(study, file, store, path, parsed);
        var answers = AblationResult.Of(plan, (await store.ReadStudyAsync(study.Name, history: false, cancellationToken))!, file.Costs);
        if (!parsed.GetValue(_noReport))
        {
            await ReportAsync(study.Name, answers, parsed.GetValue(_out) ?? ReportCommand.UsualPath(path, study.Name + ".ablation"));
        }

        if (_common.IsJson(parsed))
        {
            await _surroundings.Output.WriteLineAsync(AblationJson.Line(result, answers));
        }
        else
        {
            AblationText.Write(study.Name, answers, _surroundings.Output);
        }

        return result.State == StudyState.Interrupted ? ExitCode.Interrupted
            : result.Complete == 0 ? ExitCode.NothingComplete
            : ExitCode.Done;
    }

    private async Task ReportAsync(string name, AblationResult answers, string page)
    {
        try
        {
            PageFile.Write(page, stream => AblationReport.Write(name, answers, stream, _surroundings.Time.GetUtcNow()));
        }
        catch (CommandException wrong)
        {
            // The trials are done and stored: a page that cannot be written must not keep the answers back.
            await _surroundings.Errors.WriteLineAsync($"hone: {wrong.Message}");
        }
    }

    private async Task<StudyResult> RunAsync(Study study, AblationFile file, StudyStore store, string path, ParseResult parsed)
    {
        var processes = TrialProcesses.Of(new StudyFile { Study = study, Training = file.Training, Workers = file.Workers });
        processes.Validate(study.Space);
        await using var journal = await store.OpenStudyAsync(study, parsed.GetValue(_new));
        using var system = new SystemSampler(_surroundings.Time);
        var folder = TrialProcesses.Folder(path, study.Name, journal.Experiment);
        await using var pool = new ProcessWorkerPool(processes with { StudyDirectory = folder }, study.Space, system, _surroundings.Time);
        await using var progress = TuneProgress.Of(study, _surroundings, _common.IsQuiet(parsed), _common.IsVerbose(parsed));
        journal.Notice = progress.Notice;
        using var tuner = new Tuner(study, pool, new ProgressJournal(journal, progress.See), _surroundings.Time);
        using var signals = new TuneSignals(tuner, progress.Notice, _surroundings.Time);
        return await tuner.RunAsync(signals.Kill);
    }

    private static async Task<AblationPlan> PlanAsync(AblationFile file, StudyStore store, string path, CancellationToken cancellationToken)
    {
        IReadOnlyList<KeyValuePair<string, ParameterValue>> best = [];
        if (file.BestOf is { } study)
        {
            var found = await store.ReadBestAsync(study, cancellationToken: cancellationToken)
                ?? throw await StoredStudies.UnknownAsync(store, path, study, cancellationToken);
            best = found.Trials.Count > 0
                ? found.Trials[0].Parameters
                : throw new CommandException(ExitCode.NothingComplete, $"no trial of '{study}' is complete, within the constraints and finite: there is no best one to ablate");
        }

        try
        {
            var plan = file.Plan(best);
            ArmCheck.Networks(plan, file.Training);
            return Twice(file.Training, plan) is { } name
                ? throw new CommandException(ExitCode.WrongInput, $"{file.Path}: '{name}' is in the best trial of '{file.BestOf}' and in train; drop it from train")
                : plan;
        }
        catch (Exception wrong) when (wrong is AblationPlanException or SearchSpaceException)
        {
            throw new CommandException(ExitCode.WrongInput, $"{file.Path}: {wrong.Message}", wrong);
        }
    }

    private static string? Twice(Training training, AblationPlan plan) => (training as LearnerTraining)?.Settings
        .Select(setting => setting.Key).FirstOrDefault(name => plan.Space.IndexOf(name) >= 0);

    private AblationFile Override(AblationFile file, ParseResult parsed) => file with
    {
        Options = file.Options with { Seeds = Count(parsed, _seeds, 2) ?? file.Options.Seeds },
        Workers = file.Workers with { Count = Count(parsed, _workers, 1) ?? file.Workers.Count },
    };

    private static int? Count(ParseResult parsed, Option<int?> option, int least) => parsed.GetValue(option) is not { } count ? null
        : count >= least ? count
        : throw new CommandException(ExitCode.WrongInput, $"{option.Name}: '{count}' is out of range; expected a whole number of at least {least}");
}
