using System.Diagnostics;
using System.Globalization;
using Hone.Tracking.Store;
using Hone.Tuning;

namespace Hone.Tracking.Tests.Store;

/// <summary>A process that writes a known history, goes on where the store ends, and says after each commit how far it is durable.</summary>
internal static class KilledWriter
{
    public const string Study = "killed";

    // A trial is three batches of two events.
    private const int Batch = 2;

    /// <summary>The history: what the event of a position is does not depend on when or by whom it is written.</summary>
    public static IEnumerable<StudyEvent> History()
    {
        for (var trial = 1; ; trial++)
        {
            foreach (var entry in Some.Complete(trial, trial, double.NaN, 1.0 / trial))
            {
                yield return entry;
            }
        }
    }

    /// <summary>Whether so many events are whole batches.</summary>
    public static bool IsWhole(int events) => events % Batch == 0;

    /// <summary>Starts the process; its output is one line a commit.</summary>
    public static Process Start(string store) => Process.Start(new ProcessStartInfo(
        "dotnet", [typeof(KilledWriter).Assembly.Location, "write-until-killed", store]) { RedirectStandardOutput = true })!;

    /// <summary>The process itself. Ends when it is killed, or when nobody reads what it says.</summary>
    public static async Task RunAsync(string path)
    {
        await using var store = await StudyStore.OpenAsync(path, TimeProvider.System);
        await using var journal = await store.OpenStudyAsync(Some.Study(Study));
        var written = (await EventText.OfAsync(journal)).Count;
        Say(written);
        foreach (var batch in History().Skip(written).Chunk(Batch))
        {
            await journal.WriteAsync(batch);
            Say(written += Batch);
        }
    }

    private static void Say(int written)
    {
        Console.Out.WriteLine(written.ToString(CultureInfo.InvariantCulture));
        Console.Out.Flush();
    }
}
