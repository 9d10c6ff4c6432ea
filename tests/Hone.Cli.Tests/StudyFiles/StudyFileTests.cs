using Hone.Cli.StudyFiles;
using Hone.Sampling;
using Hone.Space;
using Hone.Trials;

namespace Hone.Cli.Tests.StudyFiles;

public sealed class StudyFileTests
{
    private const string Least = """
        study: s
        objective: { metric: loss }
        space: { x: { float: [0, 1] } }
        train: { command: "run {x}" }

        """;

    private const string Example = """
        study: diabetes-logistic            # name; also the experiment's name
        objective: { metric: validation_loss, goal: minimize }        # or a list, for several objectives
        constraints: [ "system/memory_megabytes <= 800" ]
        space:
          batch_size:    { int: [1, 512], scale: log }
          learning_rate: { float: [0.0001, 0.1], scale: log }
          alpha:         { values: [0.0001, 0.001, 0.01] }             # ordered values
          penalty:       { choice: [l1, l2] }                          # categorical
          momentum:      { float: [0, 0.99], when: { optimizer: [sgd] } }
        sampler: tpe                        # or { tpe: { seed: 7, multivariate: true } }
        stop:
          - median: { after: 300 }
          - when: "system/mean_step_seconds > 0.05"
            after: 200                      # steps, or a duration such as 30s
          - deadline: 10m                   # per trial, wall time
        budget: { trials: 100, time: 30m, cpu: 4h, energy: 50kJ }
        workers: { local: 2 }               # or { threads: 2 }, { cluster: … }, { slurm: … }
        train:
          command: python train.py --lr {learning_rate} --batch {batch_size}
        # or
        #  learner: logistic                # built in; with data: and, where it applies, folds:, steps:, report_every:
        #  data: diabetes
        seed: 7
        """;

    [Fact]
    public void Reads_the_example_of_the_design()
    {
        var file = StudyFileReader.Parse(
            Example.Replace("  penalty:", "  optimizer:     { choice: [sgd, adam] }\n  penalty:", StringComparison.Ordinal), "design.study.yaml");

        Assert.Equal("diabetes-logistic", file.Study.Name);
        Assert.Equal([new Objective("validation_loss")], file.Study.Objectives);
        Assert.Equal([new Comparison("system/memory_megabytes", Comparator.AtMost, 800)], file.Study.Constraints);
        Assert.Equal(
            [
                "batch_size: int [1, 512] log", "learning_rate: float [0.0001, 0.1] log", "alpha: values [0.0001, 0.001, 0.01]",
                "optimizer: choice [sgd, adam]", "penalty: choice [l1, l2]", "momentum: float [0, 0.99] when optimizer in [sgd]",
            ],
            file.Study.Space.Describe());
        Assert.Equal(new TpeOptions(), file.Study.Sampler);
        Assert.Equal(["median(validation_loss)", "when system/mean_step_seconds > 0.05", "deadline 600 s"], file.Study.Rules.Select(rule => rule.Name));
        Assert.Equal(
            new() { Trials = 100, Time = TimeSpan.FromMinutes(30), Cpu = TimeSpan.FromHours(4), EnergyJoules = 50_000 }, file.Study.Budget);
        Assert.Equal(new LocalWorkers(2, null), file.Workers);
        Assert.Equal("python train.py --lr {learning_rate} --batch {batch_size}", ((CommandTraining)file.Training).Command);
        Assert.Equal(7, file.Study.Seed);
    }

    [Fact]
    public void The_example_of_the_design_lacks_a_parameter_that_a_condition_names()
    {
        var wrong = Assert.Throws<StudyFileException>(() => StudyFileReader.Parse(Example, "design.study.yaml"));

        Assert.Equal(
            ["design.study.yaml:9:46: space.momentum.when.optimizer: 'optimizer' is no parameter of this space; expected batch_size, learning_rate, alpha, penalty or momentum"],
            wrong.Problems);
    }

    [Fact]
    public void Says_what_to_search_what_for_and_how_to_train()
    {
        var file = Parse("");

        Assert.Equal("s", file.Study.Name);
        Assert.Equal(["x: float [0, 1]"], file.Study.Space.Describe());
        Assert.Equal([new Objective("loss", Goal.Minimize, Aggregate.Last)], file.Study.Objectives);
        Assert.Equal("run {x}", Assert.IsType<CommandTraining>(file.Training).Command);
        Assert.Equal(new LocalWorkers(1, null), file.Workers);
        Assert.Equal(new(), file.Study.Budget);
        Assert.Equal(new(), file.Study.Retries);
        Assert.Empty(file.Study.Rules);
        Assert.Empty(file.Study.Constraints);
        Assert.False(file.Study.Rounds);
        Assert.Equal(0, file.Study.Seed);
    }

    [Fact]
    public void Knows_every_kind_of_parameter()
    {
        var file = Parse("""
            space:
              a: { float: [0.5, 1.5], step: 0.25 }
              b: { int: [1, 512], scale: log }
              c: { values: [1, 2.5, big, "3", true] }
              d: { choice: [l1, l2] }
              e: { constant: 7 }
              f: { float: [1.0e-4, 1e-1], scale: log, when: { d: l1, b: [1, 2] } }
            train: { command: run }
            """);

        Assert.Equal(
            [
                "a: float [0.5, 1.5] step 0.25", "b: int [1, 512] log", "c: values [1, 2.5, big, 3, true]", "d: choice [l1, l2]", "e: constant 7",
                "f: float [0.0001, 0.1] log when d in [l1] when b in [1, 2]",
            ],
            file.Study.Space.Describe());
        var values = Assert.IsType<OrdinalParameter>(file.Study.Space.Parameters[2]).Values;
        Assert.Equal([ValueKind.Integer, ValueKind.Float, ValueKind.Text, ValueKind.Text, ValueKind.Boolean], values.Select(v => v.Kind));
    }

    [Fact]
    public void Knows_every_rule() => Assert.Equal(
        [
            "median(loss)", "median(loss)", "median(system/memory_megabytes)", "percentile 25(loss)", "when max(loss) > 3",
            "when system/mean_step_seconds > 0.05", "deadline 600 s", "asha(loss)", "asha(loss)", "patience(loss)", "patience(accuracy)",
            "prechelt gl 5(loss)", "prechelt pq 0.5(loss)", "prechelt up 3(loss)", "any(deadline 0.5 s, patience(loss))",
            "all(when loss > 1, patience(loss))",
        ],
        Parse("""
            stop:
              - median
              - median: { after: 300 }
              - median: { after: 30s, metric: system/memory_megabytes, goal: minimize, minimum_peers: 3 }
              - percentile: { keep: 25 }
              - when: "max(loss) > 3"
              - when: "system/mean_step_seconds > 0.05"
                after: 200
                for: 3 of 5
              - deadline: 10m
              - asha
              - asha: { min: 3, eta: 4, metric: loss }
              - patience: 5
              - patience: { reports: 5, delta: 0.1, metric: accuracy, goal: maximize, after: 10 }
              - prechelt: { gl: 5 }
              - prechelt: { pq: 0.5, training: training_loss, strip: 5 }
              - prechelt: { up: 3, strip: 5 }
              - any: [ { deadline: 500ms }, { patience: 5 } ]
              - all:
                  - when: "loss > 1"
                  - patience: 5
            """).Study.Rules.Select(rule => rule.Name));

    [Fact]
    public void Takes_several_objectives()
    {
        var file = Parse("""
            objective:
              - { metric: loss, take: min }
              - { metric: accuracy, goal: maximize }
            constraints: [ "system/memory_megabytes <= 800", "mean(loss) < 3" ]
            """);

        Assert.Equal([new Objective("loss", Goal.Minimize, Aggregate.Min), new Objective("accuracy", Goal.Maximize)], file.Study.Objectives);
        Assert.Equal(["system/memory_megabytes <= 800", "mean(loss) < 3"], file.Study.Constraints.Select(c => c.ToString()));
    }

    [Fact]
    public void Limits_trials_time_steps_cpu_gpu_and_energy() => Assert.Equal(
        new()
        {
            Trials = 100,
            Time = TimeSpan.FromMinutes(30),
            Steps = 1_000_000,
            Cpu = TimeSpan.FromHours(4),
            Gpu = TimeSpan.FromMinutes(90),
            EnergyJoules = 50_000,
        },
        Parse("budget: { trials: 100, time: 30m, steps: 1e6, cpu: 4h, gpu: 1h30m, energy: 50kJ }").Study.Budget);

    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData("30s", 30)]
    [InlineData("1.5m", 90)]
    [InlineData("4 h", 14400)]
    [InlineData("1d", 86400)]
    [InlineData("1h30m", 5400)]
    [InlineData("1h 30m 5s", 5405)]
    public void Reads_durations(string text, double seconds)
    {
        Assert.Null(Quantities.Duration(text, out var duration));
        Assert.Equal(seconds, duration.TotalSeconds, 9);
    }

    [Theory]
    [InlineData("200J", 200)]
    [InlineData("50kJ", 50_000)]
    [InlineData("1.5MJ", 1_500_000)]
    [InlineData("2Wh", 7200)]
    [InlineData("1 kWh", 3_600_000)]
    public void Reads_energies(string text, double expected)
    {
        Assert.Null(Quantities.Energy(text, out var joules));
        Assert.Equal(expected, joules, 6);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("1")]
    [InlineData("1x")]
    [InlineData("--1s")]
    [InlineData("1s2")]
    [InlineData("1e3s")]
    [InlineData("NaNs")]
    [InlineData("99999999999999999999999d")]
    [InlineData("1S")]
    public void Refuses_what_is_no_duration(string text) => Assert.NotNull(Quantities.Duration(text, out _));

    [Fact]
    public void Sets_retries_workers_rounds_and_seed()
    {
        var file = Parse("""
            retries: { count: 3, backoff: 2m }
            rounds: true
            workers: { local: 2, cores_each: 1 }
            seed: 7
            sampler: { random: { seed: 11 } }
            """);

        Assert.Equal(new() { Retries = 3, BackOff = TimeSpan.FromMinutes(2), LongestBackOff = TimeSpan.FromMinutes(2) }, file.Study.Retries);
        Assert.True(file.Study.Rounds);
        Assert.Equal(new LocalWorkers(2, 1), file.Workers);
        Assert.Equal(7, file.Study.Seed);
        Assert.Equal(new RandomOptions { Seed = 11 }, file.Study.Sampler);
    }

    [Fact]
    public void Follows_anchors_aliases_and_merges() => Assert.Equal(
        ["x: float [0.001, 1] log", "y: float [0.001, 1] log", "z: float [0.001, 1]"],
        Parse("""
            space:
              x: &rate { float: [0.001, 1], scale: log }
              y: *rate
              z: { <<: *rate, scale: linear }
            """).Study.Space.Describe());

    [Fact]
    public void Braces_that_are_the_shells_or_doubled_are_no_placeholders() =>
        Assert.Equal("run ${HOME} {{x}} {x} \\{y\\}", ((CommandTraining)Parse("train: { command: 'run ${HOME} {{x}} {x} \\{y\\}' }").Training).Command);

    [Fact]
    public void A_command_runs_where_the_study_file_lies_or_in_a_directory_beside_it()
    {
        Assert.Equal(Path.GetFullPath("/tmp"), ((CommandTraining)StudyFileReader.Parse(Least, "/tmp/a.study.yaml").Training).Directory);
        Assert.Equal("/", ((CommandTraining)StudyFileReader.Parse(Least.Replace("\" }", "\", directory: .. }", StringComparison.Ordinal), "/tmp/a.study.yaml").Training).Directory);
    }

    private static StudyFile Parse(string more) => StudyFileReader.Parse(Join(more), "good.study.yaml");

    // The least study file, less the keys that stand in the lines to add.
    private static string Join(string more) =>
        string.Join('\n', Least.Split('\n').Where(line => line.Length == 0 || !$"\n{more}".Contains($"\n{line.Split(':')[0]}:", StringComparison.Ordinal)))
        + more;
}
