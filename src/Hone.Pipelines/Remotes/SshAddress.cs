using System.Globalization;

namespace Hone.Pipelines.Remotes;

/// <summary>A folder on another machine, and how ssh comes there.</summary>
/// <param name="Host">The machine, by a name that ssh knows.</param>
/// <param name="Path">The folder there, absolute.</param>
public sealed record SshAddress(string Host, string Path)
{
    /// <summary>The user there; null for what ssh's own settings say.</summary>
    public string? User { get; init; }

    /// <summary>The port; null for what ssh's own settings say.</summary>
    public int? Port { get; init; }

    /// <summary>The file of a private key; null for ssh's usual ones.</summary>
    public string? KeyFile { get; init; }

    /// <summary>The program and its first options, in place of <c>ssh</c>.</summary>
    public IReadOnlyList<string> Program { get; init; } = ["ssh"];

    /// <summary>As rsync names the folder.</summary>
    internal string RsyncPath => $"{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Path.TrimEnd('/')}/";

    /// <summary>The command that rsync is to connect by.</summary>
    internal string RemoteShell => string.Join(' ', Words.Select(word => word.Any(c => c is ' ' or '\'') ? Quote(word) : word));

    private IEnumerable<string> Words =>
    [
        .. Program, "-o", "BatchMode=yes", "-o", "ConnectTimeout=20",
        .. Port is { } port ? ["-p", port.ToString(CultureInfo.InvariantCulture)] : Array.Empty<string>(),
        .. User is { } user ? ["-l", user] : Array.Empty<string>(),
        .. KeyFile is { } file ? ["-i", file] : Array.Empty<string>(),
    ];

    /// <summary>Reads an address and DVC's options.</summary>
    /// <param name="url"><c>ssh://[USER@]HOST[:PORT]/PATH</c>.</param>
    /// <param name="option">Gives an option's value, or null: <c>user</c>, <c>port</c>, <c>keyfile</c>.</param>
    /// <exception cref="PipelineException">It is none.</exception>
    public static SshAddress Parse(string url, Func<string, string?> option)
    {
        ArgumentNullException.ThrowIfNull(option);
        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Host.Length == 0 || parsed.AbsolutePath.Length < 2 || parsed.Host[0] == '-')
        {
            throw new PipelineException($"'{url}' is no address of a folder; expected ssh://USER@HOST/PATH", PipelineFault.WrongInput);
        }

        var port = option("port");
        if (port is not null && !(int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 65536))
        {
            throw new PipelineException($"the port '{port}' of '{url}' is none; expected a whole number from 1 to 65535", PipelineFault.WrongInput);
        }

        var program = Environment.GetEnvironmentVariable("HONE_SSH_COMMAND") is { Length: > 0 } command ? command.Split(' ', StringSplitOptions.RemoveEmptyEntries) : ["ssh"];
        return new SshAddress(parsed.IdnHost, Uri.UnescapeDataString(parsed.AbsolutePath).TrimEnd('/'))
        {
            User = parsed.UserInfo.Length > 0 ? Uri.UnescapeDataString(parsed.UserInfo.Split(':')[0]) : option("user"),
            Port = parsed.Port > 0 ? parsed.Port : port is null ? null : int.Parse(port, CultureInfo.InvariantCulture),
            KeyFile = option("keyfile"),
            Program = program,
        };
    }

    /// <summary>A word as a shell takes it for itself.</summary>
    internal static string Quote(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>The command line that runs a command there.</summary>
    internal string[] Ssh(string command) => [.. Words, "--", Host, command];

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"ssh://{(User is null ? "" : User + "@")}{Host}{(Port is { } port ? $":{port}" : "")}{Path}");
}
