using System.CommandLine;
using Hone.Cli.Progress;
using Hone.Cli.StudyFiles;
using Hone.Tracking.Store;
using Hone.Tuning;
using Hone.Workers.Processes;
using Hone.Workers.SystemMetrics;

namespace Hone.Cli.Commands;

/// <summary><c>hone tune FILE</c>: runs the study that a file describes, or goes on with it.</summary>
internal sealed class TuneCommand
{
    private readonly Argument<string> _file = new("FILE") { Description = "The study file." };
    private readonly Option<bool> _new = new("--new") { Description = "Begin the study anew; a stored one of that name is kept under another name." };
    private readonly Option<int?> _workers = new("--workers") { Description = "How many trials run at once, whatever the file says.", HelpName = "N" };
    private readonly Option<int?> _trials = new("--trials") { Description = "How many trials there may be, whatever the file says.", HelpName = "N" };
    private readonly Option<string?> _time = new("--time") { Description = "How long to tune, whatever the file says, such as 10m.", HelpName = "DURATION" };
    private readonly Option<bool> _noReport = new("--no-report") { Description = "Write no report at the end." };
    private readonly CommonOptions _common;
    private readonly Surroundings _surroundings;

    public TuneCommand(CommonOptions common, Surroundings surroundings)
    {
        _common = common;
        _surroundings = surroundings;
        Command = new Command("tune", "Runs the study that a file describes, or goes on with it.") { _file, _new, _workers, _trials, _time, _noReport };
        Command.SetAction(RunAsync);
    }

    /// <summary>The verb.</summary>
    public Command Command { get; }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var path = _common.Store(parsed);
        var file = Override(StudyFileReader.Read(parsed.GetValue(_file)!), parsed);
        var pool = TrialProcesses.Of(file);
        pool.Validate(file.Study.Space);
        await using var store = await StoredStudies.OpenOrMakeAsync(path, _surroundings.Time, cancellationToken);
        var result = await TuneAsync(file, pool, store, path, parsed);
        var report = parsed.GetValue(_noReport) ? null : await ReportAsync(store, path, result, cancellationToken);
        await _surroundings.Output.WriteLineAsync(
            _common.IsJson(parsed) ? TuneSummary.Json(file.Study, result) : TuneSummary.Text(file.Study, result, report));
        return result.State == StudyState.Interrupted ? ExitCode.Interrupted
            : result.Best is null ? ExitCode.NothingComplete
            : ExitCode.Done;
    }

    private async Task<StudyResult> TuneAsync(StudyFile file, ProcessPoolOptions options, StudyStore store, string path, ParseResult parsed)
    {
        await using var journal = await store.OpenStudyAsync(file.Study, parsed.GetValue(_new));
        using var sampler = new SystemSampler(_surroundings.Time);
        var folder = TrialProcesses.Folder(path, file.Study.Name, journal.Experiment);
        await using var pool = new ProcessWorkerPool(options with { StudyDirectory = folder }, file.Study.Space, sampler, _surroundings.Time);
        await using var progress = TuneProgress.Of(file.Study, _surroundings, _common.IsQuiet(parsed), _common.IsVerbose(parsed));
        journal.Notice = progress.Notice;
        using var tuner = new Tuner(file.Study, pool, new ProgressJournal(journal, progress.See), _surroundings.Time);
        using var signals = new TuneSignals(tuner, progress.Notice, _surroundings.Time);
        return await tuner.RunAsync(signals.Kill);
    }

    private async Task<string?> ReportAsync(StudyStore store, string path, StudyResult result, CancellationToken cancellationToken)
    {
        var target = ReportCommand.UsualPath(path, result.Study);
        try
        {
            await ReportCommand.WriteAsync(store, result.Study, target, _surroundings.Time, cancellationToken);
            return target;
        }
        catch (CommandException wrong)
        {
            // The study is done and stored: a report that cannot be written must not change how that is told.
            await _surroundings.Errors.WriteLineAsync($"hone: {wrong.Message}");
            return null;
        }
    }

    private static StudyFile Override(StudyFile file, ParseResult parsed, Option<int?> workers, Option<int?> trials, Option<string?> duration)
    {
        var budget = file.Study.Budget;
        if (Count(parsed, trials) is { } most)
        {
            budget = budget with { Trials = most };
        }

        if (parsed.GetValue(duration) is { } text)
        {
            budget = Quantities.Duration(text, out var time) is { } wrong
                ? throw new CommandException(ExitCode.WrongInput, $"{duration.Name}: {wrong}")
                : budget with { Time = time };
        }

        return file with
        {
            Study = file.Study with { Budget = budget },
            Workers = file.Workers with { Count = Count(parsed, workers) ?? file.Workers.Count },
        };
    }

    private StudyFile Override(StudyFile file, ParseResult parsed) => Override(file, parsed, _workers, _trials, _time);

    private static int? Count(ParseResult parsed, Option<int?> option) => parsed.GetValue(option) is not { } count ? null
        : count >= 1 ? count
        : throw new CommandException(ExitCode.WrongInput, $"{option.Name}: '{count}' is out of range; expected a whole number of at least 1");
}
