using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Hone.Analysis;
using Hone.Pipelines.Lineage;
using Hone.Pipelines.Repositories;

namespace Hone.Cli.Commands;

/// <summary><c>hone data of WHAT</c>: which versions of data and pipeline a trial or a file came from.</summary>
internal sealed class DataOfCommand
{
    private readonly Argument<string> _what = new("WHAT")
    {
        Description = "A trial as STUDY/NUMBER, a study for its best trial, or a file or folder that a stage made, such as a model.",
    };

    private readonly CommonOptions _common;
    private readonly Surroundings _surroundings;

    public DataOfCommand(CommonOptions common, Surroundings surroundings)
    {
        _common = common;
        _surroundings = surroundings;
        Command = new Command("of", "Goes back from a trial or a model to the data and the pipeline that it came from.") { _what };
        Command.SetAction(RunAsync);
    }

    /// <summary>The verb.</summary>
    public Command Command { get; }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var what = parsed.GetValue(_what)!;
        var line = Path.Exists(what) ? await OfFileAsync(what, parsed, cancellationToken) : await OfTrialAsync(what, parsed, cancellationToken);
        await _surroundings.Output.WriteLineAsync(line);
        return ExitCode.Done;
    }

    private async Task<string> OfFileAsync(string path, ParseResult parsed, CancellationToken cancellationToken)
    {
        using var repository = Repository.Find(Environment.CurrentDirectory);
        var origin = await FileOrigin.FindAsync(repository, repository.RelativePath(Path.GetFullPath(path)), cancellationToken)
            ?? throw new CommandException(
                ExitCode.Failed, $"no stage made '{path}' as it is now: no dvc.lock names its content, here or in Git's history. hone status tells what changed since");
        if (_common.IsJson(parsed))
        {
            return JsonResult.Line(json =>
            {
                json.WriteString("path", origin.Path);
                json.WriteString("md5", origin.Md5);
                json.WriteString("commit", origin.Commit);
                json.WriteString("stage", origin.Stage);
                Rows(json, "reads", origin.Reads, read =>
                {
                    json.WriteString("path", read.Path);
                    json.WriteString("md5", read.Md5);
                    json.WriteString("stage", read.Stage);
                });
            });
        }

        var at = origin.Commit is null ? "as dvc.lock says" : $"as dvc.lock said in commit {origin.Commit[..10]}";
        return Text(
            $"{origin.Path} ({origin.Md5}) is an output of the stage '{origin.Stage}', {at}",
            origin.Reads.Select(read => (read.Path, read.Md5, read.Stage is null ? "no stage's" : $"of stage {read.Stage}")),
            origin.Commit is null ? null : origin.Commit);
    }

    private async Task<string> OfTrialAsync(string what, ParseResult parsed, CancellationToken cancellationToken)
    {
        var (study, trial) = await FindAsync(what, parsed, cancellationToken);
        var versions = DataVersions.Of(trial.Tags);
        if (_common.IsJson(parsed))
        {
            return JsonResult.Line(json =>
            {
                json.WriteString("study", study);
                json.WriteNumber("trial", trial.Number);
                json.WriteString("commit", versions?.Commit);
                json.WriteString("stage", versions?.Stage);
                json.WriteString("lock", versions?.Lock);
                Rows(json, "data", versions?.Data ?? [], one =>
                {
                    json.WriteString("path", one.Key);
                    json.WriteString("md5", one.Value);
                });
            });
        }

        if (versions is null)
        {
            throw new CommandException(ExitCode.Failed, string.Create(
                CultureInfo.InvariantCulture, $"trial {trial.Number} of '{study}' did not run in a data repository: which data it read was not recorded"));
        }

        var stage = versions.Stage is null ? "" : $" as the stage '{versions.Stage}' (lock {versions.Lock})";
        var commit = versions.Commit is null ? "" : $" at commit {versions.Commit}";
        return Text(
            string.Create(CultureInfo.InvariantCulture, $"trial {trial.Number} of {study} ran{stage}{commit}"),
            versions.Data.Select(one => (one.Key, one.Value, "")),
            versions.Commit);
    }

    private async Task<(string Study, TrialRecord Trial)> FindAsync(string what, ParseResult parsed, CancellationToken cancellationToken)
    {
        var path = _common.Store(parsed);
        await using var store = await StoredStudies.OpenAsync(path, _surroundings.Time, cancellationToken);
        if (await store.ReadBestAsync(what, cancellationToken: cancellationToken) is { } best)
        {
            return best.Trials.Count > 0
                ? (what, best.Trials[0])
                : throw new CommandException(ExitCode.NothingComplete, $"no trial of '{what}' is complete, within the constraints and finite; name one as {what}/1");
        }

        var slash = what.LastIndexOf('/');
        if (slash <= 0 || !int.TryParse(what[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            throw await StoredStudies.UnknownAsync(store, path, what, cancellationToken);
        }

        var study = what[..slash];
        await foreach (var trial in store.ReadTrialsAsync(study, history: false, cancellationToken))
        {
            if (trial.Number == number)
            {
                return (study, trial);
            }
        }

        throw await store.ReadStudyAsync(study, history: false, cancellationToken) is null
            ? await StoredStudies.UnknownAsync(store, path, study, cancellationToken)
            : new CommandException(ExitCode.WrongInput, string.Create(CultureInfo.InvariantCulture, $"the study '{study}' has no trial {number}; hone trials {study} lists them"));
    }

    private static string Text(string first, IEnumerable<(string Path, string Md5, string Note)> reads, string? commit)
    {
        var rows = reads.ToList();
        var lines = new List<string> { first };
        if (rows.Count > 0)
        {
            var width = rows.Max(row => row.Path.Length);
            lines.Add("it read");
            lines.AddRange(rows.Select(row => $"  {row.Path.PadRight(width)}  {row.Md5}  {row.Note}".TrimEnd()));
        }

        if (commit is not null)
        {
            lines.Add($"to have all of it back: git checkout {commit[..10]} && hone checkout");
        }

        return string.Join('\n', lines);
    }

    private static void Rows<T>(Utf8JsonWriter json, string name, IEnumerable<T> rows, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (var row in rows)
        {
            json.WriteStartObject();
            write(row);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
