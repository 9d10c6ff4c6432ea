using System.Text.Json;
using Hone.Tracking.Access;
using Hone.Tracking.Tests.Rest;
using Hone.Tracking.Tests.Store;

namespace Hone.Tracking.Tests.Access;

public sealed class AuditTests
{
    [Fact]
    public async Task It_says_who_did_what_to_what_with_which_outcome()
    {
        await using var server = await TeamServer.StartAsync();
        server.Add("ann", Role.Writer);
        var id = (await server.AnswerAsync("ann", "POST", "experiments/create", new { name = "hers\n{\"forged\":1}" })).Text("experiment_id")!;
        await server.AnswerAsync("ann", "POST", "experiments/delete", new { experiment_id = id });
        await server.SendAsync("ann", "POST", "experiments/delete", new { experiment_id = "0" });
        await server.SendAsync("ann", "GET", "/api/2.0/mlflow-artifacts/artifacts/77/x");
        await server.AnswerAsync("ann", "POST", "registered-models/create", new { name = "net" });
        await server.AnswerAsync("ann", "POST", "model-versions/create", new { name = "net", source = "s3://bucket/x" });
        await server.AnswerAsync("ann", "POST", "model-versions/transition-stage", new { name = "net", version = "1", stage = "Production" });
        await server.AnswerAsync("ann", "POST", "registered-models/alias", new { name = "net", version = "1", alias = "champion" });
        await server.TextAsync(TeamServer.Basic("ann", "hone_wrong"), "GET", "experiments/get?experiment_id=0");
        server.Users.Grant("ann", Role.None, ObjectKind.Experiment, "0");
        server.Users.Remove("ann");

        var lines = server.Audit.Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.All(lines, line => Assert.Equal(DateTimeKind.Utc, line.GetProperty("time").GetDateTime().Kind));
        Assert.Equal(
            """
            add user|user root: admin|done
            add user|user ann: writer|done
            ann create experiment|name hers {"forged":1}|done
            ann delete experiment|experiment 1|done
            ann delete experiment|experiment 0|refused
            ann GET /api/2.0/mlflow-artifacts/artifacts/{*path}|file 77/x|refused
            ann create model|name net|done
            ann create version|model net, source s3://bucket/x|done
            ann set stage|model net, version 1, stage Production|done
            ann set alias|model net, alias champion, version 1|done
             login||refused
            grant|user ann: none for experiment 0|done
            remove user|user ann|done
            """,
            string.Join('\n', lines.Select(line => string.Join('|', Who(line) + line.Text("action"), line.Text("object"), line.Text("outcome")).Replace('\n', ' '))));
        Assert.All(lines.Where(line => line.Text("address") is not null), line => Assert.Equal("127.0.0.1", line.Text("address")));
    }

    [Fact]
    public async Task Nothing_that_proves_a_user_is_in_it()
    {
        await using var server = await TeamServer.StartAsync();
        server.Users.SetPassword("root", "correct horse battery");
        await server.SendAsync("root", "POST", "experiments/delete", new { experiment_id = "0" });
        await server.TextAsync(TeamServer.Basic("root", "wrong horse battery"), "GET", "experiments/get?experiment_id=0");

        var text = string.Join('\n', server.Audit);
        Assert.DoesNotContain("horse", text, StringComparison.Ordinal);
        Assert.DoesNotContain(server.TokenOf("root"), text, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(server.AuditPath));
        }
    }

    [Fact]
    public async Task A_file_that_has_grown_to_its_limit_gives_way_to_another_and_no_line_is_lost()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "audit.jsonl");

        // Two programs write it.
        AuditLog[] logs = [new(path, TimeProvider.System, limitBytes: 2_000), new(path, TimeProvider.System, limitBytes: 2_000)];
        await Task.WhenAll(logs.Select((log, writer) => Task.Run(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                log.Write(new AuditEntry("ann", "127.0.0.1", "delete run", $"run {writer}-{i}", AuditEntry.Done), isLasting: false);
            }
        })));

        var files = Directory.GetFiles(folder.Path, "audit*.jsonl");
        var objects = files.SelectMany(File.ReadAllLines).Select(line => JsonDocument.Parse(line).RootElement.Text("object")).ToHashSet();
        Assert.InRange(files.Length, 5, 200);
        Assert.Equal(200, objects.Count);
    }

    [Fact]
    public async Task A_server_without_users_writes_none()
    {
        await using var server = await RestServer.StartAsync();
        await server.PostAsync("experiments/delete", new { experiment_id = await server.NewExperimentAsync("gone") });

        Assert.False(File.Exists(Path.Combine(server.Folder, "audit.jsonl")));
    }

    private static string Who(JsonElement line) => line.Text("address") is null ? "" : line.Text("user") + " ";
}
