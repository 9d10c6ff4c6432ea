namespace Hone.Pipelines.Files;

/// <summary>What the file system says of a file without opening it.</summary>
/// <param name="Device">The file system it lies on.</param>
/// <param name="Inode">Its number there.</param>
/// <param name="ModifiedNanoseconds">When its content changed last, in nanoseconds since 1970.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Mode">Type and rights as in <c>st_mode</c>.</param>
/// <param name="Links">How many names it has.</param>
public readonly record struct FileStamp(ulong Device, ulong Inode, long ModifiedNanoseconds, long Size, uint Mode, uint Links)
{
    private const uint TypeMask = 0xF000;

    /// <summary>Whether it is a regular file.</summary>
    public bool IsFile => (Mode & TypeMask) == 0x8000;

    /// <summary>Whether it is a folder.</summary>
    public bool IsFolder => (Mode & TypeMask) == 0x4000;

    /// <summary>Whether it is a symbolic link.</summary>
    public bool IsLink => (Mode & TypeMask) == 0xA000;

    /// <summary>Whether its owner may execute it.</summary>
    public bool IsExecutable => (Mode & 0x40) != 0;

    /// <summary>Whether its owner may write it.</summary>
    public bool IsWritable => (Mode & 0x80) != 0;

    /// <summary>
    /// Whether the file may change after <paramref name="nowNanoseconds"/> without its time of change telling: it changed within the
    /// clock tick of its file system.
    /// </summary>
    /// <remarks>
    /// Linux stamps files by a clock that ticks every 1 to 10 ms. A time of whole seconds is that of a file system that keeps no fractions.
    /// </remarks>
    public bool MayChangeUnseen(long nowNanoseconds)
    {
        var tick = ModifiedNanoseconds % 1_000_000_000 == 0 ? 2_100_000_000L : 25_000_000L;
        return ModifiedNanoseconds > nowNanoseconds - tick;
    }
}
