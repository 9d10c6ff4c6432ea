using System.Text;
using Hone.Pipelines.Repositories;

namespace Hone.Pipelines.Remotes;

/// <summary>Finds the remote that a repository's options name.</summary>
public static class Remote
{
    private static readonly HttpClient Http = new();

    /// <summary>A remote by name, or the default one.</summary>
    /// <param name="config">The options.</param>
    /// <param name="name">The name; null for <c>core.remote</c>.</param>
    /// <exception cref="PipelineException">There is none, or its kind is not supported.</exception>
    public static IRemote Open(Config config, string? name)
    {
        var chosen = name ?? config.Get("core", "remote")
            ?? throw new PipelineException("no remote is set: name one with --remote, or add a default one with hone remote add -d NAME URL", PipelineFault.WrongInput);
        var section = Config.RemoteSection(chosen);
        var url = config.Get(section, "url")
            ?? throw new PipelineException($"there is no remote '{chosen}'; {Known(config)}", PipelineFault.WrongInput);
        return At(url, name => name is "url" or "keyfile" or "credentialpath" ? config.GetPath(section, name) : config.Get(section, name));
    }

    private static IRemote At(string url, Func<string, string?> option)
    {
        var scheme = url.IndexOf("://", StringComparison.Ordinal) is > 0 and var at ? url[..at].ToLowerInvariant() : "";
        return scheme switch
        {
            "" => new LocalRemote(option("url")!),
            "file" => new LocalRemote(url["file://".Length..]),
            "http" or "https" => new HttpRemote(new Uri(url), Http, Headers(url, option)),
            "s3" => S3Remote.Open(url, option),
            "ssh" => new SshRemote(SshAddress.Parse(url, option)),
            _ => throw new PipelineException(
                $"'{url}': {scheme} remotes are not supported; expected a folder, s3://, ssh://, http:// or https://", PipelineFault.WrongInput),
        };
    }

    private static Dictionary<string, string> Headers(string url, Func<string, string?> option)
    {
        var password = option("password");
        return option("auth")?.ToLowerInvariant() switch
        {
            null => [],
            "basic" => new() { ["Authorization"] = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{option("user")}:{password}")) },
            "custom" when option("custom_auth_header") is { } header => new() { [header] = password ?? "" },
            var other => throw new PipelineException(
                $"'{url}': auth '{other}' is not supported; expected basic with user and password, or custom with custom_auth_header and password", PipelineFault.WrongInput),
        };
    }

    private static string Known(Config config) => config.Remotes is { Count: > 0 } names
        ? $"there are {string.Join(", ", names)}"
        : "there are none; add one with hone remote add NAME URL";
}
