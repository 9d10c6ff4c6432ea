using System.Runtime.CompilerServices;
using System.Text;
using Hone.Ablation;
using Hone.Cli.AblationFiles;
using Hone.Cli.StudyFiles;

namespace Hone.Cli.Tests.AblationFiles;

/// <summary>What ablation files may say, and what is told where they are wrong.</summary>
public sealed class AblationFileTests : IDisposable
{
    private const string Network = """
        input: [4]
        layers:
          - dense: { name: first, units: 8, activation: relu }
          - dropout: { name: drop1, rate: 0.5 }
          - module: { name: body, layers: [ { dense: { name: middle, units: 8 } }, { dropout: { name: drop2, rate: 0.1 } } ] }
          - dense: { name: last, units: 2 }
        """;

    private const string Program = "ablation: a\nobjective: { metric: loss }\ntrain: { command: \"run --rate {rate}\" }\nbase: { rate: 0.5 }\n";
    private const string Learner = "ablation: a\nobjective: { metric: validation_loss }\ntrain: { learner: logistic, data: diabetes, penalty: l1, steps: 10 }\n";
    private const string Layered = "ablation: a\nobjective: { metric: validation_loss }\ntrain: { learner: network, model: net.yaml, data: diabetes, steps: 10 }\n";
    private readonly TemporaryFolder _folder = new();

    public AblationFileTests() => _folder.Write("net.yaml", Network);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_program_has_switches_and_parameters_that_go_back_to_a_default()
    {
        var plan = Plan(Program + "leave_out:\n  - switch: [augment, warmup]\n  - { parameter: rate, default: 0.01 }\ndesign: pairs\nfirst_seed: 3\n");

        Assert.Equal(["", "augment", "warmup", "rate", "augment,warmup", "augment,rate", "warmup,rate"], plan.Arms.Select(arm => arm.Name));
        Assert.StartsWith("ablated=augment,rate seed=3 rate=0.01 evaluation=", plan.Configuration(5, 0).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_learner_leaves_out_features_alone_together_and_by_prefix_with_another_split_a_seed()
    {
        var plan = Plan(Learner + """
            leave_out:
              - feature: [age, glucose]
              - { features: [mass, triceps], name: body }
              - features: { prefix: p }
              - { parameter: penalty, default: none }
            """);

        Assert.Equal(["age", "glucose", "body", "pregnant+pressure+pedigree", "penalty"], plan.Components.Select(component => component.Name));
        Assert.Contains(" ignore=mass,triceps ", plan.Configuration(3, 0).ToString(), StringComparison.Ordinal);
        Assert.Contains("seed=4 split_seed=4 penalty=none ignore= ", plan.Configuration(5, 4).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("split_seed", Plan(Learner + "splits: same\nleave_out: [ { parameter: penalty, default: none } ]\n").Configuration(0, 0).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_leaves_out_layers_groups_modules_and_takes_variants()
    {
        _folder.Write("small.yaml", Network.Replace("units: 8", "units: 3", StringComparison.Ordinal));
        var plan = Plan(Layered + "leave_out:\n  - module: body\n  - { layers: { prefix: drop }, name: dropout }\n  - layer: [drop1]\n  - { variant: small, model: small.yaml }\n");

        Assert.Equal(["without=body", "without=drop1,drop2", "without=drop1", "without="], plan.Arms.Skip(1).Select((_, i) =>
            plan.Configuration(i + 1, 0).ToString().Split(' ').Single(part => part.StartsWith("without", StringComparison.Ordinal))));
        Assert.Contains("model=small.yaml", plan.Configuration(4, 0).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_arm_can_be_tuned_anew_instead_of_taking_the_bases_value()
    {
        var plan = Plan("ablation: a\nobjective: { metric: loss }\ntrain: { command: \"run --rate {rate} {ablated}\" }\nretune: { trials: 7, space: { rate: { float: [0.1, 1], scale: log } } }\nleave_out: [ { switch: warmup } ]\n");
        var learner = Plan(Learner + "retune: { trials: 3, sampler: sobol, space: { learning_rate: { float: [0.1, 1] } } }\nleave_out: [ { feature: age } ]\n");

        Assert.Equal((7, "tpe"), (plan.TrialsEach, plan.Options.Retune!.Sampler.Name));
        Assert.Equal("rate: float [0.1, 1] log", plan.Space.Describe()[^1]);
        Assert.EndsWith(" learning_rate=0.55", learner.Configuration(1, 0).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fashion-mlp.ablation.yaml", "hidden2 skip dropout body scaling penalty schedule")]
    [InlineData("titanic-layers.ablation.yaml", "pclass fare sibsp my_dense_two my_dense_three my_dense_four my_dense_sigmoid my_dense_two+my_dense_four my_dense small")]
    public void Other_examples_of_networks_leave_out_what_they_say(string name, string components)
    {
        var folder = Path.GetDirectoryName(Examples(name))!;
        foreach (var file in Directory.GetFiles(folder, "*.yaml"))
        {
            File.Copy(file, _folder.File(Path.GetFileName(file)), overwrite: true);
        }

        _folder.Write("titanic.csv", "survived,pclass,name,sex,age,sibsp,parch,ticket,fare,cabin,embarked\n0,3,A,male,22,1,0,T,7.25,,S\n1,1,B,female,38,1,0,U,71.3,C85,C\n");

        var plan = AblationFileReader.Read(_folder.File(name)).Plan([]);

        Assert.Equal(components, string.Join(' ', plan.Components.Select(component => component.Name)));
    }

    [Fact]
    public void The_example_of_a_network_leaves_out_what_it_says()
    {
        var file = AblationFileReader.Read(Examples("fashion-cnn.ablation.yaml"));

        Assert.Equal(["", "pool1", "dense", "dropout", "body", "schedule", "augment"], file.Plan([]).Arms.Select(arm => arm.Name));
        Assert.Equal("dropout1,dropout2", file.Plan([]).Configuration(3, 0)["without"].ToString());
    }

    [Fact]
    public void The_plan_of_other_data_or_another_command_is_another_plan()
    {
        _folder.Write("data.csv", "x,target\n1,0\n2,1\n");
        var text = Learner.Replace("diabetes", "data.csv", StringComparison.Ordinal) + "leave_out: [ { parameter: penalty, default: none } ]\n";
        var before = Plan(text).Space.Describe();
        var again = Plan(text).Space.Describe();
        _folder.Write("data.csv", "x,target\n1,0\n2,0\n");

        Assert.Equal(before, again);
        Assert.NotEqual(before, Plan(text).Space.Describe());
    }

    [Fact]
    public void Each_mistake_is_told_with_its_place_its_value_and_what_was_expected()
    {
        (string Name, string Text)[] cases =
        [
            ("nothing", ""),
            ("unknown keys", Program + "leave_out: [ { swich: a } ]\ndesing: pairs\n"),
            ("an unknown design", Program + "leave_out: [ { switch: a } ]\ndesign: pair\n"),
            ("two kinds in one item", Program + "leave_out: [ { switch: a, layer: b } ]\n"),
            ("nothing to leave out", Program + "leave_out: [ { name: a } ]\n"),
            ("an empty list", Program + "leave_out: []\n"),
            ("features of a program", Program + "leave_out: [ { feature: a } ]\n"),
            ("a parameter that the base does not have", Program + "leave_out: [ { parameter: rat, default: 1 } ]\n"),
            ("a parameter without a default", Program + "leave_out: [ { parameter: rate } ]\n"),
            ("a component twice", Program + "leave_out: [ { switch: [a, a] } ]\n"),
            ("a comma in a name", Program + "leave_out: [ { switch: \"a,b\" } ]\n"),
            ("one seed", Program + "leave_out: [ { switch: a } ]\nseeds: 1\n"),
            ("a negative margin", Program + "leave_out: [ { switch: a } ]\nmargin: -1\n"),
            ("a level that is none", Program + "leave_out: [ { switch: a } ]\nalpha: 2\n"),
            ("too many arms", Program + "leave_out: [ { switch: [a, b, c, d, e, f, g, h, i] } ]\ndesign: factorial\n"),
            ("two objectives", Program.Replace("{ metric: loss }", "[ { metric: loss }, { metric: x } ]", StringComparison.Ordinal) + "leave_out: [ { switch: a } ]\n"),
            ("a placeholder that the base does not have", Program.Replace("{rate}", "{rat}", StringComparison.Ordinal) + "leave_out: [ { switch: a } ]\n"),
            ("the plan's own parameters in the base", Program.Replace("rate: 0.5", "rate: 0.5, seed: 4", StringComparison.Ordinal) + "leave_out: [ { switch: a } ]\n"),
            ("a feature that is not there", Learner + "leave_out: [ { feature: agee } ]\n"),
            ("a prefix of nothing", Learner + "leave_out: [ { features: { prefix: zzz } } ]\n"),
            ("layers without a network", Learner + "leave_out: [ { layer: conv } ]\n"),
            ("what decides how arms are judged", Learner + "leave_out: [ { parameters: { folds: 3, penalty: none } } ]\n"),
            ("a value that the setting does not take", Learner + "leave_out: [ { parameter: penalty, default: nothing } ]\n"),
            ("a base value that is in train too", Learner + "base: { penalty: l2 }\nleave_out: [ { parameter: penalty, default: none } ]\n"),
            ("a base value that is no setting", Learner + "base: { lerning_rate: 1 }\nleave_out: [ { parameter: penalty, default: none } ]\n"),
            ("a metric that the learner does not report", Learner.Replace("validation_loss", "validation_los", StringComparison.Ordinal) + "leave_out: [ { parameter: penalty, default: none } ]\n"),
            ("an inner budget of one trial", Program + "leave_out: [ { switch: a } ]\nretune: { trials: 1, space: { x: { int: [0, 9] } } }\n"),
            ("nothing to tune", Program + "leave_out: [ { switch: a } ]\nretune: { trials: 5 }\n"),
            ("a grid to tune with", Program + "leave_out: [ { switch: a } ]\nretune: { trials: 5, sampler: grid, space: { x: { int: [0, 9] } } }\n"),
            ("what is tuned in the base too", Program + "leave_out: [ { switch: a } ]\nretune: { trials: 5, space: { rate: { int: [0, 9] } } }\n"),
            ("a component that is tuned", Learner + "leave_out: [ { parameter: penalty, default: none } ]\nretune: { trials: 5, space: { penalty: { choice: [l1, l2] } } }\n"),
            ("tuning how arms are judged", Learner + "leave_out: [ { feature: age } ]\nretune: { trials: 5, space: { folds: { int: [2, 5] } } }\n"),
            ("tuning what is no setting", Learner + "leave_out: [ { feature: age } ]\nretune: { trials: 5, space: { lerning_rate: { int: [2, 5] } } }\n"),
            ("a layer that is not there", Layered + "leave_out: [ { layer: drop3 } ]\n"),
            ("the last layer", Layered + "leave_out: [ { layer: last } ]\n"),
            ("a variant that is not there", Layered + "leave_out: [ { variant: other, model: other.yaml } ]\n"),
        ];
        var received = new StringBuilder();
        foreach (var (name, text) in cases)
        {
            received.Append("=== ").AppendLine(name);
            var wrong = Assert.Throws<StudyFileException>(() => AblationFileReader.Parse(text, _folder.File("bad.ablation.yaml")));
            wrong.Problems.ToList().ForEach(line => received.AppendLine(line.Replace(_folder.Path + "/", "", StringComparison.Ordinal)));
        }

        Approved.Is("MalformedAblationFiles", received.ToString());
    }

    private static string Examples(string name, [CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "examples", name));

    private AblationPlan Plan(string text) => AblationFileReader.Parse(text, _folder.File("a.ablation.yaml")).Plan([]);
}
