using Hone.Pipelines.Yaml;

namespace Hone.Pipelines.Tests.Yaml;

public sealed class YamlWriterTests
{
    [Theory]
    [InlineData("c_repro1", "dvc.lock")]
    [InlineData("c_repro2_param_changed", "dvc.lock")]
    [InlineData("d_remote_after_push", "dvc.lock")]
    [InlineData("a_add", "data.dvc")]
    [InlineData("a_add", "run.sh.dvc")]
    public void Writes_what_it_read_byte_for_byte_as_DVC_wrote_it(string repository, string file)
    {
        using var folder = Golden.Unpack(repository);
        var text = folder.Read(file);

        Assert.Equal(text, YamlWriter.Write(YamlReader.Read(text, file)));
    }

    // What the round-trip dumper of ruamel.yaml writes with DVC's settings, from its rules and the golden lock files.
    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("yes", "yes")]
    [InlineData("on", "on")]
    [InlineData("nan", "nan")]
    [InlineData("true", "'true'")]
    [InlineData("12", "'12'")]
    [InlineData("1e5", "'1e5'")]
    [InlineData("0x1F", "'0x1F'")]
    [InlineData(".5", "'.5'")]
    [InlineData("1_000", "'1_000'")]
    [InlineData("2024-01-02", "'2024-01-02'")]
    [InlineData("2024-1-2", "2024-1-2")]
    [InlineData("", "''")]
    [InlineData("~", "'~'")]
    [InlineData("a: b", "'a: b'")]
    [InlineData("a:b", "a:b")]
    [InlineData("a #b", "'a #b'")]
    [InlineData("a#b", "a#b")]
    [InlineData("- a", "'- a'")]
    [InlineData("-a", "-a")]
    [InlineData("[a", "'[a'")]
    [InlineData("a]", "a]")]
    [InlineData("it's", "it's")]
    [InlineData("'it", "\"'it\"")]
    [InlineData("@x", "'@x'")]
    [InlineData("%x", "'%x'")]
    [InlineData("a ", "'a '")]
    [InlineData("two\nlines", "\"two\\nlines\"")]
    [InlineData("tab\there", "\"tab\\there\"")]
    [InlineData("é漢", "é漢")]
    [InlineData("--- a", "'--- a'")]
    [InlineData("<<", "'<<'")]
    public void Quotes_a_text_only_where_it_must(string text, string written) =>
        Assert.Equal($"k: {written}\n", YamlWriter.Write(new YamlMap().With("k", text)));

    [Theory]
    [InlineData(1e-5, "1e-05")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(1e10, "10000000000.0")]
    [InlineData(1e16, "1e+16")]
    [InlineData(6.02e23, "6.02e+23")]
    [InlineData(1.0, "1.0")]
    [InlineData(-0.0, "-0.0")]
    [InlineData(123456789.123, "123456789.123")]
    [InlineData(1.5e-300, "1.5e-300")]
    [InlineData(9007199254740993.0, "9007199254740992.0")]
    [InlineData(double.PositiveInfinity, ".inf")]
    [InlineData(double.NegativeInfinity, "-.inf")]
    [InlineData(double.NaN, ".nan")]
    public void Writes_numbers_as_Python_shows_them(double value, string written) =>
        Assert.Equal($"k: {written}\n", YamlWriter.Write(new YamlMap().With("k", YamlScalar.Of(value))));

    [Fact]
    public void Keeps_empty_lists_and_maps_and_lists_in_lists()
    {
        var map = new YamlMap()
            .With("a", new YamlList())
            .With("b", new YamlMap())
            .With("c", new YamlList(new YamlList(YamlScalar.Of(1), YamlScalar.Null), new YamlMap().With("x", "1").With("y", new YamlList(YamlScalar.Of(true)))));

        Assert.Equal("a: []\nb: {}\nc:\n- - 1\n  - \n- x: '1'\n  y:\n  - true\n", YamlWriter.Write(map));
    }
}
