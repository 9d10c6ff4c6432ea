using Hone.Tracking.Store;

namespace Hone.Cli.Commands;

/// <summary>Opens stores to read, and says what is meant when a study is not there.</summary>
internal static class StoredStudies
{
    /// <summary>Opens a store to read; it must be there.</summary>
    /// <exception cref="CommandException">There is none, or it cannot be read.</exception>
    public static Task<StudyStore> OpenAsync(string path, TimeProvider time, CancellationToken cancellationToken) =>
        OpenAsync(() => StudyStore.OpenExistingAsync(path, time, cancellationToken));

    /// <summary>Opens a store to tune, and makes it if it is not there.</summary>
    /// <exception cref="CommandException">It cannot be made, read or written.</exception>
    public static Task<StudyStore> OpenOrMakeAsync(string path, TimeProvider time, CancellationToken cancellationToken) =>
        OpenAsync(() => StudyStore.OpenAsync(path, time, cancellationToken));

    /// <summary>The error of a study that is not in the store, with the nearest name that is.</summary>
    public static async Task<CommandException> UnknownAsync(StudyStore store, string path, string name, CancellationToken cancellationToken)
    {
        string[] names = [.. (await store.ListStudiesAsync(cancellationToken)).Select(study => study.Name)];
        var hint = Spelling.Nearest(name, names) is { } nearest ? $"; did you mean '{nearest}'?"
            : names.Length == 0 ? "; the store is empty"
            : $"; it has {string.Join(", ", names.Take(10))}{(names.Length > 10 ? ", …" : "")}";
        return new CommandException(ExitCode.WrongInput, $"there is no study '{name}' in {StudyStore.Shown(path)}{hint}");
    }

    private static async Task<StudyStore> OpenAsync(Func<Task<StudyStore>> open)
    {
        try
        {
            return await open();
        }
        catch (StudyStoreException wrong)
        {
            throw new CommandException(ExitCode.WrongInput, wrong.Message, wrong);
        }
    }
}
