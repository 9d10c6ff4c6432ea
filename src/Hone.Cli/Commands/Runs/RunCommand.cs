using System.CommandLine;
using System.Globalization;
using Hone.Cli.StudyFiles;
using Hone.Tracking.Client;
using Hone.Workers.Processes;
using Hone.Workers.SystemMetrics;

namespace Hone.Cli.Commands.Runs;

/// <summary><c>hone run -- COMMAND …</c>: tracks a command as a run, outside of tuning.</summary>
internal sealed class RunCommand
{
    private const string OutputFile = "output.txt";
    private readonly Argument<string[]> _command = new("COMMAND") { Description = "The program and its arguments, after --.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> _experiment = new("--experiment") { Description = "The experiment; it is made if it is not there.", HelpName = "NAME" };
    private readonly Option<string?> _name = new("--name") { Description = "The run's name.", HelpName = "NAME" };
    private readonly Option<string[]> _parameters = Many("--param", "A parameter of the run. May be given several times.", "NAME=VALUE");
    private readonly Option<string[]> _tags = Many("--tag", "A tag of the run. May be given several times.", "NAME=VALUE");
    private readonly Option<string[]> _variables = Many("--env", "An environment variable to keep with the run. May be given several times.", "NAME");
    private readonly Option<bool> _parse = new("--parse-parameters") { Description = "Take the command's own --name value for parameters." };
    private readonly Option<string?> _server = new("--server") { Description = "A tracking server, Hone's or MLflow's, instead of a store.", HelpName = "URL" };
    private readonly Option<string?> _interval = new("--interval") { Description = "How often what the command uses is measured (1s).", HelpName = "DURATION" };
    private readonly Option<bool> _flush = new("--flush-spool") { Description = "Run nothing: send what earlier runs could not." };
    private readonly CommonOptions _common;
    private readonly Surroundings _surroundings;

    public RunCommand(CommonOptions common, Surroundings surroundings)
    {
        _common = common;
        _surroundings = surroundings;
        Command = new Command("run", "Tracks a command as a run: what it is, what it reports, writes and uses, and how it ends.")
        {
            _command, _experiment, _name, _parameters, _tags, _variables, _parse, _server, _interval, _flush,
        };
        Command.SetAction(RunAsync);
    }

    /// <summary>The verb.</summary>
    public Command Command { get; }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string[] command = parsed.GetValue(_command)!;
        var plan = parsed.GetValue(_flush) ? null : new Plan(
            command.Length > 0 ? command : throw Wrong("COMMAND is missing: hone run [OPTIONS] -- COMMAND …"),
            CommandParameters.Pairs("--param", parsed.GetValue(_parameters)!),
            CommandParameters.Pairs("--tag", parsed.GetValue(_tags)!),
            Variables(parsed),
            Interval(parsed));
        await using var place = await TrackingPlace.OpenAsync(_common, parsed.GetValue(_server), parsed, _surroundings, cancellationToken);
        var options = place.Options with
        {
            Experiment = parsed.GetValue(_experiment),
            RunName = parsed.GetValue(_name),
            Notice = line => _surroundings.Errors.WriteLine($"hone: {line}"),
            Time = _surroundings.Time,
        };
        try
        {
            return plan is null ? await FlushAsync(options, place, cancellationToken) : await TrackAsync(plan, options, place, parsed, cancellationToken);
        }
        catch (HoneRunException refused)
        {
            throw new CommandException(ExitCode.WrongInput, refused.Message, refused);
        }
    }

    private async Task<int> TrackAsync(Plan plan, HoneRunOptions options, TrackingPlace place, ParseResult parsed, CancellationToken cancellationToken)
    {
        // A command under hone run under hone run is a run of its own.
        await using var run = await HoneRun.StartAsync(options with { RunId = "" }, cancellationToken);
        var parameters = parsed.GetValue(_parse) ? CommandParameters.Parse(plan.Command) : [];
        try
        {
            plan.Parameters.ToList().ForEach(pair => parameters[pair.Key] = pair.Value);
            parameters.ToList().ForEach(pair => run.LogParameter(pair.Key, pair.Value));
            var tags = await RunDescription.TagsAsync(plan.Command, plan.Variables, cancellationToken);
            plan.Tags.ToList().ForEach(pair => tags[pair.Key] = pair.Value);
            tags.ToList().ForEach(pair => run.SetTag(pair.Key, pair.Value));
        }
        catch (ArgumentException wrong)
        {
            await run.EndAsync(RunStatus.Failed, cancellationToken);
            throw Wrong(wrong.Message.Split(" (Parameter", 2)[0]);
        }

        var folder = Directory.CreateTempSubdirectory("hone-run-");
        try
        {
            var (end, wasTold) = await RunAsync(plan, run, options, Path.Combine(folder.FullName, OutputFile));
            await run.LogArtifactAsync(Path.Combine(folder.FullName, OutputFile), cancellationToken: CancellationToken.None);
            var status = end.ExitCode == 0 ? RunStatus.Finished : end.Signal is not null || wasTold ? RunStatus.Killed : RunStatus.Failed;
            run.SetTag("hone.exit", end.Text);
            await run.EndAsync(status, CancellationToken.None);
            Say(parsed, $"{status.ToString().ToLowerInvariant()} ({end.Text}): run {run.RunId ?? "without an id yet"} in {place.Name}");
            return end.ExitCode;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<(CommandEnd End, bool WasTold)> RunAsync(Plan plan, HoneRun run, HoneRunOptions options, string log)
    {
        var measured = new MeasuredCommand(run, plan.Interval, _surroundings.Time);
        await using var output = Console.OpenStandardOutput();
        await using var errors = Console.OpenStandardError();
        using var sampler = new SystemSampler(_surroundings.Time);
        var process = new CommandProcess(
            new CommandOptions
            {
                Command = plan.Command,
                Environment = ChildVariables.Of(run, options.Server!),
                Output = output,
                Errors = errors,
                LogPath = log,
                Reported = measured.Report,
                Sampled = measured.Sample,
            },
            sampler,
            _surroundings.Time);
        using var signals = new PassedSignals(process);
        var end = await process.RunAsync();
        measured.End(end.Measured);
        return (end, signals.HasPassed);
    }

    private async Task<int> FlushAsync(HoneRunOptions options, TrackingPlace place, CancellationToken cancellationToken)
    {
        var replay = await HoneRun.ReplayAsync(options, cancellationToken);
        var others = replay.InUse > 0 ? string.Create(CultureInfo.InvariantCulture, $", {replay.InUse} in use") : "";
        await _surroundings.Output.WriteLineAsync(
            string.Create(CultureInfo.InvariantCulture, $"{place.Name}: {replay.Sent} runs sent, {replay.Left} left{others}"));
        return replay.Trouble.Length == 0 ? ExitCode.Done : throw new CommandException(ExitCode.Failed, replay.Trouble);
    }

    private string[] Variables(ParseResult parsed)
    {
        var names = parsed.GetValue(_variables)!;
        return Array.Find(names, SecretNames.Has) is { } secret
            ? throw Wrong($"--env: '{secret}' reads like a secret, which is not kept with a run")
            : names;
    }

    private TimeSpan Interval(ParseResult parsed) =>
        parsed.GetValue(_interval) is not { } text ? TimeSpan.FromSeconds(1)
        : Quantities.Duration(text, out var interval) is { } wrong ? throw Wrong($"--interval: {wrong}")
        : interval;

    private void Say(ParseResult parsed, string line)
    {
        if (!_common.IsQuiet(parsed))
        {
            _surroundings.Errors.WriteLine($"hone: {line}");
        }
    }

    private static Option<string[]> Many(string name, string description, string help) =>
        new(name) { Description = description, HelpName = help, DefaultValueFactory = _ => [] };

    private static CommandException Wrong(string message) => new(ExitCode.WrongInput, message);

    private sealed record Plan(
        string[] Command, Dictionary<string, string> Parameters, Dictionary<string, string> Tags, string[] Variables, TimeSpan Interval);
}
