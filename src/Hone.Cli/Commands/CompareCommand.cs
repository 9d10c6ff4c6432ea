using System.CommandLine;
using System.Globalization;
using Hone.Analysis.Comparing;
using Hone.Cli.StudyFiles;
using Hone.Dashboard;
using Hone.Learning.Scores;
using Hone.Trials;

namespace Hone.Cli.Commands;

/// <summary><c>hone compare STUDY…</c>: which of several tuned models is better, over folds or data sets.</summary>
internal sealed class CompareCommand
{
    private const string ByFolds = "folds";
    private const string ByData = "data";

    private readonly Argument<string[]> _studies = new("STUDY")
    {
        Description = "Names of the studies, each of one model on one data set; * stands for any characters.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _metric = new("--metric", "-m") { Description = "The metric to compare; the default is the objective.", HelpName = "NAME" };
    private readonly Option<string?> _goal = new("--goal") { Description = "Which values of the metric are better: minimize or maximize.", HelpName = "GOAL" };
    private readonly Option<string?> _alpha = new("--alpha") { Description = "Level of all tests; default 0.05.", HelpName = "LEVEL" };
    private readonly Option<string[]> _model = new("--model")
    {
        Description = "What a study's model is called; the default is its learner. May be repeated.",
        HelpName = "STUDY=NAME",
    };

    private readonly Option<string[]> _data = new("--data")
    {
        Description = "What a study's data set is called, or with a NAME alone that of all; the default is as in its study file. May be repeated.",
        HelpName = "STUDY=NAME",
    };

    private readonly Option<string?> _blocks = new("--blocks")
    {
        Description = "With several data sets: data, the default, counts each of them once, folds counts each of their folds.",
        HelpName = "KIND",
    };

    private readonly Option<string?> _testShare = new("--test-share")
    {
        Description = "Share of the rows that each fold is judged by; the default is as in the study file, or 1/k for k folds.",
        HelpName = "SHARE",
    };

    private readonly Option<bool> _completeOnly = new("--complete-only") { Description = "Leave out blocks on which a model has no score." };
    private readonly Option<string?> _out = new("--out", "-o") { Description = "Also write a page with the charts.", HelpName = "FILE" };
    private readonly CommonOptions _common;
    private readonly Surroundings _surroundings;

    public CompareCommand(CommonOptions common, Surroundings surroundings)
    {
        _common = common;
        _surroundings = surroundings;
        Command = new Command("compare", "Tests which of several tuned models is better, over folds or data sets.")
        {
            _studies, _metric, _goal, _alpha, _model, _data, _blocks, _testShare, _completeOnly, _out,
        };
        Command.SetAction(RunAsync);
    }

    /// <summary>The verb.</summary>
    public Command Command { get; }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var alpha = Share(parsed, _alpha);
        var testShare = Share(parsed, _testShare);
        var isByFolds = Word(parsed, _blocks, ByData, ByFolds) == ByFolds;
        var goal = Word(parsed, _goal, JsonResult.Word(Goal.Minimize), JsonResult.Word(Goal.Maximize));
        var contenders = await ReadAsync(parsed, cancellationToken);
        if (contenders.FirstOrDefault(contender => contender.Best is null) is { } without && !parsed.GetValue(_completeOnly))
        {
            throw new CommandException(
                ExitCode.NothingComplete, $"no trial of '{without.Study}' is complete, within the constraints and finite: go on with it, or leave its block out with --complete-only");
        }

        var metric = Metric(parsed.GetValue(_metric), contenders);
        var comparison = Compare(contenders, new ComparisonOptions
        {
            Metric = metric,
            Goal = goal is not null ? Enum.Parse<Goal>(goal, ignoreCase: true)
                : contenders.Any(contender => contender.Has(metric)) ? GoalOf(metric, contenders)
                : Goal.Minimize,
            Alpha = alpha ?? 0.05,
            FoldsAsBlocks = isByFolds,
            CompleteOnly = parsed.GetValue(_completeOnly),
            TestShare = testShare,
        });
        if (parsed.GetValue(_out) is { } page)
        {
            PageFile.Write(page, stream => ComparisonReport.Write(comparison, stream, _surroundings.Time.GetUtcNow()));
        }

        if (_common.IsJson(parsed))
        {
            await _surroundings.Output.WriteLineAsync(CompareJson.Line(comparison));
        }
        else
        {
            CompareText.Write(comparison, _surroundings.Output);
        }

        return ExitCode.Done;
    }

    private async Task<IReadOnlyList<Contender>> ReadAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var path = _common.Store(parsed);
        await using var store = await StoredStudies.OpenAsync(path, _surroundings.Time, cancellationToken);
        var compared = new ComparedStudies(store, path);
        var names = await compared.NamesAsync(parsed.GetValue(_studies)!, cancellationToken);
        var models = StudyNames.Read(_model.Name, parsed.GetValue(_model) ?? [], names, isForAll: false);
        var data = StudyNames.Read(_data.Name, parsed.GetValue(_data) ?? [], names, isForAll: true);
        return await compared.ReadAsync(names, models, data, cancellationToken);
    }

    private static StudyComparison Compare(IReadOnlyList<Contender> contenders, ComparisonOptions options)
    {
        try
        {
            return StudyComparison.Of(contenders, options);
        }
        catch (StudyComparisonException wrong)
        {
            throw new CommandException(ExitCode.WrongInput, wrong.Message, wrong);
        }
    }

    private string Metric(string? named, IReadOnlyList<Contender> contenders)
    {
        string[] objectives = [.. contenders.Select(contender => contender.Objective.Metric).Distinct(StringComparer.Ordinal)];
        return named ?? (objectives.Length == 1
            ? objectives[0]
            : throw new CommandException(
                ExitCode.WrongInput, $"the studies have different objectives, {NearestName.Choices(objectives).Replace(" or ", " and ", StringComparison.Ordinal)}: expected {_metric.Name} with what to compare"));
    }

    // As the studies say it of their objectives, otherwise as is known of scores, losses and costs.
    private Goal GoalOf(string metric, IReadOnlyList<Contender> contenders)
    {
        Goal[] goals = [.. contenders.Where(contender => contender.Objective.Metric == metric).Select(contender => contender.Objective.Goal).Distinct()];
        var score = Score.Find(metric[(metric.LastIndexOf('/') + 1)..].Replace("validation_", "", StringComparison.Ordinal));
        return goals.Length == 1 ? goals[0]
            : goals.Length == 0 && score is not null ? score.Goal
            : goals.Length == 0 && (metric.StartsWith("system/", StringComparison.Ordinal) || metric.EndsWith("loss", StringComparison.Ordinal)) ? Goal.Minimize
            : throw new CommandException(
                ExitCode.WrongInput, $"{(goals.Length > 1 ? $"some studies minimize '{metric}' and some maximize it" : $"is '{metric}' better small or large?")}; expected {_goal.Name} minimize or {_goal.Name} maximize");
    }

    private static string? Word(ParseResult parsed, Option<string?> option, params string[] words) => parsed.GetValue(option) is not { } word ? null
        : words.Contains(word) ? word
        : throw new CommandException(ExitCode.WrongInput, $"{option.Name}: '{word}' is not known here{NearestName.Hint(word, words)}");

    private static double? Share(ParseResult parsed, Option<string?> option) => parsed.GetValue(option) is not { } text ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var share) && share is > 0 and < 1 ? share
        : throw new CommandException(ExitCode.WrongInput, $"{option.Name}: '{text}' is out of place; expected a number above 0 and below 1");
}
