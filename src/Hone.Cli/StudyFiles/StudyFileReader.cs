using Hone.Space;
using Hone.Trials;
using Hone.Tuning;

namespace Hone.Cli.StudyFiles;

/// <summary>Reads a study file: every key is checked, and everything that is wrong is told at once.</summary>
internal sealed class StudyFileReader
{
    private static readonly string[] Keys =
        ["study", "objective", "constraints", "space", "sampler", "stop", "budget", "retries", "rounds", "workers", "train", "seed"];

    private readonly Findings _findings;
    private readonly MetricNames _metrics;
    private readonly string _directory;

    private StudyFileReader(Findings findings, string directory)
    {
        _findings = findings;
        _metrics = new MetricNames(findings);
        _directory = directory;
    }

    /// <summary>Reads the file at a path.</summary>
    /// <param name="path">As the user wrote it; messages begin with it.</param>
    /// <exception cref="StudyFileException">The file cannot be read, or something in it is wrong.</exception>
    public static StudyFile Read(string path)
    {
        var findings = new Findings(path);
        var text = TextFile.Load(path, findings, "study file");
        return text is null
            ? throw new StudyFileException(findings.Lines())
            : Parse(text, findings, Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Reads a text as if it stood in a file.</summary>
    /// <param name="text">The content.</param>
    /// <param name="path">What messages begin with, and whose directory commands run in.</param>
    /// <exception cref="StudyFileException">Something in it is wrong.</exception>
    public static StudyFile Parse(string text, string path) =>
        Parse(text, new Findings(path), Path.GetDirectoryName(Path.GetFullPath(path))!);

    private static StudyFile Parse(string text, Findings findings, string directory)
    {
        StudyFile? file = null;
        var root = YamlTree.Read(text, findings);
        if (root is null or YamlText { IsNothing: true })
        {
            if (!findings.Any)
            {
                findings.AddToFile(1, 1, "nothing stands in it; expected at least the keys study, objective, space and train");
            }
        }
        else
        {
            file = new StudyFileReader(findings, directory).File(new Field("", StudyParameters.Apply(root, directory, findings)));
        }

        return findings.Any ? throw new StudyFileException(findings.Lines()) : file!;
    }

    private StudyFile? File(Field root)
    {
        if (Section.Open(root, _findings, Keys) is not { } file)
        {
            return null;
        }

        IReadOnlyCollection<string> parameters = [];
        var name = file.Require("study", "the study's name") is { } called ? Name(called, _findings) : null;
        var space = file.Require("space", "the parameters to search") is { } field
            ? new SpaceReader(_findings).Read(field, out parameters)
            : null;
        var training = file.Require("train", "a command or a learner") is { } how
            ? new TrainingReader(_findings, _metrics, _directory).Read(how, space is null ? null : (file["space"]!.Value, space), parameters)
            : null;
        var objectives = file.Require("objective", "{ metric: NAME, goal: minimize }") is { } goal
            ? new ObjectiveReader(_findings, _metrics).Read(goal)
            : [];
        var limits = new LimitsReader(_findings);
        var study = Study(file, objectives, limits);
        var workers = file["workers"] is { } where ? limits.Workers(where) : new LocalWorkers(1, null);
        if (name is null || space is null || training is null || objectives.Count == 0 || _findings.Any)
        {
            return null;
        }

        var built = study(name, space) with
        {
            Origin = new StudyOrigin
            {
                Training = training is LearnerTraining learner ? new SortedDictionary<string, string>(learner.Settings.ToDictionary(), StringComparer.Ordinal) : [],
                Stop = file["stop"] is { } stop ? FlowText.Of(stop.Node) : "[]",
            },
        };
        CheckSampler(file["sampler"] ?? root, built);
        training = new FoldRules(_findings).Fit(training, file["train"]!.Value, built.Rules, parameters);
        return new StudyFile { Study = built, Training = training, Workers = workers };
    }

    // Some samplers cannot search some spaces: a grid needs to know how many values a continuous parameter has.
    private void CheckSampler(Field field, Study study)
    {
        try
        {
            study.Sampler.Create(study.Space, study.Objectives, seed: 0);
        }
        catch (SearchSpaceException wrong)
        {
            _findings.Add(field, wrong.Message);
        }
    }

    // Reads everything now, so that all that is wrong is found, and builds the study when its name and space are known to be good.
    private Func<string, SearchSpace, Study> Study(Section file, IReadOnlyList<Objective> objectives, LimitsReader limits)
    {
        var objective = objectives.Count > 0 ? objectives[0] : new Objective("objective");
        var constraints = file["constraints"] is { } inequalities
            ? inequalities.Items(_findings, "a list of inequalities, such as [\"system/memory_megabytes <= 800\"]") ?? []
            : [];
        Comparison[] compared = [.. constraints.Select(_metrics.Comparison).OfType<Comparison>()];
        var sampler = file["sampler"] is { } how ? new SamplerReader(_findings).Read(how) : null;
        var rules = file["stop"] is { } stop ? new RuleReader(_findings, _metrics, objective).Read(stop) : [];
        var budget = file["budget"] is { } limit ? limits.Budget(limit) : new();
        var retries = file["retries"] is { } again ? limits.Retries(again) : new();
        var rounds = file["rounds"]?.Flag(_findings) ?? false;
        var seed = (int)(file["seed"]?.Whole(_findings, 0, int.MaxValue) ?? 0);
        return (name, space) => new Study
        {
            Name = name,
            Space = space,
            Objectives = objectives,
            Constraints = compared,
            Sampler = sampler ?? SamplerReader.Usual,
            Rules = rules,
            Budget = budget,
            Retries = retries,
            Rounds = rounds,
            Seed = seed,
        };
    }

    /// <summary>The name of a study.</summary>
    public static string? Name(Field field, Findings findings)
    {
        if (field.Text(findings, "the study's name") is not { } name)
        {
            return null;
        }

        if (name.Length <= 200 && !name.Any(char.IsControl) && name.Trim() == name)
        {
            return name;
        }

        findings.Add(field, $"{field.Describe()} is no name; expected at most 200 characters, no line breaks, and no blanks at the ends");
        return null;
    }
}
