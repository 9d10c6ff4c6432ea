using System.Runtime.CompilerServices;
using Hone.Analysis;
using Hone.Tuning;

namespace Hone.Tracking.Store;

/// <summary>A file that keeps studies: their journals, their trials as runs, and every measurement.</summary>
/// <remarks>
/// SQLite in WAL mode. Any number of processes may read while others tune, each tuner another study. A store may be used by several
/// threads at once: each call has a connection of its own.
/// </remarks>
public sealed class StudyStore : IAsyncDisposable
{
    // So many trials are read in one transaction: a reader that kept one open would make the writer's log grow.
    private const int PageSize = 1_000;

    private readonly string _path;
    private readonly TimeProvider _time;

    // Kept open so that the log is not folded back into the file, and removed, after every reader.
    private readonly SqliteDatabase _anchor;

    private StudyStore(string path, TimeProvider time, SqliteDatabase anchor)
    {
        _path = path;
        _time = time;
        _anchor = anchor;
    }

    /// <summary>Opens a store to tune or to read; makes the file and its folders if they are not there.</summary>
    /// <param name="path">The file, e.g. <c>.hone/hone.db</c>. Locks are kept in the folder <c>locks</c> beside it.</param>
    /// <param name="time">The clock for what the store stamps by itself.</param>
    /// <param name="cancellationToken">Gives up the opening.</param>
    /// <exception cref="StudyStoreException">
    /// The path is a folder, cannot be written, is another program's file, is damaged, or was written by a newer version.
    /// </exception>
    public static Task<StudyStore> OpenAsync(string path, TimeProvider time, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(time);
        cancellationToken.ThrowIfCancellationRequested();
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full))
        {
            throw new StudyStoreException($"The store '{path}' is a folder. Name a file in it, e.g. {Path.Combine(path, "hone.db")}.");
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StudyStoreException($"The folder of the store '{path}' cannot be made: {e.Message}", e);
        }

        return Task.FromResult(new StudyStore(full, time, Connect(full, create: true)));
    }

    /// <summary>Opens a store that is there; a question makes no file.</summary>
    /// <exception cref="StudyStoreException">There is no such file, or as for <see cref="OpenAsync"/>.</exception>
    public static Task<StudyStore> OpenExistingAsync(string path, TimeProvider time, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return File.Exists(path) || Directory.Exists(path)
            ? OpenAsync(path, time, cancellationToken)
            : throw new StudyStoreException($"There is no store '{path}'. Name one with --store, or make one with hone tune.");
    }

    /// <summary>Begins or continues a study, and takes the right to tune it until the journal is disposed.</summary>
    /// <param name="study">The study. Its space and objectives must be those of the stored study; all else may have changed.</param>
    /// <param name="fresh">Whether to begin anew: a stored study of that name is kept under the name <c>NAME (archived TIME)</c>.</param>
    /// <param name="cancellationToken">Gives up the opening.</param>
    /// <exception cref="StudyLockedException">Another tuner works on the study.</exception>
    /// <exception cref="StudyMismatchException">The stored study has another space or other objectives.</exception>
    /// <exception cref="StudyStoreException">The store failed.</exception>
    public async Task<StudyJournal> OpenStudyAsync(Study study, bool fresh = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(study);
        var taken = await TakeLockAsync(study.Name, cancellationToken);
        SqliteDatabase? database = null;
        try
        {
            database = Connect(_path, create: false);
            var experiment = new StudyOpening(database, _time).Open(study, fresh);
            return new StudyJournal(database, taken, study, experiment);
        }
        catch
        {
            database?.Dispose();
            taken.Dispose();
            throw;
        }
    }

    /// <summary>All studies, by name.</summary>
    public Task<IReadOnlyList<StudySummary>> ListStudiesAsync(CancellationToken cancellationToken = default)
    {
        using var database = Connect(_path, create: false);
        var reader = new StudyReader(database, _path);
        var studies = new List<StudySummary>();
        foreach (var name in reader.Names())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (reader.Find(name) is { } study)
            {
                studies.Add(reader.Summarize(study));
            }
        }

        return Task.FromResult<IReadOnlyList<StudySummary>>(studies);
    }

    /// <summary>Which versions of code, pipeline and data a study read when it was tuned last, by tag; empty if that is not known.</summary>
    /// <param name="name">Name of the study.</param>
    /// <param name="cancellationToken">Gives up the reading.</param>
    public Task<IReadOnlyList<KeyValuePair<string, string>>> ReadTagsAsync(string name, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var database = Connect(_path, create: false);
        return Task.FromResult<IReadOnlyList<KeyValuePair<string, string>>>(LineageTags.Read(database, name));
    }

    /// <summary>The best trials of a study, without reading the others; null if there is no study of that name.</summary>
    /// <param name="name">Name of the study.</param>
    /// <param name="history">Whether to read every measurement of each trial's last attempt.</param>
    /// <param name="cancellationToken">Gives up the reading.</param>
    public Task<StudyBest?> ReadBestAsync(string name, bool history = false, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var database = Connect(_path, create: false);
        var reader = new StudyReader(database, _path);
        if (reader.Find(name) is not { } study)
        {
            return Task.FromResult<StudyBest?>(null);
        }

        database.Execute("BEGIN");
        using var trials = new TrialReader(database, study.Experiment);
        var best = new BestTrials(database, study).Numbers().Select(number => trials.Read(number, 1, history)[0]);
        return Task.FromResult<StudyBest?>(new StudyBest(reader.Summarize(study), [.. best]));
    }

    /// <summary>A study with all its trials; null if there is no study of that name.</summary>
    /// <param name="name">Name of the study.</param>
    /// <param name="history">Whether to read every measurement of each trial's last attempt.</param>
    /// <param name="cancellationToken">Gives up the reading.</param>
    public async Task<StudyRecord?> ReadStudyAsync(string name, bool history, CancellationToken cancellationToken = default)
    {
        StoredStudy? study;
        StudySummary summary;
        using (var database = Connect(_path, create: false))
        {
            var reader = new StudyReader(database, _path);
            study = reader.Find(name);
            if (study is null)
            {
                return null;
            }

            summary = reader.Summarize(study);
        }

        var trials = new List<TrialRecord>(summary.Trials);
        await foreach (var trial in ReadTrialsAsync(study.Experiment, history, cancellationToken))
        {
            trials.Add(trial);
        }

        return new StudyRecord
        {
            Name = name,
            State = summary.State,
            Objectives = study.Definition.Objectives,
            Constraints = study.Definition.Constraints,
            Space = study.Definition.Space,
            Origin = study.Definition.Origin,
            RulesChanged = study.Definition.RulesChanged,
            Began = study.Began,
            Spent = summary.Spent,
            Trials = trials,
        };
    }

    /// <summary>The trials of a study by number, as they are read; nothing if there is no study of that name.</summary>
    /// <param name="name">Name of the study.</param>
    /// <param name="history">Whether to read every measurement of each trial's last attempt.</param>
    /// <param name="cancellationToken">Gives up the reading.</param>
    public async IAsyncEnumerable<TrialRecord> ReadTrialsAsync(
        string name, bool history = false, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        StoredStudy? study;
        using (var database = Connect(_path, create: false))
        {
            study = new StudyReader(database, _path).Find(name);
        }

        if (study is null)
        {
            yield break;
        }

        await foreach (var trial in ReadTrialsAsync(study.Experiment, history, cancellationToken))
        {
            yield return trial;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _anchor.Dispose();
        return ValueTask.CompletedTask;
    }

    private async IAsyncEnumerable<TrialRecord> ReadTrialsAsync(
        long experiment, bool history, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask; // A local file is read where the caller stands: there is nothing to wait for.
        using var database = Connect(_path, create: false);
        using var reader = new TrialReader(database, experiment);
        for (var next = 1; ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            database.Execute("BEGIN");
            var page = reader.Read(next, PageSize, history);
            database.Execute("COMMIT");
            foreach (var trial in page)
            {
                yield return trial;
            }

            if (page.Count < PageSize)
            {
                yield break;
            }

            next = page[^1].Number + 1;
        }
    }

    private async Task<StudyLock> TakeLockAsync(string study, CancellationToken cancellationToken)
    {
        try
        {
            if (await StudyLock.TryTakeAsync(_path, study, cancellationToken) is { } taken)
            {
                return taken;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StudyStoreException($"The study '{study}' cannot be locked: {e.Message}", e);
        }

        using var database = Connect(_path, create: false);
        using var statement = database.Prepare("SELECT holder FROM studies JOIN experiments USING (experiment) WHERE name = ?1");
        statement.Bind(1, study);
        var holder = statement.Step() ? statement.Text(0) : null;
        throw new StudyLockedException(
            $"Another hone tunes the study '{study}': {holder ?? "another process"}. Wait for it or end it, or give this study another name.");
    }

    private static SqliteDatabase Connect(string path, bool create)
    {
        var database = SqliteDatabase.Open(path, create);
        try
        {
            database.Execute("PRAGMA synchronous = FULL");
            if (create)
            {
                StoreSchema.Prepare(database, path);
                database.Execute("PRAGMA journal_mode = WAL");
            }

            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }
}
