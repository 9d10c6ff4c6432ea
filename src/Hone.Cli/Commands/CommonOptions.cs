using System.CommandLine;
using Hone.Tracking.Store;

namespace Hone.Cli.Commands;

/// <summary>The options that every verb has.</summary>
internal sealed class CommonOptions
{
    private readonly Option<string> _store = new("--store")
    {
        Description = "The file that keeps the studies, or postgres://USER@HOST:PORT/DATABASE.",
        HelpName = "FILE|ADDRESS",
        Recursive = true,
        DefaultValueFactory = _ => ".hone/hone.db",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print results as JSON.", Recursive = true };
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Tell nothing but results and errors.", Recursive = true };
    private readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "Tell more; show where errors come from.", Recursive = true };

    /// <summary>Adds the options to the program's own command, which hands them on to every verb.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_store);
        command.Options.Add(_json);
        command.Options.Add(_quiet);
        command.Options.Add(_verbose);
    }

    /// <summary>The path or the address of the store. It may have a password in it: see <see cref="StudyStore.Shown"/>.</summary>
    /// <exception cref="CommandException">It is an address of a kind that is not supported, or cannot be read.</exception>
    public string Store(ParseResult result)
    {
        var store = result.GetValue(_store)!;
        if (IsPostgres(store))
        {
            return store;
        }

        return store.Contains("://", StringComparison.Ordinal)
            ? throw new CommandException(
                ExitCode.WrongInput, $"--store {store}: {store[..store.IndexOf(':', StringComparison.Ordinal)]} stores are not there yet; expected a file, such as .hone/hone.db")
            : store.Length == 0 ? throw new CommandException(ExitCode.WrongInput, "--store: an empty text; expected a file, such as .hone/hone.db")
            : store;
    }

    private static bool IsPostgres(string store)
    {
        try
        {
            return StudyStore.LocalPath(store) != store && StudyStore.Shown(store).Length > 0;
        }
        catch (StudyStoreException wrong)
        {
            throw new CommandException(ExitCode.WrongInput, $"--store: {wrong.Message}", wrong);
        }
    }

    /// <summary>Whether results are to be JSON.</summary>
    public bool IsJson(ParseResult result) => result.GetValue(_json);

    /// <summary>Whether progress is not to be told.</summary>
    public bool IsQuiet(ParseResult result) => result.GetValue(_quiet);

    /// <summary>Whether to tell more, and to show where errors come from.</summary>
    public bool IsVerbose(ParseResult result) => result.GetValue(_verbose);
}
