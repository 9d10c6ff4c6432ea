using System.CommandLine;
using System.Text.Json;
using Hone.Tracking.Access;
using Hone.Tracking.Store;

namespace Hone.Cli.Commands;

/// <summary><c>hone users</c>: who may do what with a store that is served to a team.</summary>
internal sealed class UsersCommand
{
    private readonly Argument<string> _name = new("NAME") { Description = "Name of the user." };

    private readonly Argument<string> _granted = new("ROLE") { Description = "reader, writer, admin or none." };

    private readonly Option<string> _role = new("--role")
    {
        Description = "What the user may do with everything: reader (the default), writer, admin or none.",
        HelpName = "ROLE",
        DefaultValueFactory = _ => "reader",
    };

    private readonly Option<string?> _experiment = new("--experiment") { Description = "For this experiment alone, by its name or id.", HelpName = "NAME" };
    private readonly Option<string?> _model = new("--model") { Description = "For this registered model alone.", HelpName = "NAME" };
    private readonly Option<string?> _audit = new("--audit")
    {
        Description = "The file for the audit log; the default is audit.jsonl beside the store.",
        HelpName = "FILE",
        Recursive = true,
    };

    private readonly Option<string?> _password = new("--password-file")
    {
        Description = "A file whose first line is a password, for clients that take no token.",
        HelpName = "FILE",
    };

    private readonly CommonOptions _common;
    private readonly Surroundings _surroundings;

    public UsersCommand(CommonOptions common, Surroundings surroundings)
    {
        _common = common;
        _surroundings = surroundings;
        Command = new Command("users", "Says who may do what with a store that hone server serves.")
        {
            _audit,
            Verb("add", "Adds a user and prints the token, once.", Add, _name, _role, _password),
            Verb("list", "Lists the users with their roles.", List),
            Verb("remove", "Removes a user.", (users, parsed) => users.Remove(Name(parsed)), _name),
            Verb("token", "Gives a user another token and prints it, once; the one before no longer counts.", Token, _name, _password),
            Verb("grant", "Gives a user a role for everything, or for one experiment or model.", Grant, _name, _granted, _experiment, _model),
            Verb("revoke", "Takes a user's role for everything away, or for one experiment or model.", Revoke, _name, _experiment, _model),
        };
    }

    /// <summary>The verb.</summary>
    public Command Command { get; }

    private Command Verb(string name, string description, Action<UserAccounts, ParseResult> act, params Symbol[] symbols)
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

        command.SetAction((parsed, cancellationToken) => RunAsync(act, parsed, cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(Action<UserAccounts, ParseResult> act, ParseResult parsed, CancellationToken cancellationToken)
    {
        var store = _common.Store(parsed);
        var audit = new AuditLog(parsed.GetValue(_audit) ?? AuditLog.Beside(store), _surroundings.Time);
        try
        {
            await using var users = await UserAccounts.OpenAsync(store, _surroundings.Time, audit, cancellationToken);
            act(users, parsed);
            return ExitCode.Done;
        }
        catch (Exception wrong) when (wrong is UserException or StudyStoreException)
        {
            throw new CommandException(ExitCode.WrongInput, wrong.Message, wrong);
        }
    }

    private void Add(UserAccounts users, ParseResult parsed) =>
        PrintToken(parsed, users.Add(Name(parsed), RoleOf(parsed.GetValue(_role)!, "--role"), Password(parsed)));

    private void Token(UserAccounts users, ParseResult parsed)
    {
        if (Password(parsed) is { } password)
        {
            users.SetPassword(Name(parsed), password);
        }

        PrintToken(parsed, users.NewToken(Name(parsed)));
    }

    private void PrintToken(ParseResult parsed, string token)
    {
        var name = Name(parsed);
        _surroundings.Output.WriteLine(_common.IsJson(parsed) ? JsonResult.Line(json =>
        {
            json.WriteString("user", name);
            json.WriteString("token", token);
        }) : token);
        if (!_common.IsQuiet(parsed))
        {
            _surroundings.Errors.WriteLine($"The token of {name}, which is not told again. For clients: export MLFLOW_TRACKING_TOKEN=…");
        }
    }

    private void Grant(UserAccounts users, ParseResult parsed)
    {
        var role = RoleOf(parsed.GetValue(_granted)!, "ROLE");
        if (Thing(parsed) is { } thing)
        {
            users.Grant(Name(parsed), role, thing.Kind, thing.Name);
        }
        else
        {
            users.Grant(Name(parsed), role);
        }
    }

    private void Revoke(UserAccounts users, ParseResult parsed)
    {
        if (Thing(parsed) is { } thing)
        {
            users.Revoke(Name(parsed), thing.Kind, thing.Name);
        }
        else
        {
            users.Grant(Name(parsed), Role.None);
        }
    }

    private (ObjectKind Kind, string Name)? Thing(ParseResult parsed) => (parsed.GetValue(_experiment), parsed.GetValue(_model)) switch
    {
        (null, null) => null,
        ({ } experiment, null) => (ObjectKind.Experiment, experiment),
        (null, { } model) => (ObjectKind.Model, model),
        _ => throw new CommandException(ExitCode.WrongInput, "--model: --experiment is named too; expected one of them"),
    };

    private static Role RoleOf(string word, string where) => word switch
    {
        "none" => Role.None,
        "reader" => Role.Reader,
        "writer" => Role.Writer,
        "admin" => Role.Admin,
        _ => throw new CommandException(ExitCode.WrongInput, $"{where}: '{word}' is no role; expected reader, writer, admin or none"),
    };

    private string Name(ParseResult parsed) => parsed.GetValue(_name)!;

    private string? Password(ParseResult parsed)
    {
        if (parsed.GetValue(_password) is not { } path)
        {
            return null;
        }

        try
        {
            return File.ReadLines(path).FirstOrDefault() ?? "";
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.WrongInput, $"--password-file: {wrong.Message}", wrong);
        }
    }

    private void List(UserAccounts users, ParseResult parsed)
    {
        var all = users.List();
        if (_common.IsJson(parsed))
        {
            foreach (var user in all)
            {
                _surroundings.Output.WriteLine(JsonResult.Line(json => Write(json, user)));
            }

            return;
        }

        var table = new TextTable("user", "role", "experiments and models", "proves it by", "added");
        foreach (var user in all)
        {
            table.Add(
                user.Name,
                JsonResult.Word(user.Role),
                string.Join(", ", user.Roles.Select(role => $"{JsonResult.Word(role.Role)} of {JsonResult.Word(role.Kind)} {role.Name}")),
                string.Join(", ", new[] { user.HasToken ? "token" : null, user.HasPassword ? "password" : null }.OfType<string>()),
                user.Created.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        }

        table.Write(_surroundings.Output);
    }

    private static void Write(Utf8JsonWriter json, UserAccount user)
    {
        json.WriteString("user", user.Name);
        json.WriteString("role", JsonResult.Word(user.Role));
        json.WriteStartArray("roles");
        foreach (var role in user.Roles)
        {
            json.WriteStartObject();
            json.WriteString(JsonResult.Word(role.Kind), role.Name);
            json.WriteString("role", JsonResult.Word(role.Role));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteBoolean("token", user.HasToken);
        json.WriteBoolean("password", user.HasPassword);
        json.WriteString("created", user.Created);
    }
}
