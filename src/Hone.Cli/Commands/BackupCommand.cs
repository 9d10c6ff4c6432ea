using System.CommandLine;
using Hone.Tracking.Store;

namespace Hone.Cli.Commands;

/// <summary><c>hone backup FILE</c> and <c>hone restore FILE</c>: a copy of a store, made while others write to it, and the way back.</summary>
internal sealed class BackupCommand
{
    private readonly Argument<string> _file = new("FILE") { Description = "The copy." };

    private readonly Option<string?> _artifacts = new("--artifacts")
    {
        Description = "Copies the files of runs too, from or to this folder (artifacts beside the store without one); the copy has them in FILE.artifacts.",
        HelpName = "DIR",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly CommonOptions _common;
    private readonly Surroundings _surroundings;

    public BackupCommand(CommonOptions common, Surroundings surroundings)
    {
        _common = common;
        _surroundings = surroundings;
        Backup = new Command("backup", "Copies the store to a file, also while it is written to.") { _file, _artifacts };
        Backup.SetAction((parsed, cancellationToken) => RunAsync(parsed, isBackup: true, cancellationToken));
        Restore = new Command("restore", "Makes a store of such a copy.") { _file, _artifacts };
        Restore.SetAction((parsed, cancellationToken) => RunAsync(parsed, isBackup: false, cancellationToken));
    }

    /// <summary>The verb that copies.</summary>
    public Command Backup { get; }

    /// <summary>The verb that puts a copy back.</summary>
    public Command Restore { get; }

    private async Task<int> RunAsync(ParseResult parsed, bool isBackup, CancellationToken cancellationToken)
    {
        var (store, file) = (_common.Store(parsed), parsed.GetValue(_file)!);
        try
        {
            var size = isBackup ? StoreBackup.Save(store, file, cancellationToken) : StoreBackup.Restore(file, store, cancellationToken);
            if (parsed.GetResult(_artifacts) is not null)
            {
                var (folder, copies) = (parsed.GetValue(_artifacts) ?? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(store))!, "artifacts"), file + ".artifacts");
                var (from, to) = isBackup ? (folder, copies) : (copies, folder);
                var files = Directory.Exists(from) ? await StoreBackup.CopyFilesAsync(from, to, cancellationToken) : default;
                size = size with { Files = files.Files, FileBytes = files.FileBytes };
            }

            Tell(parsed, isBackup ? file : store, size);
            return ExitCode.Done;
        }
        catch (Exception wrong) when (wrong is StudyStoreException or IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.WrongInput, wrong.Message, wrong);
        }
    }

    private void Tell(ParseResult parsed, string path, BackupSize size)
    {
        var hasFiles = parsed.GetResult(_artifacts) is not null;
        if (_common.IsJson(parsed))
        {
            _surroundings.Output.WriteLine(JsonResult.Line(json =>
            {
                json.WriteString("file", path);
                json.WriteNumber("store_bytes", size.StoreBytes);
                json.WriteNumber("files", size.Files);
                json.WriteNumber("file_bytes", size.FileBytes);
            }));
            return;
        }

        _surroundings.Output.WriteLine(path);
        if (!_common.IsQuiet(parsed))
        {
            _surroundings.Errors.WriteLine(
                FormattableString.Invariant($"{size.StoreBytes / 1e6:0.0} MB, read through and whole{(hasFiles ? $"; {size.Files} files of {size.FileBytes / 1e6:0.0} MB" : "")}"));
        }
    }
}
