using Hone.Ablation;
using Hone.Cli.StudyFiles;
using Hone.Space;
using Hone.Trials;
using Hone.Tuning;
using Hone.Workers.SystemMetrics;

namespace Hone.Cli.AblationFiles;

/// <summary>Reads an ablation file: every key is checked, and everything that is wrong is told at once.</summary>
internal sealed class AblationFileReader
{
    private const string BestOf = "best_of";
    private const string Same = "same";
    private const string SplitSeed = "split_seed";

    private static readonly string[] Keys =
    [
        "ablation", "objective", "base", "leave_out", "design", "seeds", "first_seed", "splits", "race", "alpha", "margin", "costs", "stop", "budget", "retries", "workers",
        "retune", "train",
    ];

    private static readonly (string Word, AblationDesign Design)[] Designs =
    [
        ("one_out", AblationDesign.OneOut), ("one_in", AblationDesign.OneIn), ("pairs", AblationDesign.Pairs),
        ("factorial", AblationDesign.Factorial), ("fractional", AblationDesign.Fractional), ("path", AblationDesign.Path),
    ];

    private static readonly string[] UsualCosts =
    [
        SystemMetric.MeanStepSeconds, SystemMetric.StepCpuSeconds, SystemMetric.CpuSeconds, SystemMetric.MemoryPeakMegabytes,
        SystemMetric.GpuMemoryMegabytes, SystemMetric.EnergyJoules,
    ];

    private readonly Findings _findings;
    private readonly MetricNames _metrics;
    private readonly string _path;

    private AblationFileReader(Findings findings, string path)
    {
        _findings = findings;
        _metrics = new MetricNames(findings);
        _path = path;
    }

    /// <summary>Reads the file at a path.</summary>
    /// <param name="path">As the user wrote it; messages begin with it.</param>
    /// <exception cref="StudyFileException">The file cannot be read, or something in it is wrong.</exception>
    public static AblationFile Read(string path)
    {
        var findings = new Findings(path);
        return TextFile.Load(path, findings, "ablation file") is { } text ? Parse(text, findings, path) : throw new StudyFileException(findings.Lines());
    }

    /// <summary>Reads a text as if it stood in a file.</summary>
    /// <param name="text">The content.</param>
    /// <param name="path">What messages begin with, and whose directory commands run in.</param>
    /// <exception cref="StudyFileException">Something in it is wrong.</exception>
    public static AblationFile Parse(string text, string path) => Parse(text, new Findings(path), path);

    private static AblationFile Parse(string text, Findings findings, string path)
    {
        AblationFile? file = null;
        var root = YamlTree.Read(text, findings);
        if (root is null or YamlText { IsNothing: true })
        {
            if (!findings.Any)
            {
                findings.AddToFile(1, 1, "nothing stands in it; expected at least the keys ablation, objective, leave_out and train");
            }
        }
        else
        {
            file = new AblationFileReader(findings, path).File(new Field("", root));
        }

        return findings.Any ? throw new StudyFileException(findings.Lines()) : file!;
    }

    private AblationFile? File(Field root)
    {
        if (Section.Open(root, _findings, Keys) is not { } file)
        {
            return null;
        }

        var name = file.Require("ablation", "the ablation's name") is { } called ? StudyFileReader.Name(called, _findings) : null;
        var (bestOf, values) = file["base"] is { } given ? Base(given) : (null, []);
        var retune = file["retune"] is { } again ? new RetuneReader(_findings).Read(again, values) : null;
        var training = file.Require("train", "a command or a learner") is { } how ? Training(how, values, bestOf, retune) : null;
        var objective = file.Require("objective", "{ metric: NAME, goal: minimize }") is { } goal ? Objective(goal) : null;
        var options = Options(file, training) with { Retune = retune?.Tuning };
        var components = file.Require("leave_out", "a list of what to leave out") is { } list && training is not null
            ? new ComponentReader(_findings, training, values, bestOf is not null).Read(list)
            : [];
        var study = Study(file, objective ?? new Objective("objective"));
        var workers = file["workers"] is { } where ? new LimitsReader(_findings).Workers(where) : new LocalWorkers(1, null);
        var costs = file["costs"] is { } metrics ? Costs(metrics) : UsualCosts;
        if (name is null || training is null || objective is null || _findings.Any)
        {
            return null;
        }

        (training, values) = BaseValues.Complete(training, values, components);
        var read = new AblationFile
        {
            Path = _path,
            Study = plan => study with { Name = name, Space = plan.Space, Sampler = new AblationSamplerOptions(plan), Origin = Origin(training, file) },
            Components = components,
            Options = options,
            BestOf = bestOf,
            Base = values,
            Costs = costs,
            Training = training,
            Workers = workers,
        };
        Check(read, file["leave_out"]!.Value);
        return read;
    }

    // What can be known of the plan without the store.
    private void Check(AblationFile file, Field leaveOut)
    {
        try
        {
            if (file.BestOf is null)
            {
                ArmCheck.Networks(file.Plan([]), file.Training);
            }
        }
        catch (Exception wrong) when (wrong is AblationPlanException or SearchSpaceException)
        {
            _findings.Add(leaveOut, wrong.Message);
        }
    }

    private static StudyOrigin Origin(Training training, Section file) => new()
    {
        Training = training is LearnerTraining learner ? new SortedDictionary<string, string>(learner.Settings.ToDictionary(), StringComparer.Ordinal) : [],
        Stop = file["stop"] is { } stop ? FlowText.Of(stop.Node) : "[]",
    };

    private (string? BestOf, List<KeyValuePair<string, ParameterValue>> Values) Base(Field field)
    {
        var values = new List<KeyValuePair<string, ParameterValue>>();
        string? bestOf = null;
        if (Section.Open(field, _findings, keys: null) is not { } section)
        {
            return (null, values);
        }

        foreach (var key in section.Keys)
        {
            var value = section[key]!.Value;
            if (key == BestOf)
            {
                bestOf = value.Text(_findings, "the name of a study in the store");
            }
            else if (key is AblationPlan.Ablated or AblationPlan.Seed or SplitSeed or "evaluation")
            {
                _findings.Add(value, $"'{key}' is given by the plan; drop it");
            }
            else if (value.Value(_findings) is { } known)
            {
                values.Add(new(key, known));
            }
        }

        return (bestOf, values);
    }

    private Training? Training(Field field, List<KeyValuePair<string, ParameterValue>> values, string? bestOf, (ArmTuning Tuning, Field Space)? retune)
    {
        // The best trial of a study may have any parameters: then the command is checked when they are known.
        var tuned = retune?.Tuning.Space;
        string[] placeholders = bestOf is null
            ? [.. values.Select(value => value.Key), .. tuned?.Parameters.Select(parameter => parameter.Name) ?? [], AblationPlan.Ablated, AblationPlan.Seed]
            : [];
        // A command's other placeholders are no parameters of what is tuned.
        var isLearner = field.Node is YamlMap map && map.Entries.Any(entry => entry.Key.Value == "learner");
        (Field, SearchSpace)? space = isLearner && tuned is not null ? (retune!.Value.Space, tuned) : null;
        var training = new TrainingReader(_findings, _metrics, Path.GetDirectoryName(Path.GetFullPath(_path))!).Read(field, space, placeholders);
        if (training is LearnerTraining learner)
        {
            BaseValues.Check(learner, values, field, _findings);
        }

        return training;
    }

    private Objective? Objective(Field field)
    {
        var objectives = new ObjectiveReader(_findings, _metrics).Read(field);
        if (objectives.Count > 1)
        {
            _findings.Add(field, "several objectives; expected one, and what else matters under costs:");
        }

        return objectives.Count > 0 ? objectives[0] : null;
    }

    private AblationOptions Options(Section file, Training? training)
    {
        var usual = new AblationOptions();
        var design = file["design"]?.Word(_findings, [.. Designs.Select(d => d.Word)]);
        var areSame = file["splits"]?.Word(_findings, Same, "drawn") == Same;
        return new AblationOptions
        {
            AlsoSeeded = training is LearnerTraining && !areSame ? [SplitSeed] : [],
            Design = design is null ? usual.Design : Designs.First(d => d.Word == design).Design,
            Seeds = (int)(file["seeds"]?.Whole(_findings, 2, 10_000) ?? usual.Seeds),
            FirstSeed = (int)(file["first_seed"]?.Whole(_findings, 0, 1_000_000_000) ?? usual.FirstSeed),
            Racing = file["race"]?.Flag(_findings) ?? usual.Racing,
            Alpha = file["alpha"]?.Number(_findings, 1e-6, 0.5) ?? usual.Alpha,
            Margin = file["margin"]?.Number(_findings, 0),
        };
    }

    private IReadOnlyList<string> Costs(Field field) => [.. (field.Items(_findings, "a list of metrics") ?? [])
        .Select(item => item.Text(_findings, "the name of a metric") is { } metric ? _metrics.Check(item, metric) : null).OfType<string>()];

    // Stopping is off unless it is asked for: a stopped trial has no value that its pair could be compared with.
    private Study Study(Section file, Objective objective)
    {
        var limits = new LimitsReader(_findings);
        return new Study
        {
            Name = "",
            Space = new SearchSpace([new ConstantParameter("none", 0)]),
            Objectives = [objective],
            Rules = file["stop"] is { } stop ? new RuleReader(_findings, _metrics, objective).Read(stop) : [],
            Budget = file["budget"] is { } limit ? limits.Budget(limit) : new(),
            Retries = file["retries"] is { } again ? limits.Retries(again) : new(),
        };
    }
}
