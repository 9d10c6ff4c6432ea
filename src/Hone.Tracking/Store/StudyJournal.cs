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
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly Database _database;
    private readonly TimeProvider _time;
    private readonly Study _study;
    private readonly EventWriter _writer;
    private readonly List<StudyEvent> _batch = [];
    private bool _isUndone;

    internal StudyJournal(Database database, Study study, long experiment, TimeProvider time)
    {
        _database = database;
        _time = time;
        _study = study;
        Experiment = experiment;
        _writer = new EventWriter(database, experiment, study.Objectives);
    }

    /// <summary>Is told, in words for the user, that the store cannot be reached and is waited for, and when it is there again.</summary>
    public Action<string>? Notice { get; set; }

    /// <summary>Key of the study's experiment in the store.</summary>
    public long Experiment { get; }

    /// <inheritdoc/>
    /// <remarks>What has been appended since the last commit is not among it. Nothing may be appended or committed while it is read.</remarks>
    public async IAsyncEnumerable<StudyEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask; // The store is read where the caller stands: there is nothing to wait for.
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
    /// <remarks>
    /// Cancelling is heeded before the writing begins, not during it. After an error the batch stays for the next call. A database that has
    /// gone away is waited for, however long; the study is locked again before anything more is written.
    /// </remarks>
    /// <exception cref="StudyStoreException">The batch could not be written: the disk is full, say. None of it was.</exception>
    /// <exception cref="InvalidOperationException">An event is of a trial that was never proposed.</exception>
    public ValueTask CommitAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_batch.Count > 0)
        {
            try
            {
                Commit();
            }
            catch (StudyStoreException away) when (away.IsTemporary)
            {
                return new ValueTask(CommitWhenThereAsync(away.Message, cancellationToken));
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Gives up the right to tune the study. What was not committed is lost.</summary>
    public ValueTask DisposeAsync()
    {
        _database.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task CommitWhenThereAsync(string trouble, CancellationToken cancellationToken)
    {
        Notice?.Invoke($"{trouble} Waiting for it; the trials go on, and nothing is lost.");
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            await Task.Delay(pause, _time, cancellationToken);
            try
            {
                Commit();
                Notice?.Invoke("The store is there again.");
                return;
            }
            catch (StudyStoreException away) when (away.IsTemporary)
            {
                // Said once; it goes on until the store is there.
            }
        }
    }

    private void Commit()
    {
        try
        {
            if (_database.SettleDoubt() is true)
            {
                _batch.Clear();
                return;
            }

            if (_isUndone)
            {
                // What the failed transaction changed in memory goes the way of what it changed in the file.
                _writer.Recall();
                _isUndone = false;
            }

            _database.Begin(Transaction.Own);
            foreach (var entry in _batch)
            {
                _writer.Write(entry);
            }

            _database.Commit();
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
