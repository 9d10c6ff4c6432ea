using System.Runtime.CompilerServices;

namespace Hone.Tuning;

/// <summary>Keeps a study's events in memory: for programs that need no store, and for tests.</summary>
public sealed class InMemoryJournal : IStudyJournal
{
    private readonly List<StudyEvent> _events = [];
    private int _committed;

    /// <summary>What has been committed, in order.</summary>
    public IReadOnlyList<StudyEvent> Events => _events[.._committed];

    /// <inheritdoc/>
    public async IAsyncEnumerable<StudyEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var entry in Events)
        {
            yield return entry;
        }
    }

    /// <inheritdoc/>
    public void Append(StudyEvent entry) => _events.Add(entry);

    /// <inheritdoc/>
    public ValueTask CommitAsync(CancellationToken cancellationToken)
    {
        _committed = _events.Count;
        return ValueTask.CompletedTask;
    }
}

