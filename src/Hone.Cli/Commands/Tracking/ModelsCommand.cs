using System.CommandLine;
using System.Globalization;
using Hone.Tracking.Registry;
using Hone.Tracking.Store;

namespace Hone.Cli.Commands.Tracking;

/// <summary><c>hone models</c>: the registered models of a store.</summary>
internal sealed class ModelsCommand
{
    private readonly Argument<string> _model = new("MODEL") { Description = "NAME for a model or its latest version, NAME/VERSION, or NAME@ALIAS." };
    private readonly Argument<string> _name = new("NAME") { Description = "The model's name." };
    private readonly Argument<string> _newName = new("NEW_NAME") { Description = "Its new name." };
    private readonly Option<bool> _lineage = new("--lineage") { Description = "Show what the version was made from: run or trial, data, pipeline." };
    private readonly Option<string> _run = new("--run") { Description = "Id of the run, or a trial as STUDY/NUMBER.", HelpName = "RUN", Required = true };
    private readonly Option<string> _path = new("--path") { Description = "The model's folder within the run's files.", HelpName = "PATH", DefaultValueFactory = _ => "" };
    private readonly Option<string?> _description = new("--description") { Description = "What the version is.", HelpName = "TEXT" };
    private readonly Option<string?> _stage = new("--stage") { Description = "The stage to move it to: none, staging, production or archived.", HelpName = "STAGE" };
    private readonly Option<bool> _archive = new("--archive") { Description = "With --stage: archive the versions that are in that stage." };
    private readonly Option<string?> _alias = new("--alias") { Description = "The alias to lead to it.", HelpName = "ALIAS" };
    private readonly Option<string> _to = new("--to") { Description = "The folder to write to.", HelpName = "DIR", Required = true };
    private readonly Option<string?> _artifacts = ArtifactOptions.Place();
    private readonly CommonOptions _common;
    private readonly Surroundings _surroundings;

    public ModelsCommand(CommonOptions common, Surroundings surroundings)
    {
        _common = common;
        _surroundings = surroundings;
        Command = new Command("models", "Shows and changes the registered models of a store.")
        {
            Verb("list", "Lists the models.", ListAsync),
            Verb("show", "Shows a model, or one version of it.", ShowAsync, _model, _lineage),
            Verb("register", "Registers a run's or a trial's files as the next version of a model.", RegisterAsync, _name, _run, _path, _description),
            Verb("promote", "Moves a version to a stage, or leads an alias to it.", PromoteAsync, _model, _stage, _archive, _alias),
            Verb("rename", "Gives a model another name.", RenameAsync, _name, _newName),
            Verb("delete", "Removes a version, or a model with all its versions; files stay.", DeleteAsync, _model),
            Verb("download", "Copies the files of a version to a folder.", DownloadAsync, _model, _to, _artifacts),
        };
    }

    /// <summary>The verb.</summary>
    public Command Command { get; }

    private Command Verb(string name, string description, Func<ParseResult, ModelRegistry, CancellationToken, Task> act, params Symbol[] symbols)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                command.Arguments.Add(argument);
            }
            else
            {
                command.Options.Add((Option)symbol);
            }
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            try
            {
                var artifacts = symbols.Contains(_artifacts) ? parsed.GetValue(_artifacts) : null;
                await using var registry = await ModelRegistry.OpenAsync(_common.Store(parsed), artifacts, _surroundings.Time, cancellationToken);
                await act(parsed, registry, cancellationToken);
                return ExitCode.Done;
            }
            catch (Exception wrong) when (wrong is ModelRegistryException or StudyStoreException)
            {
                throw new CommandException(ExitCode.WrongInput, wrong.Message, wrong);
            }
        });
        return command;
    }

    private Task ListAsync(ParseResult parsed, ModelRegistry registry, CancellationToken cancellationToken)
    {
        var models = registry.List();
        if (_common.IsJson(parsed))
        {
            models.ToList().ForEach(model => _surroundings.Output.WriteLine(ModelJson.Line(model)));
        }
        else
        {
            ModelText.WriteList(_surroundings.Output, models);
        }

        return Task.CompletedTask;
    }

    private Task ShowAsync(ParseResult parsed, ModelRegistry registry, CancellationToken cancellationToken)
    {
        var reference = parsed.GetValue(_model)!;
        if (parsed.GetValue(_lineage))
        {
            var lineage = registry.LineageOf(reference);
            Write(parsed, () => ModelJson.Line(lineage), output => ModelText.Write(output, lineage));
        }
        else if (reference.AsSpan().ContainsAny('/', '@'))
        {
            var version = registry.GetVersion(reference);
            Write(parsed, () => ModelJson.Line(version), output => ModelText.Write(output, version));
        }
        else
        {
            var model = registry.Get(reference);
            Write(parsed, () => ModelJson.Line(model), output => ModelText.Write(output, model));
        }

        return Task.CompletedTask;
    }

    private async Task RegisterAsync(ParseResult parsed, ModelRegistry registry, CancellationToken cancellationToken)
    {
        var version = await registry.RegisterAsync(
            parsed.GetValue(_name)!, parsed.GetValue(_run)!, parsed.GetValue(_path)!, parsed.GetValue(_description));
        Write(parsed, () => ModelJson.Line(version), output => output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{version.Name}/{version.Version} registered from {version.Source}")));
    }

    private async Task PromoteAsync(ParseResult parsed, ModelRegistry registry, CancellationToken cancellationToken)
    {
        var (stage, alias) = (parsed.GetValue(_stage), parsed.GetValue(_alias));
        if (stage is null && alias is null)
        {
            throw new CommandException(ExitCode.WrongInput, "say where to: --stage STAGE or --alias ALIAS");
        }

        // Where an alias alone is named it may move; the version is the same throughout.
        var version = registry.GetVersion(parsed.GetValue(_model)!);
        var reference = string.Create(CultureInfo.InvariantCulture, $"{version.Name}/{version.Version}");
        if (stage is not null)
        {
            await registry.MoveAsync(reference, stage, parsed.GetValue(_archive));
        }

        if (alias is not null)
        {
            await registry.SetAliasAsync(reference, alias);
        }

        version = registry.GetVersion(reference);
        Write(parsed, () => ModelJson.Line(version), output => ModelText.Write(output, version));
    }

    private async Task RenameAsync(ParseResult parsed, ModelRegistry registry, CancellationToken cancellationToken)
    {
        await registry.RenameAsync(parsed.GetValue(_name)!, parsed.GetValue(_newName)!);
        var model = registry.Get(parsed.GetValue(_newName)!);
        Write(parsed, () => ModelJson.Line(model), output => output.WriteLine($"{parsed.GetValue(_name)} is {model.Name} now"));
    }

    private async Task DeleteAsync(ParseResult parsed, ModelRegistry registry, CancellationToken cancellationToken)
    {
        var reference = parsed.GetValue(_model)!;
        await registry.DeleteAsync(reference);
        Write(parsed, () => JsonResult.Line(json => json.WriteString("deleted", reference)), output => output.WriteLine($"{reference} deleted; its files stay"));
    }

    private async Task DownloadAsync(ParseResult parsed, ModelRegistry registry, CancellationToken cancellationToken)
    {
        var folder = parsed.GetValue(_to)!;
        var count = await registry.DownloadAsync(parsed.GetValue(_model)!, folder, cancellationToken);
        Write(
            parsed,
            () => JsonResult.Line(json =>
            {
                json.WriteString("folder", folder);
                json.WriteNumber("files", count);
            }),
            output => output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} files are in {folder}")));
    }

    private void Write(ParseResult parsed, Func<string> json, Action<TextWriter> text)
    {
        if (_common.IsJson(parsed))
        {
            _surroundings.Output.WriteLine(json());
        }
        else
        {
            text(_surroundings.Output);
        }
    }
}
