namespace Hone.Cli.Commands;

/// <summary>Writes pages where users want them.</summary>
internal static class PageFile
{
    /// <summary>Writes a page in place of an earlier one, and makes its folder where there is none.</summary>
    /// <exception cref="CommandException">It cannot be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);

            // A file beside it takes its place in one step, so that a reader never sees half a report.
            var unfinished = $"{path}.{Environment.ProcessId}.tmp";
            using (var file = File.Create(unfinished))
            {
                write(file);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or ArgumentException { ParamName: "path" })
        {
            throw new CommandException(ExitCode.WrongInput, $"the report cannot be written to {(path.Length == 0 ? "''" : path)}: {wrong.Message}", wrong);
        }
    }
}
