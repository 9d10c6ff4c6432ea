using System.Text.Json;

namespace Hone.Cli.Tests.Commands;

public sealed class UsersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_user_is_added_with_a_token_that_is_told_once()
    {
        var (exitCode, output, errors) = await UsersAsync("add ann --role writer");

        Assert.Equal((0, "The token of ann, which is not told again. For clients: export MLFLOW_TRACKING_TOKEN=…\n"), (exitCode, errors));
        Assert.Matches("^hone_[A-Za-z0-9_-]{43}\n$", output);
        Assert.NotEqual(output, (await UsersAsync("token ann --quiet")).Output);
        Assert.DoesNotContain("hone_", (await UsersAsync("list --json")).Output, StringComparison.Ordinal);
        using var json = JsonDocument.Parse((await UsersAsync("add ben --json")).Output);
        Assert.Equal("user token", VerbTests.Shape(json.RootElement));
    }

    [Fact]
    public async Task The_list_says_who_may_do_what()
    {
        await UsersAsync("add ann --role writer");
        await UsersAsync("add ben --role none --password-file", _folder.Write("password", "correct horse battery\n"));
        await using (await Tracking.Rest.TrackingServer.StartAsync(new() { Store = _folder.Store, Port = 0 }, TimeProvider.System))
        {
            Assert.Equal((0, "", ""), await UsersAsync("grant ann admin --experiment Default"));
            Assert.Equal((0, "", ""), await UsersAsync("grant ben reader"));
        }

        var (_, table, _) = await UsersAsync("list");
        var (_, lines, _) = await UsersAsync("list --json");

        Assert.Matches("^user  role    experiments and models       proves it by +added\n", table);
        Assert.Contains("ann   writer  admin of experiment Default  token            20", table, StringComparison.Ordinal);
        Assert.Contains("ben   reader                               token, password  20", table, StringComparison.Ordinal);
        using var ann = JsonDocument.Parse(lines.Split('\n')[0]);
        Assert.Equal("""[{"experiment":"Default","role":"admin"}]""", ann.RootElement.GetProperty("roles").GetRawText());
        Assert.Equal((0, "", ""), await UsersAsync("revoke ann --experiment 0"));
        Assert.Equal((0, "", ""), await UsersAsync("revoke ann"));
        Assert.Equal((0, "", ""), await UsersAsync("remove ben"));
        Assert.Contains("ann   none", (await UsersAsync("list")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("add ann --role owner", "--role: 'owner' is no role; expected reader, writer, admin or none")]
    [InlineData("add ann --role 3", "--role: '3' is no role; expected reader, writer, admin or none")]
    [InlineData("add a:b", "'a:b' is no name of a user; expected letters, digits and . _ @ + -, at most 100")]
    [InlineData("grant ann writer", "there is no user 'ann'; there is none yet: hone users add NAME")]
    [InlineData("grant ann writer --experiment a --model b", "--model: --experiment is named too; expected one of them")]
    [InlineData("remove ann", "there is no user 'ann'; there is none yet: hone users add NAME")]
    public async Task What_is_wrong_is_told(string line, string expected) => Assert.Equal((2, "", $"hone: {expected}\n"), await UsersAsync(line));

    [Fact]
    public async Task Every_change_is_in_the_audit_log_and_no_secret_is()
    {
        var token = (await UsersAsync("add ann")).Output.Trim();
        await UsersAsync("grant ann admin");
        await UsersAsync("remove ann");

        var text = await File.ReadAllTextAsync(_folder.File("audit.jsonl"));
        Assert.Equal(3, text.TrimEnd().Split('\n').Length);
        Assert.DoesNotContain(token, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_is_copied_and_put_back()
    {
        await UsersAsync("add ann");
        Directory.CreateDirectory(_folder.File("artifacts/0"));
        _folder.Write("artifacts/0/a.txt", "content");
        var copy = _folder.File("copies/monday.db");

        var (exitCode, output, errors) = await Hone.RunAsync("backup", copy, "--artifacts", "--store", _folder.Store);
        Assert.Equal((0, copy + "\n"), (exitCode, output));
        Assert.EndsWith("read through and whole; 1 files of 0.0 MB\n", errors, StringComparison.Ordinal);
        Assert.Equal(2, (await Hone.RunAsync("backup", copy, "--store", _folder.Store)).ExitCode);
        Assert.Equal(2, (await Hone.RunAsync("restore", copy, "--store", _folder.Store)).ExitCode);
        var restored = _folder.File("new/hone.db");
        using var json = JsonDocument.Parse((await Hone.RunAsync("restore", copy, "--artifacts", "--json", "--store", restored)).Output);

        Assert.Equal("file store_bytes files file_bytes", VerbTests.Shape(json.RootElement));
        Assert.Equal("content", await File.ReadAllTextAsync(_folder.File("new/artifacts/0/a.txt")));
        Assert.Contains("ann", (await Hone.RunAsync("users", "list", "--store", restored)).Output, StringComparison.Ordinal);
    }

    private Task<(int ExitCode, string Output, string Errors)> UsersAsync(string line, params string[] more) =>
        Hone.RunAsync(["users", .. line.Split(' '), .. more, "--store", _folder.Store]);
}
