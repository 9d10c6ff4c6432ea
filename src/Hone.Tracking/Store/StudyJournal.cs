using System.Runtime.CompilerServices;
using Hone.Tuning;

namespace Hone.Tracking.Store;

/// <summary>The journal of one study in a <see cref="StudyStore"/>. Holds the right to tune the study until it is disposed.</summary>
/// <remarks>
/// A batch is written on the caller's thread: a tuner has nothing to do until its decisions are durable, and handing over to another
/// thread costs more than the writing. All events of a batch are one transaction, so all of them are kept or none.
/// </remarks>
public sealed class StudyJournal : IStudyJournal, IAsyncDisposable
{
    // 8 MB: the file of the log is reused from its start after each checkpoint, and a commit into space that exists is the fastest.
    private const int CheckpointPages = 4_000;

    private readonly SqliteDatabase _database;
    private readonly StudyLock _lock;
    private readonly Study _study;
    private readonly EventWriter _writer;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly List<StudyEvent> _batch = [];
    private bool _isUndone;

    internal StudyJournal(SqliteDatabase database, StudyLock studyLock, Study study, long experiment)
    {
        database.Execute($"PRAGMA wal_autocheckpoint = {CheckpointPages}");
        _database = database;
        _lock = studyLock;
        _study = study;
        Experiment = experiment;
        _writer = new EventWriter(database, experiment, study.Objectives);
        _begin = database.Prepare("BEGIN IMMEDIATE");
        _commit = database.Prepare("COMMIT");
    }

    /// <summary>Key of the study's experiment in the store.</summary>
    public long Experiment { get; }

    /// <summary>Says which versions of code, pipeline and data the study reads from now on: every trial that starts gets these tags, and the study itself.</summary>
    /// <param name="tags">Names that begin with <c>hone.git.</c>, <c>hone.pipeline.</c> or <c>hone.data.</c>, with their values. Those of earlier sessions go.</param>
    /// <exception cref="StudyStoreException">They could not be written.</exception>
    public void Tag(IReadOnlyList<KeyValuePair<string, string>> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        LineageTags.Replace(_database, Experiment, tags);
        _writer.Tags = tags;
    }

    /// <inheritdoc/>
    /// <remarks>What has been appended since the last commit is not among it. Nothing may be appended or committed while it is read.</remarks>
    public async IAsyncEnumerable<StudyEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask; // A local file is read where the caller stands: there is nothing to wait for.
        using var reader = new EventReader(_database, Experiment, _study.Space);
        foreach (var entry in reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return entry;
        }
    }

    /// <inheritdoc/>
    public void Append(StudyEvent entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        _batch.Add(entry);
    }

    /// <inheritdoc/>
    /// <remarks>Cancelling is heeded before the writing begins, not during it. After an error the batch stays for the next call.</remarks>
    /// <exception cref="StudyStoreException">The batch could not be written: the disk is full, say. None of it was.</exception>
    /// <exception cref="InvalidOperationException">An event is of a trial that was never proposed.</exception>
    public ValueTask CommitAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_batch.Count > 0)
        {
            Commit();
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Gives up the right to tune the study. What was not committed is lost.</summary>
    public ValueTask DisposeAsync()
    {
        _database.Dispose();
        _lock.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Commit()
    {
        try
        {
            if (_isUndone)
            {
                // What the failed transaction changed in memory goes the way of what it changed in the file.
                _writer.Recall();
                _isUndone = false;
            }

            _begin.Run();
            foreach (var entry in _batch)
            {
                _writer.Write(entry);
            }

            _commit.Run();
        }
        catch
        {
            _database.Rollback();
            _isUndone = true;
            throw;
        }

        _batch.Clear();
    }
}
