using Hone.Tracking.Artifacts;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Mlflow;

/// <summary>Copies the files of runs and models out of the place where a server keeps them.</summary>
internal sealed class ExportedFiles(IArtifactStore files, ImportLog log)
{
    private const string ServedScheme = "mlflow-artifacts:";

    /// <summary>How many files were copied.</summary>
    public int Count { get; private set; }

    /// <summary>Copies what lies at an address to a folder, and returns where it lies then; what lies elsewhere stays there.</summary>
    public async Task<string> CopyAsync(string address, string folder, CancellationToken cancellationToken)
    {
        if (!address.StartsWith(ServedScheme, StringComparison.OrdinalIgnoreCase))
        {
            return address;
        }

        Directory.CreateDirectory(folder);
        await CopyFolderAsync(ArtifactPath.Parse(ArtifactLocation.PathOf(address)), folder, cancellationToken);
        return new Uri(folder).AbsoluteUri;
    }

    /// <summary>Copies a folder of the server's to one of this machine.</summary>
    public async Task CopyFolderAsync(string path, string folder, CancellationToken cancellationToken)
    {
        foreach (var (name, size) in await files.ListAsync(path, cancellationToken))
        {
            var below = path.Length == 0 ? name : $"{path}/{name}";
            if (size is null)
            {
                await CopyFolderAsync(below, Path.Combine(folder, name), cancellationToken);
            }
            else
            {
                await CopyFileAsync(below, Path.Combine(folder, name), cancellationToken);
            }
        }
    }

    /// <summary>Copies one file.</summary>
    public async Task CopyFileAsync(string path, string target, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            using var file = await files.OpenAsync(path, cancellationToken);
            await using var stream = new FileStream(target, FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous);
            if (!await file.CopyToAsync(stream, new ByteRange(0, file.Size), cancellationToken))
            {
                log.Skip(path, "it was cut short while it was read");
            }

            Count++;
        }
        catch (Exception wrong) when (wrong is TrackingException or IOException or UnauthorizedAccessException)
        {
            log.Skip(path, wrong.Message);
        }
    }
}
