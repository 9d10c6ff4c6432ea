using System.Text.Json;
using Hone.Pipelines.Files;

namespace Hone.Pipelines.Repositories;

/// <summary>What stages that run now read and write: <c>.dvc/tmp/rwlock</c>, kept by DVC and by Hone while a stage's command runs.</summary>
/// <remarks>Entries of processes that have ended count for nothing.</remarks>
internal static class RunningStages
{
    /// <summary>Fails if a running stage writes a path, or reads it and it is to be written.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="path">Below the root.</param>
    /// <param name="isToBeWritten">Whether the caller writes it.</param>
    /// <exception cref="PipelineException">A stage is in the way; the message says which process.</exception>
    public static void CheckFree(Repository repository, string path, bool isToBeWritten)
    {
        if (SafeFile.ReadBytes(Path.Combine(repository.TemporaryFolder, "rwlock")) is not { Length: > 2 } json)
        {
            return;
        }

        var full = Path.Combine(repository.Root, path);
        try
        {
            using var entries = JsonDocument.Parse(json);
            foreach (var entry in entries.RootElement.EnumerateObject().Where(entry => Overlap(entry.Name, full)))
            {
                Check(entry.Value, "write", path);
                if (isToBeWritten)
                {
                    Check(entry.Value, "read", path);
                }
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // Half written by a process that was killed: it holds nothing.
        }
    }

    private static bool Overlap(string a, string b) => a == b
        || a.StartsWith(b + "/", StringComparison.Ordinal) || b.StartsWith(a + "/", StringComparison.Ordinal);

    private static void Check(JsonElement entry, string kind, string path)
    {
        if (!entry.TryGetProperty(kind, out var holders))
        {
            return;
        }

        foreach (var holder in holders.ValueKind == JsonValueKind.Array ? holders.EnumerateArray().ToArray() : [holders])
        {
            if (holder.ValueKind == JsonValueKind.Object && holder.TryGetProperty("pid", out var id) && id.TryGetInt32(out var process)
                && process != Environment.ProcessId && RepositoryLock.CommandOf(process) is { Length: > 0 } command)
            {
                throw new PipelineException($"a running stage {kind}s '{path}': '{command}' (process {process}). Wait for its end");
            }
        }
    }
}
