namespace Hone.Workers.SystemMetrics;

/// <summary>Bytes moved by system calls.</summary>
internal readonly record struct Traffic(long ReadBytes, long WrittenBytes)
{
    public static Traffic operator +(Traffic one, Traffic other) => new(one.ReadBytes + other.ReadBytes, one.WrittenBytes + other.WrittenBytes);

    public static Traffic operator -(Traffic one, Traffic other) => new(one.ReadBytes - other.ReadBytes, one.WrittenBytes - other.WrittenBytes);

    /// <summary>Whether this can hold all of <paramref name="part"/>.</summary>
    public bool Holds(Traffic part) => ReadBytes >= part.ReadBytes && WrittenBytes >= part.WrittenBytes;
}
