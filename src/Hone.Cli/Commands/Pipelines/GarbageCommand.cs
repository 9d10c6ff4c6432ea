using System.CommandLine;
using Hone.Pipelines.Remotes;
using Hone.Pipelines.Verbs;

namespace Hone.Cli.Commands.Pipelines;

/// <summary><c>hone gc</c>: removes objects that no record names.</summary>
internal sealed class GarbageCommand
{
    private readonly Option<bool> _workspace = new("--workspace", "-w") { Description = "Keep what the workspace's records name; always so." };
    private readonly Option<bool> _branches = new("--all-branches", "-a") { Description = "Keep what the records of Git's branches name." };
    private readonly Option<bool> _tags = new("--all-tags", "-T") { Description = "Keep what the records of Git's tags name." };
    private readonly Option<bool> _commits = new("--all-commits", "-A") { Description = "Keep what the records of any commit name." };
    private readonly Option<bool> _cloud = new("--cloud", "-c") { Description = "Clean the remote too." };
    private readonly Option<string?> _remote = new("--remote", "-r") { Description = "The remote, with --cloud.", HelpName = "NAME" };
    private readonly Option<bool> _dry = new("--dry") { Description = "Only tell what would be removed; so without --force too." };
    private readonly Option<bool> _force = new("--force", "-f") { Description = "Remove." };
    private readonly Option<bool> _skipMissing = new("--skip-missing") { Description = "Pass over folders whose list is not in the cache." };
    private readonly PipelineContext _context;

    public GarbageCommand(PipelineContext context)
    {
        _context = context;
        Command = new Command("gc", "Removes objects that no record names. Tells what it would remove unless --force is given.")
        {
            _workspace, _branches, _tags, _commits, _cloud, _remote, _dry, _force, _skipMissing, context.WaitForLock,
        };
        Command.SetAction(RunAsync);
    }

    /// <summary>The verb.</summary>
    public Command Command { get; }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken) => _context.WithLockAsync(
        parsed,
        async repository =>
        {
            var (branches, tags, commits) = (parsed.GetValue(_branches), parsed.GetValue(_tags), parsed.GetValue(_commits));
            if (!parsed.GetValue(_workspace) && !branches && !tags && !commits)
            {
                throw new CommandException(ExitCode.WrongInput, "say what to keep: --workspace, --all-branches, --all-tags or --all-commits");
            }

            var isDry = parsed.GetValue(_dry) || !parsed.GetValue(_force);
            var options = new GarbageOptions
            {
                KeepsBranches = branches,
                KeepsTags = tags,
                KeepsCommits = commits,
                SkipsMissing = parsed.GetValue(_skipMissing),
                IsDry = isDry,
                Remote = parsed.GetValue(_cloud) ? Remote.Open(repository.Config, parsed.GetValue(_remote)) : null,
            };
            Tell(parsed, await Garbage.RunAsync(repository, options, cancellationToken), isDry);
            return ExitCode.Done;
        },
        cancellationToken);

    private void Tell(ParseResult parsed, GarbageResult result, bool isDry)
    {
        if (_context.Common.IsJson(parsed))
        {
            _context.Output.WriteLine(new PythonJson().Open('{')
                .Key("dry").Raw(isDry ? "true" : "false").Key("objects").Raw($"{result.Objects}").Key("bytes").Raw($"{result.Bytes}")
                .Key("remote_objects").Raw($"{result.RemoteObjects}").Key("used").Raw($"{result.Used}").Close('}').ToString());
        }
        else if (!_context.Common.IsQuiet(parsed))
        {
            var verb = isDry ? "would be removed" : "removed";
            _context.Output.WriteLine($"{result.Objects} objects of {result.Bytes} bytes {verb}{(result.RemoteObjects > 0 ? $", and {result.RemoteObjects} of the remote" : "")}; {result.Used} are used.");
            if (isDry && result.Objects + result.RemoteObjects > 0 && !parsed.GetValue(_dry))
            {
                _context.Output.WriteLine("Give --force to remove them.");
            }
        }
    }
}
