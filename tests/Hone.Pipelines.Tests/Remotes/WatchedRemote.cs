using Hone.Pipelines.Remotes;

namespace Hone.Pipelines.Tests.Remotes;

/// <summary>Another remote whose requests are counted, and into which a test can step.</summary>
internal sealed class WatchedRemote(IRemote remote) : IRemote
{
    private int _asked;
    private int _listed;
    private int _sent;

    /// <summary>Called before each object is sent, with how many were before it.</summary>
    public Func<int, Task>? BeforeUpload { get; init; }

    public int Asked => _asked;

    public int Listed => _listed;

    public int Sent => _sent;

    public string Address => remote.Address;

    public bool CanWrite => remote.CanWrite;

    public int KeysPerAnswer { get; init; } = remote.KeysPerAnswer;

    public ValueTask<bool> HasAsync(string key, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _asked);
        return remote.HasAsync(key, cancellationToken);
    }

    public async ValueTask UploadAsync(string key, string file, CancellationToken cancellationToken)
    {
        var before = Interlocked.Increment(ref _sent) - 1;
        if (BeforeUpload is { } step)
        {
            await step(before);
        }

        await remote.UploadAsync(key, file, cancellationToken);
    }

    public ValueTask<bool> DownloadAsync(string key, string file, CancellationToken cancellationToken) => remote.DownloadAsync(key, file, cancellationToken);

    public ValueTask DeleteAsync(string key, CancellationToken cancellationToken) => remote.DeleteAsync(key, cancellationToken);

    public IAsyncEnumerable<string> KeysAsync(string prefix, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _listed);
        return remote.KeysAsync(prefix, cancellationToken);
    }

    public void Forget() => _asked = _listed = _sent = 0;
}
