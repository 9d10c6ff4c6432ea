using System.Net.Http.Headers;
using Hone.Tracking.Access;
using Hone.Tracking.Rest;
using Hone.Tracking.Tests.Rest;
using Hone.Tracking.Tests.Store;

namespace Hone.Tracking.Tests.Access;

public abstract class AccessTests(StoreKind kind) : IAsyncLifetime
{
    private TeamServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TeamServer.StartAsync(kind: kind);
        _server.Add("ann", Role.Writer);
        _server.Add("ben", Role.None);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Who_makes_an_experiment_is_its_admin()
    {
        var id = (await _server.AnswerAsync("ann", "POST", "experiments/create", new { name = "hers" })).Text("experiment_id")!;

        await _server.AnswerAsync("ann", "POST", "experiments/delete", new { experiment_id = id });
        Assert.Equal(403, (await _server.SendAsync("ann", "POST", "experiments/delete", new { experiment_id = "0" })).Status);
    }

    [Fact]
    public async Task A_refusal_says_what_is_needed_and_how_to_get_it()
    {
        var (status, answer) = await _server.SendAsync("ann", "POST", "experiments/delete", new { experiment_id = "0" });

        Assert.Equal((403, "PERMISSION_DENIED"), (status, answer.Text("error_code")));
        Assert.Equal(
            "Permission denied: 'ann' has the role writer for experiment 0, and this needs admin. Ask an admin for: hone users grant ann admin --experiment 0",
            answer.Text("message"));
    }

    [Fact]
    public async Task Nobody_is_told_what_to_prove_themselves_by()
    {
        using var response = await _server.Http.GetAsync("/api/2.0/mlflow/experiments/get?experiment_id=0");

        Assert.Equal(401, (int)response.StatusCode);
        Assert.Equal(["Basic", "Bearer"], response.Headers.WwwAuthenticate.Select(way => way.Scheme));
        Assert.Contains("UNAUTHENTICATED", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_that_is_given_or_taken_counts_at_once()
    {
        Task<(int Status, System.Text.Json.JsonElement)> Ask() => _server.SendAsync("ben", "GET", "experiments/get?experiment_id=0");
        var before = (await Ask()).Status;
        _server.Users.Grant("ben", Role.Reader, ObjectKind.Experiment, "Default");
        var granted = (await Ask()).Status;
        _server.Users.Revoke("ben", ObjectKind.Experiment, "0");
        var revoked = (await Ask()).Status;
        _server.Users.Grant("ben", Role.Reader);
        var everywhere = (await Ask()).Status;
        _server.Users.Grant("ben", Role.None, ObjectKind.Experiment, "0");

        Assert.Equal((403, 200, 403, 200, 403), (before, granted, revoked, everywhere, (await Ask()).Status));
    }

    [Fact]
    public async Task A_user_who_is_removed_is_nobody_at_once()
    {
        await _server.AnswerAsync("ann", "GET", "experiments/get?experiment_id=0");
        _server.Users.Remove("ann");

        Assert.Equal(401, (await _server.SendAsync("ann", "GET", "experiments/get?experiment_id=0")).Status);
        Assert.Equal(401, (await _server.SendAsync("ann", "POST", "runs/create", new { experiment_id = "0" })).Status);
    }

    [Fact]
    public async Task A_token_that_was_replaced_no_longer_counts()
    {
        await _server.AnswerAsync("ann", "GET", "experiments/get?experiment_id=0");
        var token = _server.Users.NewToken("ann");

        Assert.Equal(401, (await _server.SendAsync("ann", "GET", "experiments/get?experiment_id=0")).Status);
        Assert.Equal(200, (await _server.TextAsync(new AuthenticationHeaderValue("Bearer", token), "GET", "experiments/get?experiment_id=0")).Status);
    }

    [Fact]
    public async Task A_name_with_a_password_or_with_the_token_in_its_place_does_as_well()
    {
        _server.Users.SetPassword("ann", "correct horse: battery");

        async Task<int> Ask(string name, string password) => (await _server.TextAsync(TeamServer.Basic(name, password), "GET", "experiments/get?experiment_id=0")).Status;

        Assert.Equal(200, await Ask("ann", "correct horse: battery"));
        Assert.Equal(401, await Ask("ann", "correct horse: Battery"));
        Assert.Equal(401, await Ask("root", "correct horse: battery"));
        Assert.Equal(401, await Ask("nobody", "correct horse: battery"));
        Assert.Equal(200, await Ask("root", _server.TokenOf("root")));
        Assert.Equal(401, await Ask("ann", _server.TokenOf("root")));
        Assert.Equal(401, await Ask("ben", ""));
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer hone_x")]
    [InlineData("Basic !!!")]
    [InlineData("Basic YW5u")]
    [InlineData("Digest username=ann")]
    [InlineData("ann")]
    public async Task What_proves_nothing_is_refused(string header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/2.0/mlflow/experiments/get?experiment_id=0");
        request.Headers.TryAddWithoutValidation("Authorization", header);

        using var response = await _server.Http.SendAsync(request);

        Assert.Equal(401, (int)response.StatusCode);
    }

    [Fact]
    public void Nothing_that_proves_a_user_is_in_the_store()
    {
        _server.Users.SetPassword("ann", "correct horse battery");

        var bytes = Directory.EnumerateFiles(_server.Rest.Folder, "hone.db*").Select(File.ReadAllBytes).ToList();
        Assert.All(bytes, file => Assert.True(file.AsSpan().IndexOf("correct horse"u8) < 0));
        Assert.All(bytes, file => Assert.True(file.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(_server.TokenOf("ann")[5..])) < 0));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a:b")]
    [InlineData("a b")]
    [InlineData("a\nb")]
    public void A_name_is_one_that_a_header_can_hold(string name) => Assert.Throws<UserException>(() => _server.Users.Add(name, Role.Reader));

    [Fact]
    public void What_is_wrong_about_users_is_told()
    {
        Assert.Equal("there is a user 'ann' already", Assert.Throws<UserException>(() => _server.Users.Add("ann", Role.Reader)).Message);
        Assert.Equal("there is no user 'anm'; did you mean 'ann'?", Assert.Throws<UserException>(() => _server.Users.Remove("anm")).Message);
        Assert.Equal("the password is too short; expected at least 12 characters", Assert.Throws<UserException>(() => _server.Users.SetPassword("ann", "short")).Message);
        Assert.Equal(
            "there is no experiment 'x'; expected a name or an id",
            Assert.Throws<UserException>(() => _server.Users.Grant("ann", Role.Admin, ObjectKind.Experiment, "x")).Message);
        Assert.Equal(
            "there is no registered model 'x'", Assert.Throws<UserException>(() => _server.Users.Grant("ann", Role.Admin, ObjectKind.Model, "x")).Message);
    }

    [Fact]
    public async Task A_server_of_this_machine_serves_everybody_until_there_is_a_user()
    {
        await using var server = await RestServer.StartAsync();
        await server.NewRunAsync();
        await using (var users = await UserAccounts.OpenAsync(server.StorePath, TimeProvider.System, new AuditLog(Path.Combine(server.Folder, "a.jsonl"), TimeProvider.System)))
        {
            users.Add("ann", Role.Admin);
        }

        // That there is one is looked at once a second.
        while ((int)(await server.SendAsync(HttpMethod.Get, "experiments/get?experiment_id=0", null)).Status != 401)
        {
            await Task.Yield();
        }

        Assert.Equal(401, (await server.RefusalAsync(HttpMethod.Post, "runs/create", new { experiment_id = "0" })).Status);
    }

    [Theory]
    [InlineData("0.0.0.0", "")]
    [InlineData("127.0.0.1", "10.0.0.7")]
    public async Task A_server_that_others_reach_is_not_started_without_users(string host, string proxy)
    {
        using var folder = new TemporaryFolder();
        var options = new TrackingServerOptions { Store = folder.Store, Host = host, Port = 0, Proxies = proxy.Length > 0 ? [proxy] : [] };

        var wrong = await Assert.ThrowsAsync<TrackingServerException>(() => TrackingServer.StartAsync(options, TimeProvider.System));
        Assert.Equal(
            $"Others could reach {host}:0, and the store has no users. Add one with hone users add NAME --role admin, or serve everybody with --open.", wrong.Message);
        await using var open = await TrackingServer.StartAsync(options with { IsOpen = true }, TimeProvider.System);
    }

    [Fact]
    public async Task A_version_is_made_of_what_its_maker_may_read_alone()
    {
        var run = (await _server.AnswerAsync("root", "POST", "runs/create", new { experiment_id = "0" })).Text("run.info.run_id")!;
        await _server.AnswerAsync("root", "PUT", $"/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/secret.txt", "secret");
        await _server.AnswerAsync("root", "POST", "registered-models/create", new { name = "theirs" });
        await _server.AnswerAsync("root", "POST", "model-versions/create", new { name = "theirs", source = $"runs:/{run}" });
        await _server.AnswerAsync("ann", "POST", "registered-models/create", new { name = "bait" });
        _server.Users.Grant("ann", Role.None, ObjectKind.Experiment, "0");
        _server.Users.Grant("ann", Role.None, ObjectKind.Model, "theirs");

        foreach (var source in new[]
        {
            $"runs:/{run}", $"RUNS:/{run}/x", $"mlflow-artifacts:/0/{run}/artifacts", $"mlflow-artifacts://host/0/{run}/artifacts", "mlflow-artifacts:/", "models:/theirs/1",
            "models:/theirs@best",
        })
        {
            Assert.Equal((source, 403), (source, (await _server.SendAsync("ann", "POST", "model-versions/create", new { name = "bait", source })).Status));
        }
    }

    [Fact]
    public async Task The_place_of_an_experiments_files_is_an_admins_choice()
    {
        Assert.Equal(403, (await _server.SendAsync("ann", "POST", "experiments/create", new { name = "trap", artifact_location = "mlflow-artifacts:/0" })).Status);
        var shared = (await _server.AnswerAsync("root", "POST", "experiments/create", new { name = "shared", artifact_location = "mlflow-artifacts:/team/files" }))
            .Text("experiment_id")!;
        _server.Users.Grant("ann", Role.None, ObjectKind.Experiment, shared);

        foreach (var path in new[] { "team/files/x", "team/FILES/x", "team", "nobodys/x", "999/x", "00/x" })
        {
            Assert.Equal((path, 403), (path, (await _server.SendAsync("ann", "PUT", $"/api/2.0/mlflow-artifacts/artifacts/{path}", "x")).Status));
        }

        Assert.Equal(403, (await _server.SendAsync("ann", "GET", "/api/2.0/mlflow-artifacts/artifacts")).Status);
        Assert.Equal(200, (await _server.SendAsync("ann", "PUT", "/api/2.0/mlflow-artifacts/artifacts/0/x", "x")).Status);
    }

    [Theory]
    [InlineData("../1/x")]
    [InlineData("..%2f1%2fx")]
    [InlineData("%2e%2e/1/x")]
    [InlineData("..%252f1/x")]
    [InlineData("a/../../1/x")]
    public async Task No_path_leads_from_an_experiment_to_another(string path)
    {
        await _server.AnswerAsync("root", "POST", "experiments/create", new { name = "closed" });
        _server.Users.Grant("ann", Role.None, ObjectKind.Experiment, "closed");

        // A client of good manners resolves the dots before it asks.
        var (status, _) = await _server.SendAsync("ann", "PUT", $"/api/2.0/mlflow-artifacts/artifacts/0/{path}", "x");

        Assert.Contains(status, new[] { 400, 403 });
        Assert.False(Directory.Exists(Path.Combine(_server.Rest.Folder, "artifacts", "1")));
    }

    [Fact]
    public async Task A_value_of_a_model_is_logged_by_those_alone_who_may_change_the_model()
    {
        var other = (await _server.AnswerAsync("root", "POST", "experiments/create", new { name = "other" })).Text("experiment_id")!;
        var model = (await _server.AnswerAsync("root", "POST", "logged-models", new { experiment_id = other, name = "m" })).Text("model.info.model_id")!;
        var run = (await _server.AnswerAsync("ann", "POST", "runs/create", new { experiment_id = "0" })).Text("run.info.run_id")!;
        _server.Users.Grant("ann", Role.Reader, ObjectKind.Experiment, other);
        var metric = new { run_id = run, key = "loss", value = 1, timestamp = 1, model_id = model };

        Assert.Equal(403, (await _server.SendAsync("ann", "POST", "runs/log-metric", metric)).Status);
        Assert.Equal(403, (await _server.SendAsync("ann", "POST", "runs/log-batch", new { run_id = run, metrics = new[] { metric } })).Status);
        Assert.Equal(200, (await _server.SendAsync("root", "POST", "runs/log-metric", metric)).Status);
    }

    [Fact]
    public async Task A_request_that_names_its_run_twice_is_one_about_the_run_that_is_changed()
    {
        var closed = (await _server.AnswerAsync("root", "POST", "experiments/create", new { name = "closed" })).Text("experiment_id")!;
        var theirs = (await _server.AnswerAsync("root", "POST", "runs/create", new { experiment_id = closed })).Text("run.info.run_id")!;
        var own = (await _server.AnswerAsync("ann", "POST", "runs/create", new { experiment_id = "0" })).Text("run.info.run_id")!;
        _server.Users.Grant("ann", Role.None, ObjectKind.Experiment, closed);
        string[] ids = [$"\"run_id\":\"{own}\",\"run_id\":\"{theirs}\"", $"\"run_id\":\"{theirs}\",\"run_id\":\"{own}\"", $"\"run_uuid\":\"{own}\",\"run_id\":\"{theirs}\"", $"\"run_id\":\"{own}\",\"run_uuid\":\"{theirs}\""];

        foreach (var id in ids)
        {
            await _server.SendAsync("ann", "POST", "runs/set-tag", $$"""{{{id}},"key":"forged","value":"x"}""");
            await _server.SendAsync("ann", "POST", "runs/log-metric", $$"""{{{id}},"key":"forged","value":1,"timestamp":1}""");
            await _server.SendAsync("ann", "POST", "runs/log-batch", $$"""{{{id}},"params":[{"key":"forged","value":"x"}]}""");
        }

        Assert.DoesNotContain("forged", (await _server.AnswerAsync("root", "GET", $"runs/get?run_id={theirs}")).GetRawText(), StringComparison.Ordinal);
    }
}

public sealed class SqliteAccessTests() : AccessTests(StoreKind.Sqlite);

/// <summary>The same over PostgreSQL.</summary>
public sealed class PostgresAccessTests() : AccessTests(StoreKind.Postgres);
