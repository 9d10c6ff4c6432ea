using System.Runtime.CompilerServices;
using Hone.Analysis;
using Hone.Tracking.Postgres;
using Hone.Tuning;

namespace Hone.Tracking.Store;

/// <summary>A file or a database that keeps studies: their journals, their trials as runs, and every measurement.</summary>
/// <remarks>
/// SQLite in WAL mode, or PostgreSQL. Any number of processes may read while others tune, each tuner another study. A store may be used by several
/// threads at once: each call has a connection of its own.
/// </remarks>
public sealed class StudyStore : IAsyncDisposable
{
    // So many trials are read in one transaction: a reader that kept one open would make the writer's log grow.
    private const int PageSize = 1_000;

    private readonly StoreAddress _address;
    private readonly TimeProvider _time;

    // Kept open so that the log is not folded back into a file, and removed, after every reader.
    private readonly Database _anchor;

    private StudyStore(StoreAddress address, TimeProvider time, Database anchor)
    {
        _address = address;
        _time = time;
        _anchor = anchor;
    }

    /// <summary>Opens a store to tune or to read; makes what is not there.</summary>
    /// <param name="store">
    /// The file, e.g. <c>.hone/hone.db</c>, with locks in the folder <c>locks</c> beside it; or <c>postgres://USER@HOST:PORT/DATABASE</c>.
    /// </param>
    /// <param name="time">The clock for what the store stamps by itself.</param>
    /// <param name="cancellationToken">Gives up the opening.</param>
    /// <exception cref="StudyStoreException">
    /// The path is a folder, cannot be written, is another program's file, is damaged, or was written by a newer version; the database cannot be
    /// reached.
    /// </exception>
    public static Task<StudyStore> OpenAsync(string store, TimeProvider time, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(store);
        ArgumentNullException.ThrowIfNull(time);
        cancellationToken.ThrowIfCancellationRequested();
        var address = StoreAddress.Parse(store);
        return Task.FromResult(new StudyStore(address, time, address.Make()));
    }

    /// <summary>Opens a store that is there; a question makes no file.</summary>
    /// <exception cref="StudyStoreException">There is no such store, or as for <see cref="OpenAsync"/>.</exception>
    public static Task<StudyStore> OpenExistingAsync(string store, TimeProvider time, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(store);
        return StoreAddress.Parse(store) is { Exists: false }
            ? throw new StudyStoreException($"There is no store '{Shown(store)}'. Name one with --store, or make one with hone tune.")
            : OpenAsync(store, time, cancellationToken);
    }

    /// <summary>What may be shown to anybody of the address of a store: all but a password.</summary>
    /// <exception cref="StudyStoreException">It is an address of PostgreSQL that cannot be read.</exception>
    public static string Shown(string store) => PostgresAddress.IsOne(store) ? PostgresAddress.Parse(store).ToString() : store;

    /// <summary>The file beside which a store's reports and files of trials lie: of a PostgreSQL database, <c>.hone/hone.db</c>.</summary>
    public static string LocalPath(string store) => PostgresAddress.IsOne(store) ? Path.Combine(".hone", "hone.db") : store;

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
        var database = _address.Connect();
        try
        {
            if (!await database.TryLockAsync(study.Name, cancellationToken))
            {
                throw Locked(database, study.Name);
            }

            var experiment = new StudyOpening(database, _time).Open(study, fresh);
            return new StudyJournal(database, study, experiment, _time);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>All studies, by name.</summary>
    public Task<IReadOnlyList<StudySummary>> ListStudiesAsync(CancellationToken cancellationToken = default)
    {
        using var database = _address.Connect();
        var reader = new StudyReader(database);
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

    /// <summary>The best trials of a study, without reading the others; null if there is no study of that name.</summary>
    /// <param name="name">Name of the study.</param>
    /// <param name="history">Whether to read every measurement of each trial's last attempt.</param>
    /// <param name="cancellationToken">Gives up the reading.</param>
    public Task<StudyBest?> ReadBestAsync(string name, bool history = false, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var database = _address.Connect();
        var reader = new StudyReader(database);
        if (reader.Find(name) is not { } study)
        {
            return Task.FromResult<StudyBest?>(null);
        }

        database.Begin(Transaction.Read);
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
        using (var database = _address.Connect())
        {
            var reader = new StudyReader(database);
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
        using (var database = _address.Connect())
        {
            study = new StudyReader(database).Find(name);
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
        await Task.CompletedTask; // The store is read where the caller stands: there is nothing to wait for.
        using var database = _address.Connect();
        using var reader = new TrialReader(database, experiment);
        for (var next = 1; ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            database.Begin(Transaction.Read);
            var page = reader.Read(next, PageSize, history);
            database.Commit();
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

    private static StudyLockedException Locked(Database database, string study)
    {
        using var statement = database.Prepare("SELECT holder FROM studies JOIN experiments USING (experiment) WHERE name = ?1");
        statement.Bind(1, study);
        var holder = statement.Step() ? statement.Text(0) : null;
        return new StudyLockedException(
            $"Another hone tunes the study '{study}': {holder ?? "another process"}. Wait for it or end it, or give this study another name.");
    }
}
