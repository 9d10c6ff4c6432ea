using System.Diagnostics;
using Hone.Pipelines.Remotes;
using Hone.Pipelines.Verbs;

namespace Hone.Pipelines.Tests.Remotes;

/// <summary>A folder behind ssh as a remote: by the real <c>ssh</c>, <c>sshd</c> and <c>rsync</c>, with keys of their own and no port at all.</summary>
public sealed class SshRemoteTests : IDisposable
{
    private readonly TemporaryFolder _place = new();

    public SshRemoteTests()
    {
        Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", _place["host"]);
        Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", _place["user"]);
        _place.Write("sshd_config", $"""
            HostKey {_place["host"]}
            AuthorizedKeysFile {_place["user.pub"]}
            PermitRootLogin yes
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            PidFile none
            """);

        // The daemon serves one connection over the client's own pipes, as inetd would have it.
        _place.Write("ssh_config", $"""
            Host there
              ProxyCommand /usr/sbin/sshd -i -f {_place["sshd_config"]}
              IdentityFile {_place["user"]}
              IdentitiesOnly yes
              UserKnownHostsFile {_place["known_hosts"]}
              StrictHostKeyChecking accept-new
              LogLevel ERROR
            Host away
              ProxyCommand false
            """);
        if (Environment.UserName == "root")
        {
            Directory.CreateDirectory("/run/sshd");
        }
    }

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task Pushes_fetches_lists_and_collects_garbage()
    {
        using var repository = await Samples.ManyAsync(40);
        var remote = There("a folder's store");

        var pushed = await repository.PushAsync(remote);
        var again = await repository.PushAsync(remote);
        Directory.Delete(repository.Folder[".dvc/cache"], recursive: true);
        repository.Reopen();
        var fetched = await repository.FetchAsync(remote);

        Assert.Empty(pushed.Failures.Concat(again.Failures).Concat(fetched.Failures));
        Assert.Equal((42, 0, 42), (pushed.FileCount, again.FileCount, fetched.FileCount));
        Assert.All(repository.Status().Values, change => Assert.Equal(OutputChange.None, change));
        Assert.Equal(42, await Samples.CountAsync(new LocalRemote(_place["a folder's store"])));

        File.Delete(repository.Folder["single.dvc"]);
        var garbage = await Garbage.RunAsync(repository.Repository, new GarbageOptions { Remote = remote });
        Assert.Equal(1, garbage.RemoteObjects);
        Assert.Equal(41, await Samples.CountAsync(remote));
    }

    [Fact]
    public async Task What_is_not_there_and_what_is_corrupt_is_told_and_the_rest_comes()
    {
        using var repository = await Samples.ManyAsync(12);
        var store = _place["store"];
        await repository.PushAsync(There("store"));
        var objects = Directory.GetFiles(store, "*", SearchOption.AllDirectories).Where(path => !path.EndsWith(".dir", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToArray();
        File.Delete(objects[0]);
        DataRepository.Tamper(objects[1], "evil");
        Directory.Delete(repository.Folder[".dvc/cache"], recursive: true);
        repository.Reopen();

        var fetched = await repository.FetchAsync(There("store"));

        Assert.Equal((12, 2), (fetched.FileCount, fetched.Failures.Count));
        Assert.Contains(fetched.Failures, failure => failure.EndsWith($" is neither in the cache nor on the remote 'ssh://there{store}'; whoever made it must push it", StringComparison.Ordinal));
        Assert.Contains(fetched.Failures, failure => failure.EndsWith($" on the remote 'ssh://there{store}' is corrupt and was not kept; push it again from where it is sound", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_machine_that_does_not_answer_is_told()
    {
        using var repository = await Samples.ManyAsync(1);
        var remote = new SshRemote(new SshAddress("away", "/x") { Program = ["ssh", "-F", _place["ssh_config"]] });

        var wrong = await Assert.ThrowsAsync<PipelineException>(() => repository.PushAsync(remote));

        Assert.StartsWith("the remote 'ssh://away/x' does not answer: ", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_may_not_be_made_is_told()
    {
        using var repository = await Samples.ManyAsync(1);
        File.WriteAllText(_place["file"], "");

        var result = await repository.PushAsync(There("file/store"));

        Assert.Contains($"the remote 'ssh://there{_place["file/store"]}' fails: mkdir: ", result.Failures[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ssh://", null, "'ssh://' is no address of a folder; expected ssh://USER@HOST/PATH")]
    [InlineData("ssh://host", null, "'ssh://host' is no address of a folder; expected ssh://USER@HOST/PATH")]
    [InlineData("ssh://host/x", "many", "the port 'many' of 'ssh://host/x' is none; expected a whole number from 1 to 65535")]
    public void A_wrong_address_is_told(string url, string? port, string message) =>
        Assert.Equal(message, Assert.Throws<PipelineException>(() => SshAddress.Parse(url, name => name == "port" ? port : null)).Message);

    [Fact]
    public void User_port_and_key_come_from_the_address_or_the_options()
    {
        var whole = SshAddress.Parse("ssh://me@host:2222/srv/data%20x/", _ => null);
        var options = SshAddress.Parse("ssh://host/srv", name => name switch { "user" => "you", "port" => "22", "keyfile" => "/k", _ => null });

        Assert.Equal("ssh://me@host:2222/srv/data x", whole.ToString());
        Assert.Equal(("you", 22, "/k", "ssh://you@host:22/srv"), (options.User!, options.Port!.Value, options.KeyFile!, options.ToString()));
    }

    private SshRemote There(string folder) => new(new SshAddress("there", _place[folder]) { Program = ["ssh", "-F", _place["ssh_config"]] });

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
