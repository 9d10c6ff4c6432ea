using System.CommandLine;
using Hone.Tracking.Client;
using Hone.Tracking.Rest;
using Hone.Tracking.Store;

namespace Hone.Cli.Commands.Runs;

/// <summary>Where a command's run is kept: a server somewhere, or a store that is served to this machine alone as long as the command runs.</summary>
internal sealed class TrackingPlace : IAsyncDisposable
{
    private readonly TrackingServer? _server;

    private TrackingPlace(HoneRunOptions options, string name, TrackingServer? server)
    {
        Options = options;
        Name = name;
        _server = server;
    }

    /// <summary>The server and the spools, for a client.</summary>
    public HoneRunOptions Options { get; }

    /// <summary>What people call it.</summary>
    public string Name { get; }

    /// <summary>Opens the place that a command line names: <c>--server</c>, <c>--store</c>, <c>MLFLOW_TRACKING_URI</c>, or the usual store.</summary>
    /// <exception cref="CommandException">The store cannot be served.</exception>
    public static async Task<TrackingPlace> OpenAsync(
        CommonOptions common, string? server, ParseResult parsed, Surroundings surroundings, CancellationToken cancellationToken)
    {
        var (store, address) = common.StoreOrServer(parsed);
        if ((server ?? address ?? (common.NamesStore(parsed) ? null : FromEnvironment())) is { } named)
        {
            return new TrackingPlace(new HoneRunOptions { Server = named }, TrackingName(named), null);
        }

        try
        {
            var own = await TrackingServer.StartAsync(
                new TrackingServerOptions { Store = store, Port = 0 }, surroundings.Time, log: null, cancellationToken);
            var local = Path.GetFullPath(StudyStore.LocalPath(store));
            var options = new HoneRunOptions
            {
                Server = own.Address.AbsoluteUri,
                ServerName = $"store {(StudyStore.LocalPath(store) == store ? local : StudyStore.Shown(store))}",
                SpoolFolder = $"{Path.ChangeExtension(local, null)}-spool",
            };
            return new TrackingPlace(options, StudyStore.Shown(store), own);
        }
        catch (Exception wrong) when (wrong is StudyStoreException or TrackingServerException)
        {
            throw new CommandException(ExitCode.WrongInput, wrong.Message, wrong);
        }
    }

    /// <summary>Without what may be secret in it.</summary>
    public static string TrackingName(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.UserInfo.Length > 0
            ? new UriBuilder(uri) { UserName = "", Password = "" }.Uri.AbsoluteUri
            : address;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static string? FromEnvironment() =>
        Environment.GetEnvironmentVariable("MLFLOW_TRACKING_URI") is { } address && CommonOptions.IsServer(address) ? address : null;
}
