namespace Hone.Tuning;

/// <summary>Keeps nothing: for simulations of studies too large to keep.</summary>
public sealed class NoJournal : IStudyJournal
{
    /// <inheritdoc/>
    public IAsyncEnumerable<StudyEvent> ReadAsync(CancellationToken cancellationToken) => AsyncEnumerable.Empty<StudyEvent>();

    /// <inheritdoc/>
    public void Append(StudyEvent entry) { }

    /// <inheritdoc/>
    public ValueTask CommitAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;
}

