using Hone.Tuning;

namespace Hone.Tracking.Tests.Store;

internal static class JournalWriting
{
    /// <summary>Writes events as one batch.</summary>
    public static async Task WriteAsync(this IStudyJournal journal, params StudyEvent[] events)
    {
        foreach (var entry in events)
        {
            journal.Append(entry);
        }

        await journal.CommitAsync(CancellationToken.None);
    }
}
