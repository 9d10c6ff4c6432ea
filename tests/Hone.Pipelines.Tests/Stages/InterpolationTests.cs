using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Hone.Pipelines.Stages;
using Hone.Pipelines.Values;
using Hone.Pipelines.Yaml;

namespace Hone.Pipelines.Tests.Stages;

public sealed class InterpolationTests
{
    private const string Parameters = """
        flag: true
        nothing:
        ratio: 1e-5
        ten: 010
        name: a b
        train: { layers: [16, 32], opt: { name: adam } }
        args: { foo: foo, bar: 1, bool: true, off: false, nested: { baz: it's }, list: [2, 3, qux] }
        """;

    [Theory]
    [InlineData("x ${flag} ${nothing} ${ratio} ${ten}", "x true None 1e-05 10")]
    [InlineData("${train.layers[1]} ${ train.opt.name }", "32 adam")]
    [InlineData("\\${flag} $HOME ${name}$", "${flag} $HOME a b$")]
    [InlineData("r ${args}", "r --foo 'foo' --bar 1 --bool --nested.baz 'it'\\''s' --list 2 3 'qux'")]
    [InlineData("no expression", "no expression")]
    public void Expressions_become_their_values_as_Python_writes_them(string command, string expected)
    {
        Assert.Equal(expected, Command(command, ""));
    }

    [Fact]
    public void The_settings_for_arguments_say_how_flags_and_lists_are_written()
    {
        Assert.Equal(
            "--foo 'foo' --bar 1 --bool --no-off --nested.baz 'it'\\''s' --list 2 --list 3 --list 'qux'",
            Command("${args}", "[parsing]\n    bool = boolean_optional\n    list = append\n"));
    }

    [Fact]
    public void Paths_keys_and_lists_are_replaced_and_groups_are_named_by_their_values()
    {
        using var bench = Bench.With("""
            vars: [{ dir: data, sizes: [1, true, x] }]
            stages:
              copy:
                foreach: ${sizes}
                do:
                  cmd: cp in ${dir}/${item}
                  outs:
                  - ${dir}/${item}: { cache: false }
              map:
                foreach: { a: { n: 1 }, b: { n: 2 } }
                do: { cmd: "echo ${key} ${item.n}" }
              deep:
                foreach: [{ n: 1 }, [2]]
                do: { cmd: "echo" }
              grid:
                matrix: { model: [m, { k: 1 }], fold: [1, 2] }
                cmd: echo ${key} ${item.fold}
            """);

        var stages = bench.Stages();

        Assert.Equal(
            ["copy@1", "copy@true", "copy@x", "map@a", "map@b", "deep@0", "deep@1", "grid@m-1", "grid@m-2", "grid@model1-1", "grid@model1-2"],
            stages.Select(stage => stage.Name));
        Assert.Equal(("data/true", false), (stages[1].Outputs[0].Path, stages[1].Outputs[0].IsCached));
        Assert.Equal("echo b 2", stages[4].Commands[0]);
        Assert.Equal("echo m-2 2", stages[8].Commands[0]);
    }

    [Fact]
    public void Files_of_variables_are_merged_and_may_be_asked_for_single_keys()
    {
        using var bench = Bench.With("""
            vars: [a.json, "b.toml:x,y", { group: { c: 3 } }]
            stages: { s: { cmd: "${group.a} ${x} ${y.z} ${group.c}" } }
            """, ("a.json", """{"group": {"a": 1.0}}"""), ("b.toml", "x = 0x10\ny.z = [1]\nq = 1\n[group]\na = 1\n".Replace("y.z = [1]", "y.z = 'l'", StringComparison.Ordinal)));

        Assert.Equal("1.0 16 l 3", bench.Stages()[0].Commands[0]);
    }

    [Fact]
    public void Any_text_without_an_expression_stays_as_it_is() => Prop.ForAll<NonNull<string>>(text =>
    {
        var plain = text.Get.Replace("${", "", StringComparison.Ordinal);
        plain = plain.Replace("${", "", StringComparison.Ordinal);
        return plain.Contains("${", StringComparison.Ordinal) || new Interpolation(Variables.None, default).Text(plain, default) == plain;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_escaped_expression_stands_for_itself_whatever_is_around_it() => Prop.ForAll<NonNull<string>, NonNull<string>>((a, b) =>
    {
        var (before, after) = (Plain(a.Get), Plain(b.Get));
        return new Interpolation(Variables.None, default).Text($"{before}\\${{x}}{after}", default) == $"{before}${{x}}{after}";
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_value_written_into_a_lock_file_is_read_back_the_same() => Prop.ForAll(Arb.From(Values(3)), value =>
    {
        var stage = LockedStage.Of(new TextValue("x"), [], [KeyValuePair.Create("params.yaml", new ValueMap([KeyValuePair.Create("p", value)]))], []);
        var text = LockFile.Empty.With("s", stage).Write();
        var back = LockFile.Read(text, "dvc.lock").Find("s")!.ParametersOf("params.yaml")!.Find("p")!;
        return JsonText.Write(back) == JsonText.Write(value) && LockFile.Read(text, "dvc.lock").Write() == text;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_value_written_as_JSON_is_read_back_the_same() => Prop.ForAll(Arb.From(Values(3)), value =>
        JsonText.Write(JsonText.Read(JsonText.Write(value), "x")) == JsonText.Write(value)).QuickCheckThrowOnFailure();

    [Fact]
    public void Numbers_and_truth_values_of_the_same_size_are_the_same_value()
    {
        Assert.True(new WholeValue(1).IsSameAs(new RealValue(1)));
        Assert.True(new FlagValue(true).IsSameAs(new WholeValue(1)));
        Assert.True(new RealValue(0).IsSameAs(new FlagValue(false)));
        Assert.False(new WholeValue(BigInteger.Pow(2, 53) + 1).IsSameAs(new RealValue(Math.Pow(2, 53))));
        Assert.False(new RealValue(double.NaN).IsSameAs(new RealValue(double.NaN)));
        Assert.False(new TextValue("1").IsSameAs(new WholeValue(1)));
        Assert.True(Map("a: 1\nb: [1.0, true]").IsSameAs(Map("b: [1, 1]\na: 1.0")));
    }

    private static Value Map(string yaml) => YamlValues.Of(YamlReader.Read(yaml, "x"));

    private static string Plain(string text) => text.Replace("$", "", StringComparison.Ordinal).Replace("\\", "", StringComparison.Ordinal);

    private static string Command(string command, string config)
    {
        using var bench = Bench.With($"stages:\n  s:\n    cmd: {JsonText.Quote(command)}", (".dvc/config", config), ("params.yaml", Parameters));
        return bench.Stages()[0].Commands[0];
    }

    // Texts of the plane that JSON's escapes can hold; a lone half of a pair is no text.
    private static Gen<Value> Values(int depth)
    {
        var text = ArbMap.Default.GeneratorFor<NonNull<string>>().Select(any => new string([.. any.Get.Where(c => !char.IsSurrogate(c) && c is >= ' ' and < '\uFFFE' or '\n' or '\t')]));
        var plain = Gen.OneOf(
            text.Select(Value (any) => new TextValue(any)),
            Gen.Elements("yes", "no", "on", "012", "0x1F", "1e5", "null", "~", "", " a", "a ", "a: b", "# x", "- x", "2024-01-02", "true", ".inf", "é漢", "'", "\"", "multi\nline\n")
                .Select(Value (any) => new TextValue(any)),
            ArbMap.Default.GeneratorFor<long>().Select(Value (any) => new WholeValue(any)),
            ArbMap.Default.GeneratorFor<double>().Select(Value (any) => new RealValue(any)),
            ArbMap.Default.GeneratorFor<bool>().Select(Value (any) => new FlagValue(any)),
            Gen.Constant<Value>(new NothingValue()));
        if (depth == 0)
        {
            return plain;
        }

        var list = Values(depth - 1).ListOf(3).Select(Value (items) => new ValueList([.. items]));
        var map = Values(depth - 1).ListOf(3).Select(Value (items) => new ValueMap([.. items.Select((item, i) => KeyValuePair.Create($"k{i}", item))]));
        return Gen.OneOf(plain, plain, list, map);
    }
}
