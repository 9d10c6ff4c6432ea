namespace Hone.Workers.Processes;

/// <summary>Which cores belong to which slot.</summary>
internal static class CoreSets
{
    /// <summary>Gives each slot as many cores of its own as asked for, neighbours together.</summary>
    /// <exception cref="WorkerPoolException">There are not enough.</exception>
    public static int[][] Divide(ReadOnlySpan<int> allowed, int slots, int coresEach)
    {
        if ((long)slots * coresEach > allowed.Length)
        {
            throw new WorkerPoolException(
                $"{slots} slots with {coresEach} cores each need {(long)slots * coresEach} cores, and this process may use "
                + $"{allowed.Length}. Ask for fewer slots or fewer cores each.");
        }

        var sets = new int[slots][];
        for (var slot = 0; slot < slots; slot++)
        {
            sets[slot] = allowed.Slice(slot * coresEach, coresEach).ToArray();
        }

        return sets;
    }
}
