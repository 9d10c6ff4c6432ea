using System.CommandLine;
using Hone.Pipelines.Repositories;
using Hone.Pipelines.Verbs;

namespace Hone.Cli.Commands.Pipelines;

/// <summary><c>hone config</c>, <c>hone remote</c> and <c>hone cache</c>: options of the repository.</summary>
internal sealed class ConfigCommands
{
    private readonly Option<bool> _system = new("--system") { Description = "The machine's level." };
    private readonly Option<bool> _global = new("--global") { Description = "The user's level." };
    private readonly Option<bool> _project = new("--project") { Description = "The repository's level; so if none is named." };
    private readonly Option<bool> _local = new("--local") { Description = "This copy's level, which Git does not keep." };
    private readonly Option<bool> _unset = new("--unset", "-u") { Description = "Take the option out." };
    private readonly Option<bool> _list = new("--list", "-l") { Description = "Tell all options." };
    private readonly Option<bool> _default = new("--default", "-d") { Description = "Make it the default one." };
    private readonly Option<bool> _force = new("--force", "-f") { Description = "Replace a remote of that name." };
    private readonly Option<bool> _records = new("--dvc-files") { Description = "Rewrite .dvc files too." };
    private readonly Argument<string?> _option = new("NAME") { Description = "section.option, such as core.remote.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Argument<string?> _value = new("VALUE") { Description = "The value to set.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Argument<string> _name = new("NAME") { Description = "The remote's name." };
    private readonly Argument<string> _url = new("URL") { Description = "A folder, or an address." };
    private readonly Argument<string> _remoteOption = new("OPTION") { Description = "The option's name." };
    private readonly Argument<string> _newName = new("NEW") { Description = "The new name." };
    private readonly Argument<string?> _folder = new("FOLDER") { Description = "The folder; the present one is told if none is named.", Arity = ArgumentArity.ZeroOrOne };
    private readonly PipelineContext _context;

    public ConfigCommands(PipelineContext context)
    {
        _context = context;
        var config = WithLevels(new Command("config", "Tells or sets options.") { _option, _value, _unset, _list });
        config.SetAction(Configure);
        Commands = [config, RemoteCommand(), CacheCommand()];
    }

    /// <summary>The verbs.</summary>
    public IReadOnlyList<Command> Commands { get; }

    private Command RemoteCommand()
    {
        var add = WithLevels(new Command("add", "Names a remote.") { _name, _url, _default, _force });
        add.SetAction(parsed => Change(parsed, file => AddRemote(parsed, file)));
        var list = new Command("list", "Lists the remotes.");
        list.SetAction(ListRemotes);
        var remove = WithLevels(new Command("remove", "Forgets a remote.") { _name });
        remove.SetAction(parsed => Change(parsed, file => RemoveRemote(file, parsed.GetValue(_name)!)));
        var modify = WithLevels(new Command("modify", "Sets an option of a remote.") { _name, _remoteOption, _value, _unset });
        modify.SetAction(parsed => Change(parsed, file => Set(parsed, file, Existing(parsed, parsed.GetValue(_name)!), parsed.GetValue(_remoteOption)!)));
        var standard = WithLevels(new Command("default", "Tells or sets the default remote.") { _option, _unset });
        standard.SetAction(parsed => parsed.GetValue(_option) is null && !parsed.GetValue(_unset)
            ? Tell("core", "remote")
            : Change(parsed, file => SetDefault(parsed, file)));
        var rename = WithLevels(new Command("rename", "Gives a remote another name.") { _name, _newName });
        rename.SetAction(parsed => Change(parsed, file => Rename(parsed, file)));
        return new Command("remote", "Names the places where a team keeps its objects.") { add, list, remove, modify, standard, rename };
    }

    private Command CacheCommand()
    {
        var folder = WithLevels(new Command("dir", "Tells or sets where objects are kept.") { _folder, _unset });
        folder.SetAction(parsed =>
        {
            if (parsed.GetValue(_folder) is null && !parsed.GetValue(_unset))
            {
                using var repository = PipelineContext.Open();
                _context.Output.WriteLine(repository.Cache.Root);
                return ExitCode.Done;
            }

            return Change(parsed, file => SetPath(parsed, file, "cache", "dir", parsed.GetValue(_folder)));
        });
        var migrate = new Command("migrate", "Takes objects from DVC 2's place to the present one.") { _records, _context.WaitForLock };
        migrate.SetAction((parsed, token) => _context.WithLockAsync(parsed, repository => MigrateAsync(parsed, repository, token), token));
        return new Command("cache", "Looks after the cache.") { folder, migrate };
    }

    private async Task<int> MigrateAsync(ParseResult parsed, Repository repository, CancellationToken cancellationToken)
    {
        var (objects, records) = Migrate.Run(repository, _context.Index(repository), parsed.GetValue(_records), cancellationToken);
        if (!_context.Common.IsQuiet(parsed))
        {
            _context.Output.WriteLine($"Migrated {objects} files to DVC 3.0 cache location.");
        }

        await _context.TellChangedAsync(parsed, repository, records, cancellationToken);
        return ExitCode.Done;
    }

    private Command WithLevels(Command command)
    {
        foreach (var level in new[] { _system, _global, _project, _local })
        {
            command.Options.Add(level);
        }

        return command;
    }

    private int Configure(ParseResult parsed)
    {
        if (parsed.GetValue(_list))
        {
            using var repository = PipelineContext.Open();
            foreach (var (section, name, value) in Enum.GetValues<ConfigLevel>().SelectMany(level => repository.Config.File(level).Options))
            {
                _context.Output.WriteLine($"{section.Replace(" \"", ".", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal)}.{name}={value}");
            }

            return ExitCode.Done;
        }

        var option = parsed.GetValue(_option) ?? throw new CommandException(ExitCode.WrongInput, "name an option, such as core.remote, or give --list");
        var dot = option.LastIndexOf('.');
        if (dot < 1 || dot == option.Length - 1)
        {
            throw new CommandException(ExitCode.WrongInput, $"'{option}' is no option; expected section.option, such as core.remote");
        }

        var chosen = option[..dot].ToLowerInvariant();
        chosen = chosen.StartsWith("remote.", StringComparison.Ordinal) ? Config.RemoteSection(chosen["remote.".Length..]) : chosen;
        var key = option[(dot + 1)..].ToLowerInvariant();
        return parsed.GetValue(_value) is null && !parsed.GetValue(_unset)
            ? Tell(chosen, key)
            : Change(parsed, file => Set(parsed, file, chosen, key));
    }

    private int Tell(string section, string name)
    {
        using var repository = PipelineContext.Open();
        var value = repository.Config.Get(section, name) ?? throw new CommandException(ExitCode.Failed, $"option '{name}' is not set in section '{section}'");
        _context.Output.WriteLine(value);
        return ExitCode.Done;
    }

    private int Change(ParseResult parsed, Action<ConfigFile> change)
    {
        using var repository = PipelineContext.Open();
        var level = parsed.GetValue(_system) ? ConfigLevel.System : parsed.GetValue(_global) ? ConfigLevel.Global : parsed.GetValue(_local) ? ConfigLevel.Local : ConfigLevel.Project;
        var file = repository.Config.File(level);
        change(file);
        file.Save();
        return ExitCode.Done;
    }

    private void Set(ParseResult parsed, ConfigFile file, string section, string name)
    {
        if (!parsed.GetValue(_unset))
        {
            file.Set(section, name, parsed.GetValue(_value) ?? throw new CommandException(ExitCode.WrongInput, $"name the value of '{name}', or give --unset"));
        }
        else if (!file.Remove(section, name))
        {
            throw new CommandException(ExitCode.Failed, $"option '{name}' is not set in section '{section}' of '{file.Path}'");
        }
    }

    private void SetPath(ParseResult parsed, ConfigFile file, string section, string name, string? path)
    {
        if (parsed.GetValue(_unset))
        {
            file.Remove(section, name);
        }
        else
        {
            file.Set(section, name, Relative(file, path!));
        }
    }

    private void AddRemote(ParseResult parsed, ConfigFile file)
    {
        var name = parsed.GetValue(_name)!.ToLowerInvariant();
        var section = Config.RemoteSection(name);
        if (file.Get(section, "url") is { } old && !parsed.GetValue(_force))
        {
            throw new CommandException(ExitCode.WrongInput, $"remote '{name}' is there already, at '{old}'; --force replaces it");
        }

        var url = parsed.GetValue(_url)!;
        if (parsed.GetValue(_default))
        {
            file.Set("core", "remote", name);
        }

        file.Set(section, "url", url.Contains("://", StringComparison.Ordinal) ? url : Relative(file, url));
        if (parsed.GetValue(_default) && !_context.Common.IsQuiet(parsed))
        {
            _context.Output.WriteLine($"Setting '{name}' as a default remote.");
        }
    }

    private static void RemoveRemote(ConfigFile file, string name)
    {
        if (!file.RemoveSection(Config.RemoteSection(name)))
        {
            throw new CommandException(ExitCode.WrongInput, $"there is no remote '{name}' in '{file.Path}'");
        }

        if (string.Equals(file.Get("core", "remote"), name, StringComparison.OrdinalIgnoreCase))
        {
            file.Remove("core", "remote");
        }
    }

    private static string Existing(ParseResult parsed, string name)
    {
        using var repository = PipelineContext.Open();
        return repository.Config.Remotes.Contains(name.ToLowerInvariant())
            ? Config.RemoteSection(name)
            : throw new CommandException(ExitCode.WrongInput, $"there is no remote '{name}'; add it with hone remote add {name} URL");
    }

    private void SetDefault(ParseResult parsed, ConfigFile file)
    {
        if (parsed.GetValue(_unset))
        {
            file.Remove("core", "remote");
            return;
        }

        Existing(parsed, parsed.GetValue(_option)!);
        file.Set("core", "remote", parsed.GetValue(_option)!.ToLowerInvariant());
    }

    private void Rename(ParseResult parsed, ConfigFile file)
    {
        var (from, to) = (parsed.GetValue(_name)!.ToLowerInvariant(), parsed.GetValue(_newName)!.ToLowerInvariant());
        if (!file.RenameSection(Config.RemoteSection(from), Config.RemoteSection(to)))
        {
            throw new CommandException(ExitCode.WrongInput, $"there is no remote '{from}' in '{file.Path}'");
        }

        if (file.Get("core", "remote") == from)
        {
            file.Set("core", "remote", to);
        }
    }

    private int ListRemotes(ParseResult parsed)
    {
        using var repository = PipelineContext.Open();
        var standard = repository.Config.Get("core", "remote");
        var remotes = repository.Config.Remotes.Select(name => (Name: name, Url: ShownUrl(repository.Config, name))).ToList();
        if (_context.Common.IsJson(parsed))
        {
            _context.Output.WriteLine(JsonResult.Line(json => remotes.ForEach(remote => json.WriteObject(remote.Name, () =>
            {
                json.WriteString("url", remote.Url);
                json.WriteBoolean("default", remote.Name == standard);
            }))));
        }
        else
        {
            remotes.ForEach(remote => _context.Output.WriteLine($"{remote.Name}\t{remote.Url}{(remote.Name == standard ? "\t(default)" : "")}"));
        }

        return ExitCode.Done;
    }

    private static string? ShownUrl(Config config, string name)
    {
        var url = config.Get(Config.RemoteSection(name), "url") ?? "";
        return url.Contains("://", StringComparison.Ordinal) ? url : config.GetPath(Config.RemoteSection(name), "url");
    }

    // Kept relative to the folder of the file, unless it was given as an absolute path.
    private static string Relative(ConfigFile file, string path) => Path.IsPathRooted(path) || path.StartsWith('~')
        ? path
        : Path.GetRelativePath(Path.GetDirectoryName(file.Path)!, Path.GetFullPath(path));
}
