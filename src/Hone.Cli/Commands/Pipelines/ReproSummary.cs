using Hone.Pipelines.Stages;

namespace Hone.Cli.Commands.Pipelines;

/// <summary>What reproducing has come to, for a person and for a program.</summary>
internal static class ReproSummary
{
    /// <summary>One line.</summary>
    public static string Text(IReadOnlyList<StageEnded> results, bool isInterrupted)
    {
        if (results.All(end => end.Outcome == StageOutcome.Unchanged))
        {
            return "Data and pipelines are up to date.";
        }

        (StageOutcome Outcome, string Words)[] words =
        [
            (StageOutcome.Ran, "ran"), (StageOutcome.WouldRun, "would run"), (StageOutcome.Restored, "from the cache"),
            (StageOutcome.Recorded, "recorded as they are"), (StageOutcome.Unchanged, "unchanged"), (StageOutcome.Failed, "failed"),
            (StageOutcome.Skipped, "left out"),
        ];
        var counts = words.Select(word => (Count: results.Count(end => end.Outcome == word.Outcome), word.Words)).Where(count => count.Count > 0);
        return $"{(isInterrupted ? "interrupted; " : "")}stages: {string.Join(", ", counts.Select(count => $"{count.Count} {count.Words}"))}"
            + (isInterrupted ? "; the same command goes on" : "");
    }

    /// <summary>One object with all stages.</summary>
    public static string Json(IReadOnlyList<StageEnded> results) => JsonResult.Line(json =>
    {
        json.WriteStartArray("stages");
        foreach (var end in results)
        {
            json.WriteStartObject();
            json.WriteString("stage", end.Stage.Address);
            json.WriteString("outcome", JsonResult.Word(end.Outcome));
            json.WriteDouble("seconds", Math.Round(end.Elapsed.TotalSeconds, 3));
            if (end.Detail.Length > 0)
            {
                json.WriteString("detail", end.Detail);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
