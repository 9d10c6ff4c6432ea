namespace Hone.Tracking.Tests.Store;

/// <summary>A folder that is there as long as the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("hone-store-").FullName;

    public string Store => System.IO.Path.Combine(Path, "hone.db");

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
