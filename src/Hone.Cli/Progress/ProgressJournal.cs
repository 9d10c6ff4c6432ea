using System.Runtime.CompilerServices;
using Hone.Tuning;

namespace Hone.Cli.Progress;

/// <summary>Lets somebody see every event of a study on its way to the journal: those of earlier sessions, and new ones once they are durable.</summary>
/// <param name="inner">Where the study is written down.</param>
/// <param name="see">Called for each event in order, with whether it is of an earlier session.</param>
internal sealed class ProgressJournal(IStudyJournal inner, Action<StudyEvent, bool> see) : IStudyJournal
{
    private readonly List<StudyEvent> _batch = [];

    /// <inheritdoc/>
    public async IAsyncEnumerable<StudyEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var entry in inner.ReadAsync(cancellationToken))
        {
            see(entry, true);
            yield return entry;
        }
    }

    /// <inheritdoc/>
    public void Append(StudyEvent entry)
    {
        inner.Append(entry);
        _batch.Add(entry);
    }

    /// <inheritdoc/>
    public async ValueTask CommitAsync(CancellationToken cancellationToken)
    {
        await inner.CommitAsync(cancellationToken);
        foreach (var entry in _batch)
        {
            see(entry, false);
        }

        _batch.Clear();
    }
}
