using Hone.Tracking.Access;
using Hone.Tracking.Artifacts;
using Hone.Tracking.Rest;
using Hone.Tracking.Telemetry;
using Hone.Tracking.Tests.Rest;

namespace Hone.Tracking.Tests.Access;

/// <summary>Asks every route in the names of users with every role, and holds the answers against a table that is written here once more.</summary>
public sealed class RouteRightsTests
{
    // E, R, M, L: an experiment, a run, a registered model with version 1, a logged model.
    // The role is the one that is needed for the thing; "any": any user; "all-…": the role for everything; "open": nobody is asked.
    private static readonly (string Route, string Role, string Query, string? Body)[] Requests =
    [
        ("GET /health", "open", "", null),
        ("GET /version", "open", "", null),
        ("GET /", "open", "", null),
        ("POST experiments/create", "all-writer", "", """{"name":"new-USER"}"""),
        ("GET experiments/get", "reader", "?experiment_id=E", null),
        ("GET experiments/get-by-name", "reader", "?experiment_name=experiment-E", null),
        ("POST experiments/update", "writer", "", """{"experiment_id":"E"}"""),
        ("POST experiments/delete", "admin", "", """{"experiment_id":"E"}"""),
        ("POST experiments/restore", "admin", "", """{"experiment_id":"E"}"""),
        ("POST experiments/set-experiment-tag", "writer", "", """{"experiment_id":"E","key":"a","value":"b"}"""),
        ("POST experiments/delete-experiment-tag", "writer", "", """{"experiment_id":"E","key":"a"}"""),
        ("GET experiments/search", "any", "?max_results=10", null),
        ("GET experiments/list", "any", "", null),
        ("POST experiments/search", "any", "", """{"max_results":10}"""),
        ("POST experiments/search-datasets", "any", "", """{"experiment_ids":["E"]}"""),
        ("POST runs/create", "writer", "", """{"experiment_id":"E"}"""),
        ("GET runs/get", "reader", "?run_id=R", null),
        ("POST runs/update", "writer", "", """{"run_uuid":"R","status":"FINISHED"}"""),
        ("POST runs/delete", "admin", "", """{"run_id":"R"}"""),
        ("POST runs/restore", "admin", "", """{"run_id":"R"}"""),
        ("POST runs/set-tag", "writer", "", """{"run_id":"R","key":"a","value":"b"}"""),
        ("POST runs/delete-tag", "writer", "", """{"run_id":"R","key":"a"}"""),
        ("POST runs/log-parameter", "writer", "", """{"run_id":"R","key":"a","value":"b"}"""),
        ("POST runs/log-inputs", "writer", "", """{"run_id":"R"}"""),
        ("POST runs/outputs", "writer", "", """{"run_id":"R"}"""),
        ("POST runs/log-model", "writer", "", """{"run_id":"R","model_json":"{}"}"""),
        ("POST runs/search", "any", "", """{"experiment_ids":["E"]}"""),
        ("POST runs/log-metric", "writer", "", """{"run_id":"R","key":"a","value":1,"timestamp":1}"""),
        ("POST runs/log-batch", "writer", "", """{"run_id":"R","params":[{"key":"p","value":"1"}]}"""),
        ("GET metrics/get-history", "reader", "?run_id=R&metric_key=a", null),
        ("GET metrics/get-history-bulk", "reader", "?run_id=R&metric_key=a", null),
        ("GET metrics/get-history-bulk-interval", "reader", "?run_ids=R&metric_key=a", null),
        ("POST registered-models/create", "all-writer", "", """{"name":"new-USER"}"""),
        ("GET registered-models/get", "reader", "?name=M", null),
        ("POST registered-models/rename", "writer", "", """{"name":"M","new_name":"M"}"""),
        ("PATCH registered-models/update", "writer", "", """{"name":"M"}"""),
        ("DELETE registered-models/delete", "admin", "", """{"name":"M"}"""),
        ("GET registered-models/search", "any", "", null),
        ("GET registered-models/list", "any", "", null),
        ("POST registered-models/get-latest-versions", "reader", "", """{"name":"M"}"""),
        ("GET registered-models/get-latest-versions", "reader", "?name=M", null),
        ("POST registered-models/set-tag", "writer", "", """{"name":"M","key":"a","value":"b"}"""),
        ("DELETE registered-models/delete-tag", "writer", "", """{"name":"M","key":"a"}"""),
        ("POST registered-models/alias", "writer", "", """{"name":"M","alias":"best","version":"1"}"""),
        ("GET registered-models/alias", "reader", "?name=M&alias=best", null),
        ("DELETE registered-models/alias", "writer", "", """{"name":"M","alias":"best"}"""),
        ("POST model-versions/create", "writer", "", """{"name":"M","source":"runs:/R/model"}"""),
        ("GET model-versions/get", "reader", "?name=M&version=1", null),
        ("PATCH model-versions/update", "writer", "", """{"name":"M","version":"1"}"""),
        ("DELETE model-versions/delete", "admin", "", """{"name":"M","version":"1"}"""),
        ("GET model-versions/search", "any", "", null),
        ("GET model-versions/get-download-uri", "reader", "?name=M&version=1", null),
        ("POST model-versions/transition-stage", "writer", "", """{"name":"M","version":"1","stage":"Staging"}"""),
        ("POST model-versions/set-tag", "writer", "", """{"name":"M","version":"1","key":"a","value":"b"}"""),
        ("DELETE model-versions/delete-tag", "writer", "", """{"name":"M","version":"1","key":"a"}"""),
        ("POST logged-models", "writer", "", """{"experiment_id":"E","name":"l"}"""),
        ("POST logged-models/search", "any", "", """{"experiment_ids":["E"]}"""),
        ("GET logged-models/{model_id}", "reader", "", null),
        ("PATCH logged-models/{model_id}", "writer", "", """{"status":"LOGGED_MODEL_READY"}"""),
        ("DELETE logged-models/{model_id}", "admin", "", null),
        ("PATCH logged-models/{model_id}/tags", "writer", "", """{"tags":[{"key":"a","value":"b"}]}"""),
        ("DELETE logged-models/{model_id}/tags/{tag_key}", "writer", "", null),
        ("POST logged-models/{model_id}/params", "writer", "", """{"params":[]}"""),
        ("GET logged-models/{model_id}/artifacts/directories", "reader", "", null),
        ("GET logged-models/{model_id}/artifacts/files", "reader", "?artifact_file_path=a", null),
        ("GET artifacts/list", "reader", "?run_id=R", null),
        ("POST upload-artifact", "writer", "?run_uuid=R&path=up.txt", "x"),
        ("GET /get-artifact", "reader", "?run_id=R&path=a.txt", null),
        ("GET /model-versions/get-artifact", "reader", "?name=M&version=1&path=a.txt", null),
        ("GET mlflow-artifacts/artifacts", "reader", "?path=E/R/artifacts", null),
        ("GET mlflow-artifacts/artifacts/{*path}", "reader", "", null),
        ("PUT mlflow-artifacts/artifacts/{*path}", "writer", "", "x"),
        ("DELETE mlflow-artifacts/artifacts/{*path}", "admin", "", null),
        ("POST mlflow-artifacts/mpu/create/{*path}", "writer", "", null),
        ("POST mlflow-artifacts/mpu/complete/{*path}", "writer", "", null),
        ("POST mlflow-artifacts/mpu/abort/{*path}", "writer", "", null),
        ("GET mlflow-artifacts/presigned/{*path}", "reader", "", null),
        ("POST artifacts/presigned-upload-url", "writer", "", """{"run_id":"R","path":"a.txt"}"""),
        ("POST artifacts/presigned-download-url", "reader", "", """{"run_id":"R","path":"a.txt"}"""),
    ];

    // Those of the first four have roles for the things alone, of the next three for everything; the last one is admin of other things.
    private static readonly string[] Callers = ["none", "reader", "writer", "admin", "all-reader", "all-writer", "all-admin", "elsewhere"];

    private static IReadOnlyList<(string Method, string Path, Route Route)> Routes =>
        Tracking.Rest.Routes.All(new ArtifactFolder(Path.Combine(Path.GetTempPath(), "none"))).All;

    [Fact]
    public void Every_route_declares_what_it_asks_of_its_caller() =>
        Assert.Empty(Routes.Where(route => RouteRights.Find(route.Method, route.Path) is null).Select(route => $"{route.Method} {route.Path}"));

    [Fact]
    public void A_route_that_declares_nothing_is_an_admins() => Assert.Same(Need.Everything, new MetricsRoute().Need);

    [Fact]
    public void Every_route_is_asked_below() =>
        Assert.Empty(Routes.Where(route => !Requests.Any(request => request.Route == Short(route.Method, route.Path))).Select(route => $"{route.Method} {route.Path}"));

    [Fact]
    public async Task Every_route_is_answered_to_those_alone_who_have_the_role()
    {
        await using var server = await TeamServer.StartAsync();
        foreach (var caller in Callers)
        {
            server.Add(caller, caller switch { "all-reader" => Role.Reader, "all-writer" => Role.Writer, "all-admin" => Role.Admin, _ => Role.None });
        }

        await Things.MakeAsync(server, "other");
        var things = await Things.MakeAsync(server, "first");
        var wrong = new List<string>();
        foreach (var (method, path, _) in Routes)
        {
            var (route, role, query, body) = Requests.Single(request => request.Route == Short(method, path));
            var order = Callers.OrderBy(caller => Expects(role, caller)).ToArray();
            foreach (var caller in order.Prepend(null))
            {
                var expected = caller is null ? role == "open" ? 0 : 401 : Expects(role, caller) ? 0 : 403;
                var (status, _) = await server.SendAsync(
                    caller, method, things.Put(path, caller) + things.Put(query, caller), body is null ? null : things.Put(body, caller));
                if (expected == 0 ? status is 401 or 403 : status != expected)
                {
                    wrong.Add($"{caller ?? "nobody"} {method} {path}: {status}, expected {(expected == 0 ? "an answer" : expected)}");
                }

                // What is gone is not there for the next one.
                if (expected == 0 && (method == "DELETE" || route.EndsWith("/delete", StringComparison.Ordinal)))
                {
                    things = await Things.MakeAsync(server, $"{wrong.Count}-{method}-{caller}-{path}");
                }
            }
        }

        Assert.Empty(wrong);
    }

    private static bool Expects(string role, string caller) => role switch
    {
        "open" or "any" => true,
        "all-writer" => caller is "all-writer" or "all-admin",
        "reader" => caller is "reader" or "writer" or "admin" or "all-reader" or "all-writer" or "all-admin",
        "writer" => caller is "writer" or "admin" or "all-writer" or "all-admin",
        _ => caller is "admin" or "all-admin",
    };

    private static string Short(string method, string path)
    {
        foreach (var prefix in new[] { "/api/2.0/mlflow/", "/ajax-api/2.0/mlflow/", "/api/2.0/", "/ajax-api/2.0/" })
        {
            if (path.StartsWith(prefix, StringComparison.Ordinal))
            {
                return $"{method} {path[prefix.Length..]}";
            }
        }

        return $"{method} {path}";
    }

    /// <summary>An experiment, a run with a file, a registered model with a version, and a logged model.</summary>
    private sealed record Things(string Experiment, string Run, string Model, string LoggedModel)
    {
        private static int _count;

        public static async Task<Things> MakeAsync(TeamServer server, string name)
        {
            name = $"{Interlocked.Increment(ref _count)} {name}";
            var experiment = (await server.AnswerAsync("root", "POST", "experiments/create", new { name })).Text("experiment_id")!;
            await server.AnswerAsync("root", "POST", "experiments/update", new { experiment_id = experiment, new_name = $"experiment-{experiment}" });
            var run = (await server.AnswerAsync("root", "POST", "runs/create", new { experiment_id = experiment })).Text("run.info.run_id")!;
            var model = $"model-{experiment}";
            await server.AnswerAsync("root", "PUT", $"/api/2.0/mlflow-artifacts/artifacts/{experiment}/{run}/artifacts/a.txt", "content");
            await server.AnswerAsync("root", "POST", "registered-models/create", new { name = model });
            await server.AnswerAsync("root", "POST", "model-versions/create", new { name = model, source = $"runs:/{run}" });
            await server.AnswerAsync("root", "POST", "registered-models/alias", new { name = model, alias = "best", version = "1" });
            var logged = (await server.AnswerAsync("root", "POST", "logged-models", new { experiment_id = experiment, name = "l" })).Text("model.info.model_id")!;
            var isOther = name.EndsWith("other", StringComparison.Ordinal);
            foreach (var (caller, role) in isOther ? [("elsewhere", Role.Admin)] : new[] { ("reader", Role.Reader), ("writer", Role.Writer), ("admin", Role.Admin) })
            {
                server.Users.Grant(caller, role, ObjectKind.Experiment, experiment);
                server.Users.Grant(caller, role, ObjectKind.Model, model);
            }

            return new Things(experiment, run, model, logged);
        }

        // The letters stand alone in the table, and nowhere in the words around them.
        public string Put(string text, string? caller) => text
            .Replace("{model_id}", LoggedModel, StringComparison.Ordinal).Replace("{tag_key}", "a", StringComparison.Ordinal)
            .Replace("{*path}", $"{Experiment}/{Run}/artifacts/a.txt", StringComparison.Ordinal)
            .Replace("=E/R/", $"={Experiment}/{Run}/", StringComparison.Ordinal).Replace("=E", $"={Experiment}", StringComparison.Ordinal)
            .Replace("experiment-E", $"experiment-{Experiment}", StringComparison.Ordinal).Replace("\"E\"", $"\"{Experiment}\"", StringComparison.Ordinal)
            .Replace("=R", $"={Run}", StringComparison.Ordinal).Replace("\"R\"", $"\"{Run}\"", StringComparison.Ordinal).Replace("/R/", $"/{Run}/", StringComparison.Ordinal)
            .Replace("=M", $"={Model}", StringComparison.Ordinal).Replace("\"M\"", $"\"{Model}\"", StringComparison.Ordinal)
            .Replace("new-USER", $"new-{caller}-{Experiment}-{Interlocked.Increment(ref _count)}", StringComparison.Ordinal);
    }
}
