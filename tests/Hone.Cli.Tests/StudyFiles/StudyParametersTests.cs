using Hone.Cli.StudyFiles;

namespace Hone.Cli.Tests.StudyFiles;

public sealed class StudyParametersTests
{
    private const string Study = """
        study: shared
        objective: { metric: loss }
        space:
          lr: { float: "${search.lr}" }
          kind: { choice: "${kinds}" }
        budget: { trials: "${search.trials}" }
        train: { command: "echo ${name} ${HOME} {lr} {kind}" }
        """;

    [Fact]
    public void Values_of_the_parameters_file_beside_it_stand_for_their_names()
    {
        using var folder = new TemporaryFolder();
        folder.Write("params.yaml", "search: { lr: [0.1, 0.5], trials: 3 }\nkinds: [a, b]\nname: one\n");

        var study = StudyFileReader.Read(folder.Write("x.study.yaml", Study)).Study;

        Assert.Equal(3, study.Budget.Trials);
        Assert.Equal(["lr", "kind"], study.Space.Parameters.Select(parameter => parameter.Name));
    }

    [Fact]
    public void A_name_that_the_parameters_file_has_only_the_beginning_of_is_told_with_its_place()
    {
        using var folder = new TemporaryFolder();
        folder.Write("params.yaml", "search: { lr: [0.1, 0.5] }\nkinds: [a, b]\nname: [one]\n");

        var wrong = Assert.Throws<StudyFileException>(() => StudyFileReader.Read(folder.Write("x.study.yaml", Study)));

        Assert.Contains(wrong.Problems, line => line.EndsWith("x.study.yaml:6:19: budget.trials: ${search.trials} names nothing in params.yaml", StringComparison.Ordinal));
        Assert.Contains(wrong.Problems, line => line.EndsWith("train.command: ${name} is a list, which cannot stand inside a text", StringComparison.Ordinal));
    }
}
