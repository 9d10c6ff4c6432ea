using System.Globalization;
using Hone.Space;
using Hone.Trials;
using Hone.Tuning;

namespace Hone.Tracking.Client;

/// <summary>Logs a study that is being tuned to a tracking server, each trial as a run of an experiment with the study's name.</summary>
/// <remarks>
/// <para>
/// It only looks on: the study's own journal decides what there is, and whatever the server does, tuning goes on. What the server does not
/// take stays in spools, for the next session of the study or for <c>hone run --flush-spool</c>.
/// </para>
/// <para>
/// A file beside the study's trials says which sessions are mirrored already. A session that broke off is mirrored again as a whole: its runs
/// are found by a tag, and values that are there already are kept once, as <see cref="HoneRun"/> says.
/// </para>
/// <para><see cref="See"/> is called by one thread.</para>
/// </remarks>
public sealed class StudyMirror : IAsyncDisposable
{
    private const int Capacity = 256;
    private readonly Study _study;
    private readonly HoneRunOptions _options;
    private readonly RunPlan _plan;
    private readonly MirrorMark _mark;
    private readonly MirrorSending _sending;
    private readonly Dictionary<int, Configuration> _waiting = [];
    private readonly Dictionary<int, RunLog> _open = [];
    private int _sessions;
    private bool _isBroken;

    /// <param name="study">The study.</param>
    /// <param name="options">The server and the spools; experiment and run are the study's own.</param>
    /// <param name="folder">A folder of this study alone, in which it is kept what is mirrored.</param>
    /// <exception cref="HoneRunException">No server is named, or not by its address.</exception>
    /// <exception cref="IOException">The folder cannot be read or written.</exception>
    public StudyMirror(Study study, HoneRunOptions options, string folder)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(options);
        _study = study;
        _options = options;
        _plan = RunPlan.Of(options with { Experiment = study.Name, RunId = "" });
        _mark = MirrorMark.Read(folder, _plan.Run.Server);
        _sending = new MirrorSending(_plan, options);
    }

    /// <summary>Begins to send, what earlier processes left first.</summary>
    public void Begin() => _sending.Begin();

    /// <summary>Takes in an event of the study, in order. Never throws for what the server or the disk does, and waits for neither the one nor long.</summary>
    /// <param name="entry">The event.</param>
    /// <param name="isOld">Whether it is of an earlier session.</param>
    public void See(StudyEvent entry, bool isOld)
    {
        if (entry is SessionBegan)
        {
            _sessions++;
        }

        if (entry is TrialProposed proposed)
        {
            _waiting[proposed.Trial] = proposed.Configuration;
        }

        if ((isOld && _sessions <= _mark.Sessions) || _isBroken)
        {
            Forget(entry);
            return;
        }

        try
        {
            Take(entry);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _isBroken = true;
            _options.Notice($"the study is not mirrored any more: {e.Message}");
        }
    }

    /// <summary>Waits for the server to take what is left, within <see cref="HoneRunOptions.EndLimit"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var log in _open.Values)
        {
            // To be tried again, as the study's own store has it.
            log.End("SCHEDULED", 0);
        }

        await _sending.EndAsync();
        if (!_isBroken)
        {
            _mark.Write(_sessions);
        }
    }

    private void Forget(StudyEvent entry)
    {
        if (entry is TrialEnded ended)
        {
            _waiting.Remove(ended.Trial);
        }
    }

    private void Take(StudyEvent entry)
    {
        switch (entry)
        {
            case TrialStarted started:
                Open(started.Trial, started.At).Tag("hone.attempt", started.Attempt.ToString(CultureInfo.InvariantCulture));
                break;
            case TrialReported reported:
                Report(Open(reported.Trial, reported.At), reported);
                break;
            case StopDecided decided:
                Open(decided.Trial, decided.At).Tag("hone.rule", decided.Rule);
                break;
            case TrialEnded ended:
                End(Open(ended.Trial, ended.At), ended);
                break;
        }
    }

    private RunLog Open(int trial, DateTimeOffset at)
    {
        if (_open.TryGetValue(trial, out var log))
        {
            return log;
        }

        var run = _plan.Run with
        {
            Key = string.Create(CultureInfo.InvariantCulture, $"{_mark.Study}-{trial}"),
            Name = string.Create(CultureInfo.InvariantCulture, $"trial {trial}"),
            StartTime = at.ToUnixTimeMilliseconds(),
            MayExist = true,
        };
        log = new RunLog(Spool.Create(_plan.Folder, run), Capacity, _options.Notice);
        _open.Add(trial, log);
        _sending.Add(log);
        log.Tag("hone.study", _study.Name);
        log.Tag("hone.trial", trial.ToString(CultureInfo.InvariantCulture));
        if (_waiting.TryGetValue(trial, out var configuration))
        {
            foreach (var (name, value) in configuration.Values)
            {
                Guarded(log.Parameter, name, value.ToString());
            }
        }

        return log;
    }

    private static void Report(RunLog log, TrialReported reported)
    {
        var at = reported.At.ToUnixTimeMilliseconds();
        foreach (var (name, value) in reported.Values)
        {
            try
            {
                log.Metric(name, value, reported.Step, at);
            }
            catch (ArgumentException)
            {
                // A name that no server takes. The study's own store has it.
            }
        }
    }

    private void End(RunLog log, TrialEnded ended)
    {
        log.Tag("hone.state", ended.State.ToString());
        if (ended.Reason.Length > 0)
        {
            log.Tag("hone.reason", ended.Reason);
        }

        log.End(Word(ended.State), ended.At.ToUnixTimeMilliseconds());
        _open.Remove(ended.Trial);
        _waiting.Remove(ended.Trial);
    }

    private static void Guarded(Action<string, string> log, string name, string value)
    {
        try
        {
            log(name, value);
        }
        catch (ArgumentException)
        {
            // As above.
        }
    }

    private static string Word(TrialState state) => state switch
    {
        TrialState.Complete => "FINISHED",
        TrialState.Failed => "FAILED",
        _ => "KILLED",
    };
}
