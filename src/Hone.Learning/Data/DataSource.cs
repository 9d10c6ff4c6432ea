using System.Numerics;
using System.Reflection;

namespace Hone.Learning.Data;

/// <summary>Finds a table by the name of a data set that ships with Hone, or by the path of a file.</summary>
public static class DataSource
{
    /// <summary>The data sets that ship with Hone; <c>Data/SOURCES.md</c> says where they come from.</summary>
    public static IReadOnlyList<string> Names { get; } = ["diabetes", "pollen"];

    /// <summary>Reads a table.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="source">One of <see cref="Names"/>, or the path of a TSV or CSV file, gzip or not. A name wins over a file.</param>
    /// <param name="target">Name of the column to learn.</param>
    /// <exception cref="DataException">There is no such set or file, it cannot be read, or it is not a table of numbers.</exception>
    public static Dataset<T> Load<T>(string source, string target = "target")
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        try
        {
            using var stream = Open(source);
            return TableReader.Read<T>(stream, source, target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{source}: cannot be read: {e.Message}", e);
        }
    }

    private static Stream Open(string source)
    {
        if (Names.Contains(source))
        {
            return Assembly.GetExecutingAssembly().GetManifestResourceStream(source + ".tsv.gz")!;
        }

        if (File.Exists(source))
        {
            return File.OpenRead(source);
        }

        if (Directory.Exists(source))
        {
            throw new DataException($"{source}: is a folder. Name a TSV or CSV file in it.");
        }

        var nearest = Spelling.Nearest(source, Names);
        var hint = nearest is null ? "" : $" Did you mean '{nearest}'?";
        throw new DataException($"{source}: there is no such file, nor a data set of that name ({string.Join(", ", Names)}).{hint}");
    }
}
