using System.Formats.Tar;
using System.IO.Compression;
using System.Reflection;

namespace Hone.Pipelines.Tests;

/// <summary>The repositories that DVC 3.64 wrote, unpacked for one test each.</summary>
internal static class Golden
{
    public static TemporaryFolder Unpack(string name)
    {
        var archives = typeof(Golden).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Golden").Value!;
        var folder = new TemporaryFolder();
        using var file = File.OpenRead(Path.Combine(archives, name + ".tar.gz"));
        using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        TarFile.ExtractToDirectory(unzipped, folder.Path, overwriteFiles: false);
        return folder;
    }
}
