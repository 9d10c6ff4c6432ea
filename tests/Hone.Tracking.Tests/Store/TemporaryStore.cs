using Hone.Tracking.Tests.Postgres;

namespace Hone.Tracking.Tests.Store;

/// <summary>In what a store is kept.</summary>
public enum StoreKind
{
    Sqlite,
    Postgres,
}

/// <summary>A new store that is there as long as the test, and a folder beside it.</summary>
internal sealed class TemporaryStore : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PostgresCluster? _cluster;

    private TemporaryStore(PostgresCluster? cluster, string? address)
    {
        _cluster = cluster;
        Address = address ?? _folder.Store;
    }

    /// <summary>What <c>--store</c> is to be.</summary>
    public string Address { get; }

    public string Folder => _folder.Path;

    public static async Task<TemporaryStore> NewAsync(StoreKind kind)
    {
        if (kind == StoreKind.Sqlite)
        {
            return new TemporaryStore(null, null);
        }

        var cluster = await PostgresCluster.SharedAsync();
        return new TemporaryStore(cluster, await cluster.TakeAsync());
    }

    public async ValueTask DisposeAsync()
    {
        _folder.Dispose();
        if (_cluster is not null)
        {
            await _cluster.ReturnAsync(Address);
        }
    }
}
