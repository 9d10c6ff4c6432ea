using Hone.Tracking.Tests.Store;

namespace Hone.Tracking.Tests.Rest;

public abstract class SearchTests(StoreKind kind) : IAsyncLifetime
{
    private RestServer _server = null!;
    private string _experiment = "";
    private readonly Dictionary<string, string> _ids = [];

    // a: loss 1, b: loss 2, c: loss NaN, d: no loss; each begins after the one before.
    public async ValueTask InitializeAsync()
    {
        _server = await RestServer.StartAsync(kind: kind);
        _experiment = await _server.NewExperimentAsync("search");
        await MakeAsync("a", 1, "0.1", "team one");
        await MakeAsync("b", 2, "0.2", "Team Two");
        await MakeAsync("c", "NaN", "it's", "50%");
        await MakeAsync("d", null, "say \"hi\"", "");
        await _server.PostAsync("runs/update", new { run_id = _ids["b"], status = "FINISHED", end_time = 1_700_000_009_000 });
        await _server.PostAsync("runs/log-inputs", new
        {
            run_id = _ids["c"],
            datasets = new[]
            {
                new
                {
                    tags = new[] { new { key = "mlflow.data.context", value = "train" } },
                    dataset = new { name = "iris", digest = "d1", source_type = "local", source = "{}" },
                },
            },
        });
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("", "d c b a")]
    [InlineData("   ", "d c b a")]
    [InlineData("metrics.loss < 2", "a")]
    [InlineData("metric.loss <= 2.0", "b a")]
    [InlineData("metrics.`loss` != 1", "b")]
    [InlineData("metrics.\"loss\" > -1e3 AND metrics.loss >= 2", "b")]
    [InlineData("metrics.none > 0", "")]
    [InlineData("params.lr = '0.1'", "a")]
    [InlineData("params.lr = \"0.1\"", "a")]
    [InlineData("parameters.lr != '0.1'", "d c b")]
    [InlineData("param.lr LIKE '0._'", "b a")]
    [InlineData("params.lr = 'it''s'", "c")]
    [InlineData("params.lr = \"it's\"", "c")]
    [InlineData("params.lr = 'say \"hi\"'", "d")]
    [InlineData("params.lr like '0.%' and params.lr != '0.2'", "a")]
    [InlineData("tags.`the team` LIKE 't%'", "a")]
    [InlineData("tag.\"the team\" ILIKE 'T%'", "b a")]
    [InlineData("tags.\"the team\" = ''", "d")]
    [InlineData("tags.the.dotted = 'x'", "d c b a")]
    [InlineData("tags.none IS NULL", "d c b a")]
    [InlineData("params.lr IS NOT NULL", "d c b a")]
    [InlineData("attributes.status = 'FINISHED'", "b")]
    [InlineData("status != 'FINISHED'", "d c a")]
    [InlineData("attribute.run_name = 'a'", "a")]
    [InlineData("run_name ILIKE 'A'", "a")]
    [InlineData("attr.start_time > 1700000001000", "d c")]
    [InlineData("start_time = 1700000001000", "b")]
    [InlineData("end_time > 0", "b")]
    [InlineData("tags.mlflow.runName IN ('a')", null)]
    [InlineData("run_name IN ('a', 'c')", "c a")]
    [InlineData("run_name NOT IN ('a', 'c')", "d b")]
    [InlineData("datasets.name = 'iris' AND dataset.context LIKE 'tr%'", "c")]
    [InlineData("dataset.digest IN ('d1', 'd2')", "c")]
    public async Task A_filter_finds(string filter, string? expected)
    {
        if (expected is null)
        {
            Assert.Equal(400, (await _server.RefusalAsync(HttpMethod.Post, "runs/search", Body(filter))).Status);
            return;
        }

        Assert.Equal(expected, await NamesAsync(Body(filter)));
    }

    [Theory]
    [InlineData("metrics.loss ASC", "a b c d")]
    [InlineData("metrics.loss DESC", "b a c d")]
    [InlineData("metrics.`loss`", "a b c d")]
    [InlineData("params.lr desc", "d c b a")]
    [InlineData("tags.`the team` ASC", "d c b a")]
    [InlineData("tag.\"the team\"", "d c b a")]
    [InlineData("attributes.start_time ASC", "a b c d")]
    [InlineData("Created DESC", "d c b a")]
    [InlineData("Start Time asc", "a b c d")]
    [InlineData("status", "b d c a")]
    [InlineData("run_name DESC", "d c b a")]
    [InlineData("end_time DESC", "b d c a")]
    [InlineData("run_id", "a b c d")]
    public async Task Results_are_sorted_and_what_has_no_value_comes_last(string order, string expected) =>
        Assert.Equal(expected, await NamesAsync(new { experiment_ids = new[] { _experiment }, order_by = new[] { order } }));

    [Theory]
    [InlineData("metrics.loss < 'a'", "Expected numeric value type for metric 'loss'. Found 'a'")]
    [InlineData("params.lr = 0.1", "Expected a quoted string value for param 'lr' (e.g. 'my-value'). Got value 0.1")]
    [InlineData("params.lr < '1'", "Invalid comparator 'Less' for param 'lr': expected one of '=', '!=', 'LIKE', 'ILIKE'")]
    [InlineData("metrics.loss LIKE 'a'", "Invalid comparator 'Like' for metric 'loss': expected one of '=', '!=', '<', '<=', '>', '>='")]
    [InlineData("model.x = 'a'", "Invalid entity type 'model'. Valid values are ['metric', 'parameter', 'tag', 'attribute', 'dataset']")]
    [InlineData("attributes.x = 'a'", "Invalid attribute key '{x}' specified. Valid keys are '{'run_id', 'run_name', 'status', 'user_id', 'artifact_uri', 'start_time', 'end_time'}'")]
    [InlineData("metrics.loss = ", "Expected a quoted string value or a number (e.g. 'my-value'). Got value the end in filter 'metrics.loss = '.")]
    [InlineData("metrics.loss = 1 OR metrics.loss = 2", "Invalid filter 'metrics.loss = 1 OR metrics.loss = 2'. Could not be parsed correctly: expected AND, got OR.")]
    [InlineData("params.lr = 'a", "Invalid filter 'params.lr = 'a': the quote ' at position 13 is not closed.")]
    [InlineData("= 1", "Invalid filter '= 1'. Could not be parsed correctly: expected a name such as metrics.loss, got =.")]
    [InlineData("metrics. > 1", "Invalid identifier 'metrics.': a name must follow the dot.")]
    [InlineData("run_id IN 'a'", "Invalid filter 'run_id IN 'a''. Could not be parsed correctly: expected a list such as ('a', 'b'), got 'a'.")]
    [InlineData("run_id IN ('a',)", "Expected a quoted string value or a number (e.g. 'my-value'). Got value ) in filter 'run_id IN ('a',)'.")]
    [InlineData("run_id IN ('a' 'b')", "Invalid filter 'run_id IN ('a' 'b')'. Could not be parsed correctly: expected ), got 'b'.")]
    [InlineData("metrics.loss == 1", "Invalid comparator '==' in filter 'metrics.loss == 1': expected =, !=, <, <=, >, >=, LIKE, ILIKE, IN, NOT IN, IS NULL or IS NOT NULL.")]
    public async Task A_filter_that_cannot_be_read_is_told(string filter, string message) => Assert.Equal(
        (400, "INVALID_PARAMETER_VALUE", message), await _server.RefusalAsync(HttpMethod.Post, "runs/search", Body(filter)));

    [Fact]
    public async Task A_pattern_has_a_limit() => Assert.Equal(
        (400, "INVALID_PARAMETER_VALUE", "A pattern can have at most 8000 letters."),
        await _server.RefusalAsync(HttpMethod.Post, "runs/search", Body($"params.lr LIKE '{new string('%', 8_001)}'")));

    [Fact]
    public async Task Runs_are_found_by_their_ids()
    {
        Assert.Equal("c", await NamesAsync(Body($"run_id = '{_ids["c"]}'")));
        Assert.Equal("d c a", await NamesAsync(Body($"attributes.run_id != '{_ids["b"]}'")));
        Assert.Equal("c b", await NamesAsync(Body($"run_id IN ('{_ids["b"]}', '{_ids["c"]}', 'nothing')")));
        Assert.Equal("c", await NamesAsync(Body($"run_id LIKE '%{_ids["c"][^8..]}'")));
    }

    [Fact]
    public async Task Deleted_runs_are_found_by_their_view()
    {
        await _server.PostAsync("runs/delete", new { run_id = _ids["b"] });

        Assert.Equal("d c a", await NamesAsync(Body("")));
        Assert.Equal("b", await NamesAsync(new { experiment_ids = new[] { _experiment }, run_view_type = "DELETED_ONLY" }));
        Assert.Equal("d c b a", await NamesAsync(new { experiment_ids = new[] { _experiment }, run_view_type = "ALL" }));
    }

    [Theory]
    [InlineData("metrics.loss ASC", "a b c d")]
    [InlineData("start_time DESC", "d c b a")]
    [InlineData("params.lr ASC", "a b c d")]
    public async Task Pages_follow_one_another_without_a_gap(string order, string expected)
    {
        for (var size = 1; size <= 5; size++)
        {
            var found = new List<string>();
            string? token = null;
            do
            {
                var page = await _server.PostAsync(
                    "runs/search", new { experiment_ids = new[] { _experiment }, order_by = new[] { order }, max_results = size, page_token = token });
                found.AddRange(page.At("runs").EnumerateArray().Select(run => run.Text("info.run_name")!));
                token = page.Has("next_page_token") ? page.Text("next_page_token") : null;
            }
            while (token is not null);
            Assert.Equal(expected, string.Join(' ', found));
        }
    }

    [Fact]
    public async Task Several_experiments_are_searched_as_one()
    {
        await _server.NewRunAsync("0", "other", 1_700_000_001_500);

        Assert.Equal("d c other b a", await NamesAsync(new { experiment_ids = new[] { _experiment, "0", "77", "x" } }));
        Assert.Equal("", await NamesAsync(new { }));
    }

    [Fact]
    public async Task A_result_has_all_that_the_run_has()
    {
        var found = await _server.PostAsync("runs/search", Body("run_name = 'c'"));

        Assert.Equal((await _server.RunAsync(_ids["c"])).GetRawText(), found.At("runs.0").GetRawText());
    }

    [Theory]
    [InlineData("""{"page_token":"!"}""")]
    [InlineData("""{"page_token":"YQ"}""")]
    [InlineData("""{"max_results":0}""")]
    [InlineData("""{"max_results":50001}""")]
    [InlineData("""{"run_view_type":"SOME"}""")]
    [InlineData("""{"order_by":["metrics.a b DESC"]}""")]
    [InlineData("""{"experiment_ids":["0"],"order_by":["nothing"]}""")]
    [InlineData("""{"order_by":[""]}""")]
    [InlineData("""{"experiment_ids":"1"}""")]
    public async Task What_cannot_be_asked_is_refused(string body) =>
        Assert.Equal("INVALID_PARAMETER_VALUE", (await _server.RefusalAsync(HttpMethod.Post, "runs/search", body)).Code);

    private object Body(string filter) => new { experiment_ids = new[] { _experiment }, filter };

    private async Task<string> NamesAsync(object body)
    {
        var answer = await _server.PostAsync("runs/search", body);
        return answer.Has("runs") ? string.Join(' ', answer.At("runs").EnumerateArray().Select(run => run.Text("info.run_name"))) : "";
    }

    private async Task MakeAsync(string name, object? loss, string rate, string team)
    {
        var run = await _server.NewRunAsync(_experiment, name, 1_700_000_000_000 + (_ids.Count * 1000));
        _ids.Add(name, run);
        await _server.PostAsync("runs/log-parameter", new { run_id = run, key = "lr", value = rate });
        await _server.PostAsync("runs/set-tag", new { run_id = run, key = "the team", value = team });
        await _server.PostAsync("runs/set-tag", new { run_id = run, key = "the.dotted", value = "x" });
        if (loss is not null)
        {
            await _server.LogAsync(run, "loss", loss);
        }
    }
}

public sealed class SqliteSearchTests() : SearchTests(StoreKind.Sqlite);

public sealed class PostgresSearchTests() : SearchTests(StoreKind.Postgres);
