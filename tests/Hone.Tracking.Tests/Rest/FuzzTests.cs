using System.Globalization;
using System.Net;
using System.Text;
using Hone.Tracking.Store;

namespace Hone.Tracking.Tests.Rest;

public sealed class FuzzTests
{
    private static readonly string[] Addresses =
    [
        "POST experiments/create", "GET experiments/get", "GET experiments/get-by-name", "POST experiments/search", "GET experiments/search",
        "POST experiments/update", "POST experiments/delete", "POST experiments/restore", "POST experiments/set-experiment-tag",
        "POST experiments/delete-experiment-tag", "POST experiments/search-datasets", "POST runs/create", "GET runs/get", "POST runs/update",
        "POST runs/delete", "POST runs/restore", "POST runs/log-metric", "POST runs/log-batch", "POST runs/log-parameter", "POST runs/set-tag",
        "POST runs/delete-tag", "POST runs/log-inputs", "POST runs/outputs", "POST runs/log-model", "POST runs/search", "GET metrics/get-history",
        "GET metrics/get-history-bulk", "GET metrics/get-history-bulk-interval", "GET nothing", "PUT runs/create", "DELETE runs/get",
        "POST registered-models/create", "GET registered-models/get", "POST registered-models/rename", "PATCH registered-models/update",
        "DELETE registered-models/delete", "GET registered-models/search", "POST registered-models/get-latest-versions", "POST registered-models/set-tag",
        "DELETE registered-models/delete-tag", "POST registered-models/alias", "GET registered-models/alias", "DELETE registered-models/alias",
        "POST model-versions/create", "GET model-versions/get", "PATCH model-versions/update", "DELETE model-versions/delete", "GET model-versions/search",
        "GET model-versions/get-download-uri", "POST model-versions/transition-stage", "POST model-versions/set-tag", "DELETE model-versions/delete-tag",
        "POST logged-models", "POST logged-models/search", "GET logged-models/m-0", "PATCH logged-models/m-0", "DELETE logged-models/m-0",
        "PATCH logged-models/m-0/tags", "POST logged-models/m-0/params", "DELETE logged-models/m-0/tags/%00", "GET artifacts/list",
        "GET logged-models/m-0/artifacts/directories", "GET /api/2.0/mlflow-artifacts/artifacts", "GET /get-artifact", "GET /model-versions/get-artifact",
        "GET experiments/list", "GET registered-models/list", "POST artifacts/presigned-upload-url", "POST /api/2.0/mlflow-artifacts/mpu/create/a",
    ];

    private static readonly string[] Fields =
    [
        "experiment_id", "experiment_ids", "experiment_name", "name", "new_name", "run_id", "run_uuid", "run_ids", "run_name", "key", "value",
        "timestamp", "step", "start_time", "end_time", "status", "tags", "params", "metrics", "filter", "order_by", "max_results", "page_token",
        "view_type", "run_view_type", "metric_key", "start_step", "end_step", "datasets", "models", "dataset", "digest", "source", "source_type",
        "model_id", "model_json", "version", "alias", "stage", "stages", "description", "archive_existing_versions", "path", "source_run_id", "run_link", "artifact_location", "user_id", "\\ud800", "\\u0000",
    ];

    private static readonly string[] Values =
    [
        "0", "1", "-1", "1.5", "1e999", "-0", "9223372036854775807", "-9223372036854775808", "9223372036854775808", "922337203685477", "null",
        "true", "[]", "{}", "[null]", "[1]", "[{}]", "[[]]", "[\"0\"]", "[\"1\",\"0\",\"0\"]", "\"\"", "\"0\"", "\"NaN\"", "\"Infinity\"", "\"a\"",
        "\"\\u0000\"", "\"\\ud800\"", "\"☃\"", "\"'; DROP TABLE runs; --\"", "\"metrics.a > 1\"", "\"metrics.a >\"", "\"params.`a` LIKE '%'\"",
        "\"tags.a IS NOT NULL AND attributes.start_time < 5e3\"", "\"run_id IN ('a','b')\"", "[\"metrics.a DESC\"]", "[\"a b\"]", "[\"start_time\"]",
        "\"FINISHED\"", "\"ALL\"", "\"../../etc\"", "[{\"key\":\"a\",\"value\":\"1\",\"timestamp\":1,\"step\":2}]", "[{\"key\":\"a\",\"value\":1,\"timestamp\":1}]",
        "[{\"dataset\":{\"name\":\"n\",\"digest\":\"d\",\"source_type\":\"t\",\"source\":\"s\"},\"tags\":[{\"key\":\"k\",\"value\":\"v\"}]}]",
        "\"n\"", "\"m\"", "\"models:/n/1\"", "\"mlflow-artifacts:/x\"", "\"Production\"", "[\"Staging\"]", "\"name LIKE '%'\"", "\"version_number > 0\"",
        "[{\"field_name\":\"metrics.a\",\"ascending\":false}]", "\"LOGGED_MODEL_READY\"", "[{\"key\":\"a\",\"value\":\"b\"}]",
        "{\"name\":\"n\"}", "[{\"model_id\":\"m\"}]", "\"MSAyIDM\"", "\"{}\"",
    ];

    // HONE_FUZZ_REQUESTS=1000000 makes as many as a release is held to.
    [Fact]
    public async Task No_request_makes_the_server_fail_or_leaves_the_store_damaged()
    {
        var requests = int.TryParse(Environment.GetEnvironmentVariable("HONE_FUZZ_REQUESTS"), out var wanted) ? wanted : 4_000;
        await using var server = await RestServer.StartAsync();
        string[] runs = [await server.NewRunAsync(name: "a"), await server.NewRunAsync(name: "b")];
        await Parallel.ForEachAsync(Enumerable.Range(0, 4), async (lane, _) =>
        {
            var random = new SeededRandom((ulong)lane + 1);
            for (var i = 0; i < requests / 4; i++)
            {
                await AskAsync(server, random, runs);
            }
        });

        using var database = SqliteDatabase.Open(server.StorePath, create: false);
        using (var check = database.Prepare("PRAGMA integrity_check"))
        {
            Assert.True(check.Step());
            Assert.Equal("ok", check.Text(0));
        }

        using var keys = database.Prepare("PRAGMA foreign_key_check");
        Assert.False(keys.Step());
        foreach (var run in runs)
        {
            Assert.Equal(run, (await server.RunAsync(run)).Text("info.run_id"));
        }
    }

    private static async Task AskAsync(RestServer server, Random random, string[] runs)
    {
        var address = Addresses[random.Next(Addresses.Length)].Split(' ');
        var fields = new List<(string Name, string Value)>();
        for (var i = random.Next(7); i > 0; i--)
        {
            fields.Add((Fields[random.Next(Fields.Length)], Value(random, runs)));
        }

        // Most requests name a run that is there, or nothing would ever be changed.
        if (random.Next(4) != 0)
        {
            fields.Add(("run_id", $"\"{runs[random.Next(runs.Length)]}\""));
            fields.Add(("key", "\"a\""));
            fields.Add(("name", random.Next(2) == 0 ? "\"n\"" : "\"m\""));
            fields.Add(("version", "1"));
        }

        using var request = new HttpRequestMessage(new HttpMethod(address[0]), Path(address, fields));
        if (address[0] != "GET")
        {
            request.Content = new StringContent(Body(random, fields), Encoding.UTF8, "application/json");
        }

        using var response = await server.Http.SendAsync(request);
        var answer = await response.Content.ReadAsStringAsync();
        Assert.False(
            response.StatusCode == HttpStatusCode.InternalServerError && !answer.Contains("INVALID_STATE", StringComparison.Ordinal),
            $"{request.Method} {request.RequestUri} {string.Join(", ", fields)}: {answer}");
    }

    private static string Value(Random random, string[] runs) =>
        random.Next(6) == 0 ? $"\"{runs[random.Next(runs.Length)]}\"" : Values[random.Next(Values.Length)];

    private static string Path(string[] address, List<(string Name, string Value)> fields) => (address[1][0] == '/' ? "" : "/api/2.0/mlflow/") + address[1] + (address[0] != "GET"
        ? ""
        : "?" + string.Join('&', fields.Select(field => $"{field.Name}={Uri.EscapeDataString(field.Value.Trim('"'))}")));

    private static string Body(Random random, List<(string Name, string Value)> fields)
    {
        var body = "{" + string.Join(',', fields.Select(field => string.Create(CultureInfo.InvariantCulture, $"\"{field.Name}\":{field.Value}"))) + "}";
        return random.Next(20) != 0 ? body : body[..random.Next(body.Length)];
    }
}
