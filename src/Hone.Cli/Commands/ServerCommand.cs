using System.CommandLine;
using System.Runtime.InteropServices;
using Hone.Cli.Commands.Tracking;
using Hone.Tracking.Rest;
using Hone.Tracking.Store;

namespace Hone.Cli.Commands;

/// <summary><c>hone server</c>: speaks MLflow's REST API over a store until it is told to end.</summary>
internal sealed class ServerCommand
{
    private readonly Option<string> _host = new("--host")
    {
        Description = "The address to listen on; the default is this machine alone.",
        HelpName = "ADDRESS",
        DefaultValueFactory = _ => "127.0.0.1",
    };

    private readonly Option<int> _port = new("--port", "-p")
    {
        Description = "The port to listen on; 0 takes a free one.",
        HelpName = "PORT",
        DefaultValueFactory = _ => 5000,
    };

    private readonly Option<string?> _artifacts = new("--artifacts")
    {
        Description = "The folder for the files of runs, or s3://BUCKET/PREFIX; the default is artifacts beside the store.",
        HelpName = "DIR",
    };

    private readonly Option<string?> _s3Endpoint = new("--s3-endpoint")
    {
        Description = "Address of a storage that speaks S3 and is not Amazon's; the default is that of AWS_ENDPOINT_URL.",
        HelpName = "URL",
    };

    private readonly Option<string[]> _names = new("--name")
    {
        Description = "A further name under which clients may ask for this server, such as a proxy's. May be given several times.",
        HelpName = "HOST",
        DefaultValueFactory = _ => [],
    };

    private readonly ServerTeamOptions _team = new();
    private readonly CommonOptions _common;
    private readonly Surroundings _surroundings;

    public ServerCommand(CommonOptions common, Surroundings surroundings)
    {
        _common = common;
        _surroundings = surroundings;
        Command = new Command("server", "Serves the store to MLflow's clients: what they log are runs beside the trials.") { _host, _port, _artifacts, _s3Endpoint, _names };
        _team.AddTo(Command);
        Command.Subcommands.Add(new ServerGarbageCommand(common, surroundings).Command);
        Command.SetAction(RunAsync);
    }

    /// <summary>The verb.</summary>
    public Command Command { get; }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var options = _team.Apply(parsed, new TrackingServerOptions
        {
            Store = _common.Store(parsed),
            Host = parsed.GetValue(_host)!,
            Port = Port(parsed),
            Artifacts = parsed.GetValue(_artifacts),
            S3Endpoint = S3Endpoint(parsed),
            Names = parsed.GetValue(_names)!,
        });
        var isQuiet = _common.IsQuiet(parsed);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        await using (var server = await StartAsync(options, parsed, ending.Token))
        {
            Say(isQuiet, $"Serving {StudyStore.Shown(options.Store)} at {server.Address.GetLeftPart(UriPartial.Authority)} (Ctrl-C ends it)");
            Say(isQuiet, $"For clients: export MLFLOW_TRACKING_URI={server.Address.GetLeftPart(UriPartial.Authority)}");
            await Task.Delay(Timeout.InfiniteTimeSpan, _surroundings.Time, ending.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            Say(isQuiet, "Ending: requests that came are answered.");
        }

        return ExitCode.Done;

        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            ending.Cancel();
        }
    }

    private async Task<TrackingServer> StartAsync(TrackingServerOptions options, ParseResult parsed, CancellationToken cancellationToken)
    {
        try
        {
            return await TrackingServer.StartAsync(
                options, _surroundings.Time, new ErrorLog(line => _surroundings.Errors.WriteLine($"hone: {line}"), _common.IsVerbose(parsed)), cancellationToken);
        }
        catch (Exception wrong) when (wrong is StudyStoreException or TrackingServerException)
        {
            throw new CommandException(ExitCode.WrongInput, wrong.Message, wrong);
        }
    }

    private Uri? S3Endpoint(ParseResult parsed) =>
        parsed.GetValue(_s3Endpoint) is not { } given ? null
        : Uri.TryCreate(given, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address
        : throw new CommandException(ExitCode.WrongInput, $"--s3-endpoint: '{given}' is no address; expected one such as http://127.0.0.1:9000");

    private int Port(ParseResult parsed) => parsed.GetValue(_port) is >= 0 and <= 65535 and var port
        ? port
        : throw new CommandException(ExitCode.WrongInput, $"--port: {parsed.GetValue(_port)} is no port; expected 0 to 65535");

    private void Say(bool isQuiet, string line)
    {
        if (!isQuiet)
        {
            _surroundings.Errors.WriteLine(line);
        }
    }
}
