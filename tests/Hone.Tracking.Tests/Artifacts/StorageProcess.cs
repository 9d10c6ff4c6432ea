using System.Diagnostics;
using System.Globalization;
using Hone.Tracking.Tests.Rest;
using Hone.Tracking.Tests.Store;

namespace Hone.Tracking.Tests.Artifacts;

/// <summary>A storage of Node.js from npm that speaks S3, which others wrote, in a process of its own with one bucket.</summary>
public sealed class StorageProcess : IAsyncLifetime
{
    public const string Bucket = "files";

    private readonly TemporaryFolder _folder = new();
    private Process _process = null!;

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Where it keeps what it has.</summary>
    public string Folder => _folder.Path;

    public async ValueTask InitializeAsync()
    {
        // Its only user. Credentials come from where Amazon's tools look for them.
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "S3RVER");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "S3RVER");
        var start = new ProcessStartInfo("node", [Path.Combine(AppContext.BaseDirectory, "Client", "storage.js"), _folder.Path, Bucket])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["NODE_PATH"] = Path.Combine(NodeClientTests.ClientFolder(), "node_modules");
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        var line = await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The storage ended by itself.");
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{int.Parse(line, CultureInfo.InvariantCulture)}"));
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Dispose();
    }
}
