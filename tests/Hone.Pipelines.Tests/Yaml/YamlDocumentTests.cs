using Hone.Pipelines.Yaml;

namespace Hone.Pipelines.Tests.Yaml;

public sealed class YamlDocumentTests
{
    [Fact]
    public void A_change_touches_its_line_and_leaves_comments_order_and_style()
    {
        const string Text = """
            # what this is
            meta: {owner: someone}   # kept
            outs:
              - md5: aaa  # the content
                size: 1
                path: x.txt
            """;
        var document = YamlDocument.Read(Text, "x.dvc");
        var wanted = new YamlMap().With("meta", new YamlMap().With("owner", "someone"))
            .With("outs", new YamlList(new YamlMap().With("md5", "bbb").With("size", YamlScalar.Of(22)).With("path", "x.txt").With("hash", "md5")));

        Assert.Equal(
            """
            # what this is
            meta: {owner: someone}   # kept
            outs:
              - md5: bbb  # the content
                size: 22
                path: x.txt
                hash: md5
            """,
            document.Changed(wanted));
    }

    [Fact]
    public void A_key_that_goes_takes_its_line_with_it_even_behind_a_dash()
    {
        var document = YamlDocument.Read("outs:\n- md5: a\n  nfiles: 3\n  path: x\n", "x.dvc");

        Assert.Equal("outs:\n- path: x\n", document.Changed(new YamlMap().With("outs", new YamlList(new YamlMap().With("path", "x")))));
        Assert.Equal(
            "outs:\n- md5: a\n  path: x\n",
            document.Changed(new YamlMap().With("outs", new YamlList(new YamlMap().With("md5", "a").With("path", "x")))));
    }

    [Fact]
    public void Any_change_of_any_document_says_what_was_wanted()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var before = Map(random, 0);
            var wanted = Map(random, 0);

            var changed = YamlDocument.Read(YamlDocument.Write(before), "before").Changed(wanted);

            Assert.True(YamlChange.AreEqual(YamlReader.Read(changed, "changed"), wanted), $"seed {seed}: {changed}");
        }
    }

    [Fact]
    public void Any_value_is_read_back_as_it_was_written()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var map = Map(new Random(seed), 0);
            var text = YamlDocument.Write(map);

            Assert.True(YamlChange.AreEqual(YamlReader.Read(text, "text"), map), $"seed {seed}: {text}");
        }
    }

    [Theory]
    [InlineData("a: 1\na: 2\n", "f:2:1: the key 'a' stands twice in one mapping; remove one")]
    [InlineData("a: *x\n", "f:1:4: the alias '*x' stands for nothing; define '&x' above it")]
    [InlineData("a: 1\n---\nb: 2\n", "f:2:1: a second document begins; expected one")]
    public void A_broken_document_is_told_with_its_place(string text, string message) =>
        Assert.Equal(message, Assert.Throws<PipelineException>(() => YamlReader.Read(text, "f")).Message);

    private static YamlMap Map(Random random, int depth)
    {
        var map = new YamlMap();
        for (var i = random.Next(1, 5); i > 0; i--)
        {
            map["k" + (char)('a' + random.Next(6))] = Node(random, depth + 1);
        }

        return map;
    }

    private static YamlNode Node(Random random, int depth) => random.Next(depth > 3 ? 5 : 8) switch
    {
        0 => YamlScalar.Of(random.Next(-1000, 1000)),
        1 => YamlScalar.Of((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-20, 20))),
        2 => YamlScalar.Of(random.Next(2) == 0),
        3 => YamlScalar.Null,
        4 => YamlScalar.Of(Text(random)),
        5 => Map(random, depth),
        6 => new YamlMap(),
        _ => new YamlList(Enumerable.Range(0, random.Next(4)).Select(_ => Node(random, depth + 1))),
    };

    private static string Text(Random random)
    {
        string[] pieces = ["a", "long words that fill a line", " ", "  ", ": ", "#", " #", "- ", "'", "\"", "\n", "\t", "é", "漢", "😀", "\u0007", "1", "true", "{", "]", ",", "\\", "~", "&", "*"];
        return string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => pieces[random.Next(pieces.Length)]));
    }
}
