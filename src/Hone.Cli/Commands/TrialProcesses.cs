using System.Globalization;
using System.Text;
using Hone.Cli.StudyFiles;
using Hone.Tracking.Store;
using Hone.Workers.Processes;

namespace Hone.Cli.Commands;

/// <summary>How the trials of a study file run as processes.</summary>
internal static class TrialProcesses
{
    /// <summary>What to run, where, and how many at once. The folder of the study is still to be named.</summary>
    public static ProcessPoolOptions Of(StudyFile file) => new()
    {
        Slots = file.Workers.Count,
        CoresEach = file.Workers.CoresEach,
        CommandTemplate = file.Training is CommandTraining command ? command.Command : Command((LearnerTraining)file.Training),
        WorkingDirectory = file.Training.Directory,
        StudyDirectory = "",
    };

    /// <summary>Where the trials of a study write: beside the store, in a folder of the study's own.</summary>
    public static string Folder(string store, string study, long experiment) => Path.Combine(
        $"{Path.ChangeExtension(Path.GetFullPath(StudyStore.LocalPath(store)), null)}-runs",
        string.Create(CultureInfo.InvariantCulture, $"{FileNames.Of(study)}-{experiment}"));

    // hone train takes the trial's parameters from its environment, so that one that is inactive is simply not there.
    private static string Command(LearnerTraining training)
    {
        var command = new StringBuilder("exec ");
        foreach (var word in Hone())
        {
            command.Append(Quote(word)).Append(' ');
        }

        command.Append("train");
        foreach (var (name, value) in training.Settings)
        {
            command.Append(" --").Append(name.Replace('_', '-')).Append(' ').Append(Quote(value));
        }

        return command.ToString();
    }

    // This very program: the file that was started, or the one that was given to dotnet.
    private static string[] Hone()
    {
        var started = Environment.ProcessPath!;
        var itself = Path.Combine(AppContext.BaseDirectory, "hone");
        return Path.GetFileNameWithoutExtension(started) == "hone" ? [started]
            : File.Exists(itself) ? [itself]
            : ["dotnet", itself + ".dll"];
    }

    private static string Quote(string word) =>
        $"'{word.Replace("'", "'\\''", StringComparison.Ordinal).Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal)}'";
}
