using Hone.Space;
using Hone.Tuning;
using Hone.Workers.Processes;

namespace Hone.Workers.Tests.Processes;

public sealed class CommandTemplateTests
{
    private static readonly SearchSpace Space = new(
    [
        new FloatParameter("learning_rate", 0.0001, 0.1), new ConstantParameter("batch-size", 32), new ConstantParameter("text", "a b"),
    ]);

    [Theory]
    [InlineData("a & {text}", "a & \"${HONE_PARAMETER_TEXT}\"")]
    [InlineData("a; \"x {text} y\"", "a; \"x ${HONE_PARAMETER_TEXT} y\"")]
    [InlineData("a; 'x {text} y'", "a; 'x '\"${HONE_PARAMETER_TEXT}\"' y'")]
    [InlineData("a; \\\"{text}", "a; \\\"\"${HONE_PARAMETER_TEXT}\"")]
    [InlineData("a; '\\'{text}", "a; '\\'\"${HONE_PARAMETER_TEXT}\"")]
    [InlineData("a; {batch-size}", "a; \"${HONE_PARAMETER_BATCH_SIZE}\"")]
    [InlineData("a; awk '{{print $1}}' ${HOME} ${x:-y}", "a; awk '{print $1}' ${HOME} ${x:-y}")]
    public void A_placeholder_becomes_a_reference_quoted_as_its_place_needs_it(string template, string command) =>
        Assert.Equal(command, CommandTemplate.Parse(template, Space).Command);

    [Theory]
    [InlineData("sort x 2>&1", true)]
    [InlineData("/no/such/program 'a; b'", true)]
    [InlineData("sort x; true", false)]
    [InlineData("sort x | sort", false)]
    [InlineData("sort &", false)]
    [InlineData("echo x", false)]
    [InlineData("X=1 sort x", false)]
    [InlineData("no-such-program", false)]
    [InlineData("{text} x", false)]
    public void One_program_takes_the_shells_place(string template, bool takes) =>
        Assert.Equal(takes, CommandTemplate.Parse(template, Space).Command.StartsWith("exec ", StringComparison.Ordinal));

    [Theory]
    [InlineData("", "The command is empty. Write what a trial runs, e.g. python train.py --lr {learning_rate}.")]
    [InlineData("x {learning-rate}", "The command's placeholder {learning-rate} is not a parameter of the space. Did you mean {learning_rate}? Write '{{' and '}}' for braces.")]
    [InlineData("x {zzzzzz}", "The command's placeholder {zzzzzz} is not a parameter of the space. The parameters are learning_rate, batch-size, text. Write '{{' and '}}' for braces.")]
    [InlineData("x {text", "The command has a '{' at character 3 that is not closed. Close it, or write '{{' for a brace.")]
    [InlineData("x }", "The command has a '}' at character 3 that closes nothing. Write '}}' for a brace.")]
    [InlineData("x ${text}", "The command's ${text} would be read by the shell, which knows no such variable. Write {text} for the parameter.")]
    public void What_cannot_be_filled_is_refused_with_what_to_do(string template, string message) =>
        Assert.Equal(message, Assert.Throws<WorkerPoolException>(() => CommandTemplate.Parse(template, Space)).Message);

    [Fact]
    public void Parameters_with_one_variable_are_refused()
    {
        var space = new SearchSpace([new ConstantParameter("a-b", 1), new ConstantParameter("A.b", 1)]);

        var error = Assert.Throws<WorkerPoolException>(() => CommandTemplate.Parse("x", space));

        Assert.Equal("Parameters 'a-b' and 'A.b' would both be handed over as HONE_PARAMETER_A_B. Rename one.", error.Message);
    }

    [Theory]
    [InlineData("printf '[%s]' {v} \"{v}\" '{v}' x{v}y")]
    [InlineData("/usr/bin/printf '[%s]' {v} \"{v}\" '{v}' x{v}y")]
    public async Task No_text_breaks_out_of_its_argument(string command)
    {
        string[] texts = ["'; touch broken; '", "$(touch broken)", "`touch broken`", "\"; touch broken; \"", "a  b\n*", "\\", "-n", "", "ä\t\u0001"];
        var space = new SearchSpace([new CategoricalParameter("v", [.. texts.Select(ParameterValue.Of)])]);
        await using var run = new PoolRun(command, space);
        for (var i = 0; i < texts.Length; i++)
        {
            var ended = await run.RunAsync(i + 1, configuration: new Configuration(space, [i]));

            Assert.Equal(AttemptOutcome.Succeeded, ended.Outcome);
            Assert.Equal($"[{texts[i]}][{texts[i]}][{texts[i]}][x{texts[i]}y]", run.Log(i + 1));
        }

        Assert.False(File.Exists(run.InRoot("broken")));
    }

    [Fact]
    public async Task A_trial_finds_its_configuration_in_its_environment_with_the_right_types()
    {
        var space = new SearchSpace(
        [
            new FloatParameter("learning_rate", 0.0001, 1), new IntParameter("n", 1, 5), new ConstantParameter("text", "q\"ä"),
            new ConstantParameter("flag", true), new CategoricalParameter("kind", "a", "b"),
            new FloatParameter("only-b", 0, 1) { When = [new Condition("kind", ["b"])] },
        ]);
        await using var run = new PoolRun("printenv HONE_PARAMETERS; env | grep ^HONE_ | sort; echo \"[{only-b}]\"", space);

        await run.RunAsync(trial: 17, configuration: new Configuration(space, [1, 3, 0, 0, 0, double.NaN]));

        var lines = run.Log(17).Split('\n');
        Assert.Equal("""{"learning_rate":1.0,"n":3,"text":"q\u0022\u00E4","flag":true,"kind":"a"}""", lines[0]);
        Assert.Equal(
            [
                $"HONE_ARTIFACT_DIR={run.Root}/study/trial-00017/artifacts", $"HONE_CHECKPOINT_DIR={run.Root}/study/trial-00017/checkpoints",
                "HONE_PARAMETER_FLAG=true", "HONE_PARAMETER_KIND=a", "HONE_PARAMETER_LEARNING_RATE=1", "HONE_PARAMETER_N=3",
                "HONE_PARAMETER_TEXT=q\"ä", "HONE_SEED=42", "HONE_STUDY=a study", "HONE_TRIAL=17", "[]",
            ],
            lines[1..^1].Where(l => !l.StartsWith("HONE_PARAMETERS=", StringComparison.Ordinal)
                && !l.StartsWith("HONE_MARK=", StringComparison.Ordinal) && !l.StartsWith("HONE_REPORT_URL=http://127.0.0.1:", StringComparison.Ordinal)));
        Assert.True(Directory.Exists($"{run.Root}/study/trial-00017/artifacts"));
        Assert.True(Directory.Exists($"{run.Root}/study/trial-00017/checkpoints"));
    }

    [Fact]
    public async Task Variables_of_the_options_reach_the_trial()
    {
        await using var run = new PoolRun(
            "echo $GREETING", with: o => o with { Environment = new Dictionary<string, string> { ["GREETING"] = "hello" } });

        await run.RunAsync();

        Assert.Equal("hello\n", run.Log());
    }
}
