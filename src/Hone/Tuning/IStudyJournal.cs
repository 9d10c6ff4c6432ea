namespace Hone.Tuning;

/// <summary>Where a study is written down, each decision before it is acted on.</summary>
/// <remarks>Called by the tuner's loop alone, never concurrently.</remarks>
public interface IStudyJournal
{
    /// <summary>Everything written down so far, in the order it was appended; the history of a study that is continued.</summary>
    IAsyncEnumerable<StudyEvent> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Takes an event into the batch that the next <see cref="CommitAsync"/> makes durable.</summary>
    void Append(StudyEvent entry);

    /// <summary>
    /// Makes everything appended durable: what this has returned for survives a loss of power. Cancelling may leave the batch for the next call.
    /// </summary>
    ValueTask CommitAsync(CancellationToken cancellationToken);
}

