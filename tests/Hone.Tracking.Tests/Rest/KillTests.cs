using Hone.Tracking.Tests.Store;

namespace Hone.Tracking.Tests.Rest;

public sealed class KillTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_nothing_is_doubled_when_the_server_is_killed_under_load()
    {
        var random = new SeededRandom(5);
        var load = new LoggingLoad();
        for (var round = 1; round <= LoggingLoad.Rounds(4); round++)
        {
            await using var server = await ServedProcess.StartAsync(_folder.Store);
            await load.RunAsync(server.Address, round, random.Next(20, 200), server.KillAsync);
        }

        await using var last = await ServedProcess.StartAsync(_folder.Store);
        await load.CheckAsync(last.Address);
    }
}
