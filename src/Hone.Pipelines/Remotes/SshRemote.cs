using System.Globalization;
using System.Runtime.CompilerServices;

namespace Hone.Pipelines.Remotes;

/// <summary>A folder on another machine as a remote, by the commands <c>ssh</c> and <c>rsync</c> of this one.</summary>
/// <remarks>Keys, known hosts and agents are ssh's own affair: nobody is asked for a password. Many objects go by one command.</remarks>
public sealed class SshRemote : IRemote
{
    private const int NotThere = 44;
    private readonly SshAddress _address;
    private readonly SystemCommand _commands;

    /// <param name="address">Where it is.</param>
    public SshRemote(SshAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        _address = address;
        _commands = new SystemCommand(address.ToString());
    }

    /// <inheritdoc/>
    public string Address => _address.ToString();

    /// <inheritdoc/>
    public bool CanWrite => true;

    /// <inheritdoc/>
    public int KeysPerAnswer => int.MaxValue;

    /// <inheritdoc/>
    public async ValueTask<bool> HasAsync(string key, CancellationToken cancellationToken)
    {
        var (code, _) = await ThereAsync($"test -f {PathOf(key)}", null, [0, 1], cancellationToken);
        return code == 0;
    }

    /// <inheritdoc/>
    public async ValueTask UploadAsync(string key, string file, CancellationToken cancellationToken)
    {
        // The bytes are counted before the object gets its name: when the way is cut, what the other side has read is all it will ever see.
        var path = PathOf(key);
        var temporary = PathOf(string.Create(CultureInfo.InvariantCulture, $"{key}.{Environment.ProcessId}.tmp"));
        await using var bytes = new FileStream(file, FileMode.Open, FileAccess.Read);
        await ThereAsync(
            string.Create(CultureInfo.InvariantCulture, $"mkdir -p {PathOf(Path.GetDirectoryName(key)!)} && cat > {temporary} && test $(wc -c < {temporary}) -eq {bytes.Length} && mv {temporary} {path}"),
            bytes, [0], cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DownloadAsync(string key, string file, CancellationToken cancellationToken)
    {
        var path = PathOf(key);
        try
        {
            await using var target = new FileStream(file, FileMode.CreateNew, FileAccess.Write);
            var code = await _commands.RunAsync(
                _address.Ssh($"test -f {path} || exit {NotThere}; exec cat {path}"), null, target, [0, NotThere], cancellationToken);
            if (code == 0)
            {
                return true;
            }
        }
        catch (PipelineException)
        {
            File.Delete(file);
            throw;
        }

        File.Delete(file);
        return false;
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string key, CancellationToken cancellationToken) =>
        await ThereAsync($"rm -f {PathOf(key)}", null, [0], cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> KeysAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (_, listed) = await ThereAsync($"cd {PathOf(prefix)} 2>/dev/null || exit 0; exec find . -type f", null, [0], cancellationToken);
        foreach (var line in listed.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            yield return prefix + line["./".Length..];
        }
    }

    /// <summary>Keeps many files, one command for all. What is there stays as it is; each is there as a whole, or not at all.</summary>
    /// <param name="root">The folder that the keys are paths below.</param>
    /// <param name="keys">The files.</param>
    /// <param name="cancellationToken">Ends the command; what was sent stays.</param>
    /// <exception cref="PipelineException">Not all could be kept.</exception>
    public async Task UploadAsync(string root, IEnumerable<string> keys, CancellationToken cancellationToken)
    {
        await ThereAsync($"mkdir -p {PathOf("")}", null, [0], cancellationToken);
        await CopyAsync(["--ignore-existing", "-p", root.TrimEnd('/') + "/", _address.RsyncPath], keys, cancellationToken);
    }

    /// <summary>Copies many objects below a folder, one command for all: those that are there.</summary>
    /// <param name="keys">Their keys.</param>
    /// <param name="root">The folder; it must be there.</param>
    /// <param name="cancellationToken">Ends the command.</param>
    /// <exception cref="PipelineException">The other machine does not answer, or refuses.</exception>
    public Task DownloadAsync(IEnumerable<string> keys, string root, CancellationToken cancellationToken) =>
        CopyAsync(["--ignore-missing-args", _address.RsyncPath, root.TrimEnd('/') + "/"], keys, cancellationToken);

    private async Task CopyAsync(string[] arguments, IEnumerable<string> keys, CancellationToken cancellationToken)
    {
        using var list = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(string.Concat(keys.Select(key => key + "\0"))));
        await _commands.RunAsync(
            ["rsync", "-s", "-W", "--no-implied-dirs", "--files-from=-", "--from0", "-e", _address.RemoteShell, .. arguments],
            list, null, [0], cancellationToken);
    }

    private async Task<(int Code, string Output)> ThereAsync(string command, Stream? input, int[] expected, CancellationToken cancellationToken)
    {
        using var output = new MemoryStream();
        var code = await _commands.RunAsync(_address.Ssh(command), input, output, expected, cancellationToken);
        return (code, System.Text.Encoding.UTF8.GetString(output.ToArray()));
    }

    private string PathOf(string key) => SshAddress.Quote(key.Length == 0 ? _address.Path : $"{_address.Path.TrimEnd('/')}/{key.TrimEnd('/')}");
}
