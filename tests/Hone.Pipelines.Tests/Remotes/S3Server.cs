using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Hone.Pipelines.Remotes;

namespace Hone.Pipelines.Tests.Remotes;

/// <summary>A server that others wrote and that speaks S3's protocol, in a process of its own, with a bucket <c>team</c> in a folder.</summary>
internal sealed class S3Server : IAsyncDisposable
{
    private readonly Process _process;

    private S3Server(Process process, int port)
    {
        _process = process;
        Port = port;
    }

    public int Port { get; }

    public static async Task<S3Server> StartAsync(string folder)
    {
        var place = typeof(S3Server).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "ServerFolder").Value!;
        var process = Process.Start(new ProcessStartInfo("node",
        [
            Path.Combine(place, "node_modules/s3rver/bin/s3rver.js"), "-d", folder, "-a", "127.0.0.1", "-p", "0", "--configure-bucket", "team",
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _ = process.StandardError.ReadToEndAsync();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("S3rver listening on", StringComparison.Ordinal))
            {
                _ = process.StandardOutput.ReadToEndAsync();
                return new S3Server(process, int.Parse(line[(line.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture));
            }
        }

        await process.WaitForExitAsync();
        throw new InvalidOperationException($"the S3 server ended with {process.ExitCode}");
    }

    public S3Remote Remote(string prefix = "store", string id = "S3RVER", long inParts = 64L << 20) => S3Remote.Open($"s3://team/{prefix}", name => name switch
    {
        "endpointurl" => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}"),
        "access_key_id" => id,
        "secret_access_key" => "S3RVER",
        _ => null,
    }, inParts);

    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }
}
