namespace Hone.Pipelines.Tests.Stages;

/// <summary>What is wrong with a pipeline is said with its file, line and key, before anything runs.</summary>
public sealed class WrongPipelineTests
{
    [Theory]
    [InlineData("stages: { a: { cmd: x, deps: [b], outs: [a] }, b: { cmd: x, deps: [a], outs: [b] } }",
        "the stages need each other in a circle: b -> a -> b")]
    [InlineData("stages: { a: { cmd: x, deps: [f], outs: [f] } }",
        "the stages need each other in a circle: a -> a")]
    [InlineData("stages:\n  a: { cmd: x, outs: [f] }\n  b: { cmd: x, outs: [f] }",
        "dvc.yaml:3: stage 'b': 'f' is an output of stage 'a' too; one of the two must write elsewhere")]
    [InlineData("stages:\n  a: { cmd: x, outs: [d/e] }\n  b: { cmd: x, outs: [d/e/f] }",
        "dvc.yaml:3: stage 'b': the output 'd/e/f' lies within 'd/e', an output of stage 'a'; an output may not lie within another")]
    [InlineData("stages:\n  a: { cmd: x, outs: [d/e/f] }\n  b: { cmd: x, outs: [d] }",
        "dvc.yaml:3: stage 'b': the output 'd' holds an output of stage 'a'; an output may not lie within another")]
    [InlineData("stages: { a: { cmd: x, outs: [f, ./f] } }",
        "dvc.yaml:1: stage 'a': 'f' is named twice among its outputs")]
    [InlineData("stages: { a: { cmd: x, deps: [f, ./f] } }",
        "dvc.yaml:1: stages.a.deps[1]: './f' is named twice")]
    [InlineData("stages:\n  a:\n    cmd: x\n    outs:\n    - ../f",
        "dvc.yaml:5: stages.a.outs[0]: '../f' lies outside of the repository, where a stage may not write")]
    [InlineData("stages: { a: { cmd: x, outs: [.] } }",
        "dvc.yaml:1: stages.a.outs[0]: '.' is the repository itself; an output lies within it")]
    [InlineData("stages: { a: { cmd: x, wdir: ../.. } }",
        "dvc.yaml:1: stages.a.wdir: '../..' lies outside of the repository")]
    [InlineData("stages: { a: { cmd: x, deps: ['s3://b/f'] } }",
        "dvc.yaml:1: stages.a.deps[0]: 's3://b/f' is an address; only files and folders can be read by a stage")]
    [InlineData("stages:\n  a:\n    outs: [f]",
        "dvc.yaml:2: stages.a: 'cmd' is missing: the command to run")]
    [InlineData("stages:\n  a:\n    cmd: x\n    dep: [f]",
        "dvc.yaml:4: stages.a.dep: 'dep' is not known here; expected cmd, wdir, deps, params, outs, metrics, plots, frozen, always_changed, desc, meta, vars, matrix, foreach, do")]
    [InlineData("stages: { a: { cmd: [] } }",
        "dvc.yaml:1: stages.a.cmd: an empty list stands here; expected commands")]
    [InlineData("stages: { a: { cmd: { x: 1 } } }",
        "dvc.yaml:1: stages.a.cmd: a mapping stands here; expected a text")]
    [InlineData("stages: { a: { cmd: x, deps: f } }",
        "dvc.yaml:1: stages.a.deps: a text stands here; expected a list")]
    [InlineData("stages: { a: { cmd: x, outs: [f: { cash: false }] } }",
        "dvc.yaml:1: stages.a.outs[0].f.cash: 'cash' is not known here; expected cache, persist, remote, push, desc, type, labels, meta")]
    [InlineData("stages: { a: { cmd: x, frozen: 1 } }",
        "dvc.yaml:1: stages.a.frozen: a whole number stands here; expected true or false")]
    [InlineData("stages: { a: { cmd: 'x ${y.z}' } }",
        "dvc.yaml:1: stages.a.cmd: '${y.z}' names nothing: there is no 'y'; there are no variables: write a params.yaml or vars")]
    [InlineData("vars: [{ y: { k: 1 } }]\nstages: { a: { cmd: 'x ${y.z}' } }",
        "dvc.yaml:2: stages.a.cmd: '${y.z}' names nothing: there is no 'y.z'; there is k")]
    [InlineData("vars: [{ y: [1] }]\nstages: { a: { cmd: 'x ${y}' } }",
        "dvc.yaml:2: stages.a.cmd: a list cannot stand inside a text")]
    [InlineData("stages: { a: { cmd: 'x ${y' } }",
        "dvc.yaml:1: stages.a.cmd: '${y' has no closing brace; write \\${ for the two characters themselves")]
    [InlineData("stages: { a: { cmd: 'x ${}' } }",
        "dvc.yaml:1: stages.a.cmd: '${}' is no expression; expected a name such as ${train.layers[0]}")]
    [InlineData("vars: [{ a: 1 }, { a: 2 }]\nstages: {}",
        "dvc.yaml:1: vars[1]: 'a' has a value already, from dvc.yaml:1: vars[0]; rename one of the two")]
    [InlineData("vars: [none.yaml]\nstages: {}",
        "dvc.yaml:1: vars[0]: there is no file 'none.yaml'")]
    [InlineData("stages: { a: { foreach: [1, 1], do: { cmd: x } } }",
        "dvc.yaml:1: stages.a: two stages would be named 'a@1'")]
    [InlineData("stages: { a: { foreach: 3, do: { cmd: x } } }",
        "dvc.yaml:1: stages.a.foreach: a whole number stands here; expected a list or a mapping to repeat for")]
    [InlineData("stages: { a: { foreach: [1] } }",
        "dvc.yaml:1: stages.a: 'do' is missing: what foreach is to repeat")]
    [InlineData("stages: { a: { do: { cmd: x } } }",
        "dvc.yaml:1: stages.a.do: 'do' without foreach")]
    [InlineData("stage: {}",
        "dvc.yaml:1: stage: 'stage' is not known here; expected stages, vars, params, metrics, plots, artifacts, datasets")]
    [InlineData("- a",
        "dvc.yaml:1: a list stands here; expected a mapping")]
    public void A_wrong_pipeline_is_refused(string pipeline, string message)
    {
        using var bench = Bench.With(pipeline);

        Assert.Equal(message, bench.Refusal());
    }

    [Theory]
    [InlineData("params.yaml", "a: [1", "params.yaml:2:1: this is not valid YAML: ")]
    [InlineData("params.yaml", "- 1", "params.yaml:1: a list where a mapping of names to values should stand")]
    public void Parameters_that_cannot_be_read_are_refused(string file, string text, string message)
    {
        using var bench = Bench.With("stages: {}", (file, text));

        Assert.StartsWith(message, bench.Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x.json", "{\"a\": }", "x.json:1: not JSON: '}' where a value should stand")]
    [InlineData("x.json", "{\"a\": 1,\n \"b\": 01}", "x.json:2: not JSON: '01' is no number")]
    [InlineData("x.json", "{\"a\"", "x.json:1: not JSON: the text ends where ':' should stand")]
    [InlineData("x.toml", "a = ", "x.toml:1: not TOML: a value is missing")]
    [InlineData("x.toml", "a = 1\na = 2", "x.toml:2: not TOML: 'a' is defined twice")]
    [InlineData("x.toml", "[t]\nb = \"x", "x.toml:2: not TOML: a text has no closing quote")]
    [InlineData("x.py", "a = 1", "x.py: parameters in Python are not read; write them as YAML, JSON or TOML")]
    public void Files_of_variables_that_cannot_be_read_are_refused(string file, string text, string message)
    {
        using var bench = Bench.With($"vars: [{file}]\nstages: {{}}", (file, text));

        Assert.Equal(message, bench.Refusal());
    }

    [Theory]
    [InlineData("stages:\n  a:\n    cmd: x\n    deps:\n    - path: [", "dvc.lock:6:1: this is not valid YAML: ")]
    [InlineData("stages:\n  a: {}", "dvc.lock: is no lock file of version 2.0: \"schema: '2.0'\" is missing. Bring it back with git checkout, or delete it and run hone repro")]
    [InlineData("schema: '2.0'\nstages:\n  a: { deps: [] }", "dvc.lock:3: stages.a: 'cmd' is missing")]
    [InlineData("schema: '2.0'\nstages:\n  a: { cmd: x, outs: [{ path: f, size: many }] }", "dvc.lock:3: stages.a.outs[0].size: a text stands here; expected a whole number")]
    public async Task A_lock_file_that_is_torn_or_no_lock_file_is_refused_and_kept(string text, string message)
    {
        using var bench = Bench.With("stages: { a: { cmd: echo 1 > f, outs: [f] } }", ("dvc.lock", text));

        var ends = await bench.ReproAsync();

        Assert.StartsWith($"a Failed: {message}", ends[0], StringComparison.Ordinal);
        Assert.Equal(text, bench.Read("dvc.lock"));
    }

    [Theory]
    [InlineData("deps: [none]", "dvc.yaml:1: stage 'a' needs 'none', which is not there; hone checkout or hone pull may bring what is recorded")]
    [InlineData("params: [lr]", "stage 'a' needs the parameters file 'params.yaml', which is not there")]
    [InlineData("params: [p.json: [x, y]]", "stage 'a' needs the parameters x, y of 'p.json', which are not there")]
    [InlineData("outs: [f, g]", "dvc.yaml:1: stage 'a' did not write its output 'g'")]
    [InlineData("wdir: none", "stage 'a': its folder 'none' is not there")]
    public async Task A_stage_that_cannot_run_says_why(string entry, string message)
    {
        using var bench = Bench.With($"stages: {{ a: {{ cmd: echo 1 > f, {entry} }} }}", ("p.json", "{}"));

        Assert.Equal([$"a Failed: {message}"], await bench.ReproAsync());
        Assert.False(bench.Has("dvc.lock"));
    }

    [Fact]
    public void A_target_that_names_nothing_is_told_with_what_there_is()
    {
        using var bench = Bench.With("stages: { train: { cmd: x }, each: { foreach: [1, 2], do: { cmd: x } } }");
        using var loan = bench.Load();

        Assert.Equal(
            "there is no stage, group or output 'trian'; the stages of 'dvc.yaml' are train, each",
            Assert.Throws<PipelineException>(() => loan.Pipeline.Find("trian", "")).Message);
        Assert.Equal(["each@1", "each@2"], loan.Pipeline.Find("each", "").Select(stage => stage.Name));
    }

    [Fact]
    public void An_output_of_a_stage_may_not_be_tracked_by_a_dvc_file_too()
    {
        using var bench = Bench.With("stages:\n  a: { cmd: x, outs: [d] }", ("d/f.dvc", "outs:\n- path: f\n"));

        Assert.Equal("d/f.dvc: the output 'd/f' lies within 'd', an output of stage 'a'; an output may not lie within another", bench.Refusal());
    }
}
