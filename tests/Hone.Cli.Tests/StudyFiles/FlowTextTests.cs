using Hone.Cli.StudyFiles;

namespace Hone.Cli.Tests.StudyFiles;

public sealed class FlowTextTests
{
    private static readonly string[] Texts =
        ["", " ", "null", "~", "true", "1e-3", "-0.5", ".5", "10m", "3 of 5", "max(loss) >= 3", "a: b", "- a", "#", "\"", "\\", "'", "{x}", "[", "&a", "*a", "!t", "%", "@", "`", "<<", "=",
            "ü☃", "a\nb\t\r\u0085\u2028\u00a0\ufeff\u0007", ",", "?", "|", ">"];

    [Fact]
    public void Any_value_is_the_same_when_its_text_is_read_again()
    {
        for (var seed = 0UL; seed < 300; seed++)
        {
            var random = new SeededRandom(seed);
            var tree = Tree(random, 4);

            var findings = new Findings("text");
            var again = YamlTree.Read(FlowText.Of(tree), findings);

            Assert.True(!findings.Any, $"seed {seed}: {FlowText.Of(tree)}: {string.Join('\n', findings.Lines())}");
            Assert.Equal(Show(tree), Show(again!));
        }
    }

    [Fact]
    public void Aliases_and_merged_keys_are_written_out()
    {
        var tree = YamlTree.Read("- &a { after: 3 }\n- median: { <<: *a, goal: 'minimize' }\n- x:\n- y: '3'\n", new Findings("text"))!;

        Assert.Equal("[{after: 3}, {median: {goal: \"minimize\", after: 3}}, {x: null}, {y: \"3\"}]", FlowText.Of(tree));
    }

    private static YamlNode Tree(Random random, int depth) => random.Next(depth > 0 ? 4 : 2) switch
    {
        0 => new YamlText(1, 1, Texts[random.Next(Texts.Length)], IsPlain: false),
        1 => new YamlText(1, 1, ((string[])["null", "~", "", "true", "-0.5", "1e-3", "name", "a/b"])[random.Next(8)], IsPlain: true),
        2 => new YamlList(1, 1, [.. Enumerable.Range(0, random.Next(4)).Select(_ => Tree(random, depth - 1))]),
        _ => new YamlMap(1, 1, [.. Enumerable.Range(0, random.Next(4)).Select(i => new YamlEntry(new YamlText(1, 1, $"{i}{Texts[random.Next(Texts.Length)]}", IsPlain: false), Tree(random, depth - 1), IsMerged: false))]),
    };

    // Whether a text is plain matters where it may be a number, a truth value or nothing.
    private static string Show(YamlNode node) => node switch
    {
        YamlList list => $"[{string.Join(", ", list.Items.Select(Show))}]",
        YamlMap map => $"{{{string.Join(", ", map.Entries.Select(entry => $"{entry.Key.Value}: {Show(entry.Value)}"))}}}",
        YamlText { IsNothing: true } => "nothing",
        YamlText text => $"{(text.IsPlain ? "plain" : "quoted")} {text.Value}",
        _ => "",
    };
}
