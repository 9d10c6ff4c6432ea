namespace Hone.Pipelines.Repositories;

/// <summary>The options of a repository over all levels.</summary>
public sealed class Config
{
    private readonly Dictionary<ConfigLevel, ConfigFile> _files;

    private Config(Dictionary<ConfigLevel, ConfigFile> files) => _files = files;

    /// <summary>The names of the remotes, in the order in which they were named first.</summary>
    public IReadOnlyList<string> Remotes => [.. Levels
        .SelectMany(level => _files[level].Sections)
        .Where(section => section.StartsWith("remote \"", StringComparison.Ordinal))
        .Select(section => section["remote \"".Length..^1])
        .Distinct(StringComparer.Ordinal)];

    private static IEnumerable<ConfigLevel> Levels => Enum.GetValues<ConfigLevel>();

    /// <summary>Reads all levels of a repository.</summary>
    /// <param name="dvcFolder">The folder <c>.dvc</c>; null outside of a repository, where only the machine's and the user's levels count.</param>
    public static Config Read(string? dvcFolder) => new(Levels.ToDictionary(level => level, level => ConfigFile.Read(PathOf(level, dvcFolder))));

    /// <summary>Where a level's file lies.</summary>
    public static string PathOf(ConfigLevel level, string? dvcFolder) => level switch
    {
        ConfigLevel.System => Path.Combine(Variable("DVC_SYSTEM_CONFIG_DIR", "/etc/xdg/dvc"), "config"),
        ConfigLevel.Global => Path.Combine(
            Variable("DVC_GLOBAL_CONFIG_DIR", Path.Combine(Variable("XDG_CONFIG_HOME", Path.Combine(Variable("HOME", "/"), ".config")), "dvc")), "config"),
        ConfigLevel.Project => dvcFolder is null ? "/dev/null" : Path.Combine(dvcFolder, "config"),
        _ => dvcFolder is null ? "/dev/null" : Path.Combine(dvcFolder, "config.local"),
    };

    /// <summary>One level's file, to be changed.</summary>
    public ConfigFile File(ConfigLevel level) => _files[level];

    /// <summary>The value of an option by the last level that sets it; null if none does.</summary>
    public string? Get(string section, string name) => Find(section, name)?.Value;

    /// <summary>The value of an option and the file that sets it.</summary>
    public (string Value, ConfigFile File)? Find(string section, string name)
    {
        foreach (var level in Levels.Reverse())
        {
            if (_files[level].Get(section, name) is { } value)
            {
                return (value, _files[level]);
            }
        }

        return null;
    }

    /// <summary>Whether an option is set to a true value.</summary>
    public bool IsTrue(string section, string name) => Get(section, name)?.ToLowerInvariant() is "true" or "1" or "yes" or "on";

    /// <summary>An option that is a path, made absolute: relative ones are relative to the folder of the file that sets them.</summary>
    public string? GetPath(string section, string name) => Find(section, name) is var (value, file)
        ? Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file.Path)!, Expanded(value)))
        : null;

    /// <summary>The section of a remote.</summary>
    public static string RemoteSection(string name) => $"remote \"{name.ToLowerInvariant()}\"";

    private static string Expanded(string path) => path == "~" || path.StartsWith("~/", StringComparison.Ordinal)
        ? Variable("HOME", "/") + path[1..]
        : path;

    private static string Variable(string name, string otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : otherwise;
}
