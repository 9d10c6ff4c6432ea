using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hone.Pipelines.Files;
using Hone.Pipelines.Lineage;
using Hone.Pipelines.Repositories;
using Hone.Pipelines.Tracking;
using Hone.Pipelines.Verbs;
using Hone.Pipelines.Workspaces;

namespace Hone.Pipelines.Stages;

/// <summary>Brings one stage up to date: finds what changed, takes its outputs from the cache or runs it, and records it. Thread-safe.</summary>
internal sealed class StageRunner
{
    private readonly Repository _repository;
    private readonly Pipeline _pipeline;
    private readonly ReproductionOptions _options;
    private readonly Action<StageEvent> _tell;
    private readonly TimeProvider _time;
    private readonly StageData _data;
    private readonly StageRecords _records;
    private readonly RunCache _runs;

    public StageRunner(Repository repository, Pipeline pipeline, ReproductionOptions options, Action<StageEvent> tell, TimeProvider time)
    {
        _repository = repository;
        _pipeline = pipeline;
        _options = options;
        _tell = tell;
        _time = time;
        _data = new StageData(repository);
        _runs = new RunCache(repository, _data);
        _records = new StageRecords(repository, pipeline, _data, time);
    }

    /// <summary>Brings a stage up to date. What goes wrong is in the result.</summary>
    public async Task<StageEnded> RunAsync(Stage stage, bool isForced, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        try
        {
            var (outcome, isChanged) = await ReproduceAsync(stage, isForced, cancellationToken);
            return new StageEnded(stage, outcome, "", _time.GetElapsedTime(started), isChanged);
        }
        catch (OperationCanceledException)
        {
            return new StageEnded(stage, StageOutcome.Skipped, "interrupted", _time.GetElapsedTime(started), false);
        }
        catch (Exception wrong) when (wrong is PipelineException or IOException or UnauthorizedAccessException)
        {
            return new StageEnded(stage, StageOutcome.Failed, wrong.Message, _time.GetElapsedTime(started), false);
        }
    }

    private async Task<(StageOutcome Outcome, bool IsChanged)> ReproduceAsync(Stage stage, bool isForced, CancellationToken cancellationToken)
    {
        if (stage.IsTracked)
        {
            return await TrackedAsync(stage, cancellationToken);
        }

        var status = Status(stage);
        if (!isForced && IsUpToDate(status))
        {
            return (StageOutcome.Unchanged, false);
        }

        if (_options.IsDry)
        {
            _tell(new StageStarted(stage, Reason(stage, status, isForced)));
            stage.Commands.ToList().ForEach(command => _tell(new CommandStarted(stage, command)));
            return (StageOutcome.WouldRun, false);
        }

        if (stage.IsFrozen)
        {
            return (StageOutcome.Recorded, await _records.RecordAsync(stage, _records.Inputs(stage, mayKeep: true), _options.SkipsCache));
        }

        var lockPath = Path.Combine(_repository.HoneFolder, "stages", Name(stage));
        using var held = await FileLock.WaitAsync(lockPath, process => _tell(new StageWaits(stage, process)), _time, cancellationToken);
        await OrphanAsync(stage, lockPath, cancellationToken);
        held.Sign();
        if (_pipeline.Refresh(stage))
        {
            _data.Forget();
        }

        status = Status(stage);
        if (!isForced && IsUpToDate(status))
        {
            return (StageOutcome.Unchanged, false);
        }

        var inputs = _records.Inputs(stage);
        if (!isForced && !_options.SkipsRunCache && Restorable(stage, inputs) is { } earlier)
        {
            return (StageOutcome.Restored, await RestoreAsync(stage, earlier, cancellationToken));
        }

        _tell(new StageStarted(stage, Reason(stage, status, isForced)));
        await _records.RefuseKeptByGitAsync(stage, cancellationToken);
        await CommandsAsync(stage, inputs, held, cancellationToken);
        return (StageOutcome.Ran, await FinishAsync(stage, inputs));
    }

    private string Reason(Stage stage, StageStatus status, bool isForced) =>
        isForced ? "it is forced to" : _pipeline.Locked(stage) is null ? "it never ran" : status.Reason;

    // Another process may have changed the stage's record since the pipeline was read.
    private StageStatus Status(Stage stage) => _records.Comparison.Status(stage, _pipeline.Locked(stage));

    private bool IsUpToDate(StageStatus status) => status.IsClean || (_options.AllowsMissing && !status.IsCommandChanged && !status.IsAlwaysChanged
        && status.Dependencies.Entries.Concat(status.Outputs.Entries).All(entry => entry.Value == ChangeWord.Deleted || entry.Value == ChangeWord.NotInCache));

    private LockedStage? Restorable(Stage stage, LockedStage inputs)
    {
        if (!RunCache.Remembers(stage))
        {
            return null;
        }

        return _pipeline.Locked(stage) is { } locked && RunKey.Inputs(locked) == RunKey.Inputs(inputs) && locked.Outputs.All(_data.IsCached)
            ? locked
            : _runs.Find(inputs);
    }

    private async Task<bool> RestoreAsync(Stage stage, LockedStage earlier, CancellationToken cancellationToken)
    {
        await _data.CheckOutAsync(stage.Outputs.Select(output => (output, earlier.Output(output.Written)!)), _time, cancellationToken);
        return await _records.RecordAsync(stage, earlier);
    }

    // Data that nothing makes, and that changed, is recorded as it is.
    private async Task<(StageOutcome Outcome, bool IsChanged)> TrackedAsync(Stage stage, CancellationToken cancellationToken)
    {
        var reader = new ContentReader(_repository, cancellationToken);
        var changed = DvcFile.Read(_repository, stage.File)!.Outputs.Where(output => Hone.Pipelines.Verbs.Status.Of(_repository, output, reader) == OutputChange.Modified).ToList();
        if (changed.Count == 0 || _options.IsDry)
        {
            return (changed.Count == 0 ? StageOutcome.Unchanged : StageOutcome.WouldRun, false);
        }

        using var held = await RepositoryLock.TakeAsync(_repository, _time, Timeout.InfiniteTimeSpan, cancellationToken);
        await Add.RunAsync(
            _repository, _pipeline.Tracked, changed.Select(output => _data.Absolute(output.Path)), new AddOptions { SkipsCache = _options.SkipsCache }, _time, cancellationToken);
        _data.Forget();
        return (StageOutcome.Recorded, true);
    }

    private async Task<bool> FinishAsync(Stage stage, LockedStage inputs)
    {
        _data.Forget();
        _pipeline.Parameters.Forget();
        var isChanged = await _records.RecordAsync(stage, inputs, _options.SkipsCache);
        if (!_options.SkipsCache && RunCache.Remembers(stage))
        {
            _runs.Save(_pipeline.Locked(stage)!);
        }

        return isChanged;
    }

    private async Task CommandsAsync(Stage stage, LockedStage inputs, FileLock held, CancellationToken cancellationToken)
    {
        var folder = _data.Absolute(stage.Folder);
        if (!Directory.Exists(folder))
        {
            throw new PipelineException($"stage '{stage}': its folder '{stage.Folder}' is not there");
        }

        foreach (var output in stage.Outputs)
        {
            if (!output.IsPersistent)
            {
                _data.Remove(output.Path);
            }

            SafeFile.MakeFolders(Path.GetDirectoryName(_data.Absolute(output.Path))!);
        }

        var environment = new Dictionary<string, string>(DataVersions.Variables(stage, inputs), StringComparer.Ordinal)
        {
            ["DVC_ROOT"] = _repository.Root,
            ["DVC_STAGE"] = stage.Address,
        };
        Action<string, bool>? see = _options.SharesTerminal ? null : (line, isError) => _tell(new CommandWrote(stage, line, isError));
        foreach (var command in stage.Commands)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _tell(new CommandStarted(stage, command));
            var exitCode = await ShellCommand.RunAsync(command, folder, environment, see, held.Note, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            if (exitCode != 0)
            {
                throw new PipelineException(string.Create(
                    CultureInfo.InvariantCulture, $"{stage.File}:{stage.Line}: stage '{stage.Name}': '{Shortened(command)}' ended with exit code {exitCode}"));
            }
        }
    }

    // A killed process may have left a command behind, which would write into the outputs while they are made anew.
    private async Task OrphanAsync(Stage stage, string lockPath, CancellationToken cancellationToken)
    {
        var process = FileLock.Orphan(lockPath);
        if (process > 0)
        {
            _tell(new StageWaits(stage, process));
        }

        while (FileLock.Orphan(lockPath) > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), _time, cancellationToken);
        }
    }

    private static string Shortened(string command)
    {
        var line = command.ReplaceLineEndings(" ");
        return line.Length <= 100 ? line : line[..100] + "…";
    }

    private static string Name(Stage stage) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{stage.File}:{stage.Name}")))[..32];
}
