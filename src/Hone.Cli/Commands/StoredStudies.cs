using Hone.Cli.StudyFiles;
using Hone.Tracking.Store;

namespace Hone.Cli.Commands;

/// <summary>Opens stores to read, and says what is meant when a study is not there.</summary>
internal static class StoredStudies
{
    /// <summary>Opens a store that is there.</summary>
    /// <exception cref="CommandException">There is none, or it cannot be read.</exception>
    public static async Task<StudyStore> OpenAsync(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            return await StudyStore.OpenExistingAsync(path, time, cancellationToken);
        }
        catch (StudyStoreException wrong)
        {
            throw new CommandException(ExitCode.WrongInput, wrong.Message, wrong);
        }
    }

    /// <summary>The error of a study that is not in the store, with the nearest name that is.</summary>
    public static async Task<CommandException> UnknownAsync(StudyStore store, string path, string name, CancellationToken cancellationToken)
    {
        string[] names = [.. (await store.ListStudiesAsync(cancellationToken)).Select(study => study.Name)];
        var hint = NearestName.Of(name, names) is { } nearest ? $"; did you mean '{nearest}'?"
            : names.Length == 0 ? "; the store is empty"
            : $"; it has {string.Join(", ", names.Take(10))}{(names.Length > 10 ? ", …" : "")}";
        return new CommandException(ExitCode.WrongInput, $"there is no study '{name}' in {path}{hint}");
    }
}
