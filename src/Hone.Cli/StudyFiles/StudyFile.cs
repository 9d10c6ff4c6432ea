using Hone.Tuning;

namespace Hone.Cli.StudyFiles;

/// <summary>What a study file says.</summary>
internal sealed record StudyFile
{
    /// <summary>What to search, what for, and what it may cost.</summary>
    public required Study Study { get; init; }

    /// <summary>How one trial is trained.</summary>
    public required Training Training { get; init; }

    /// <summary>Where trials run.</summary>
    public required LocalWorkers Workers { get; init; }
}

/// <summary>How one trial is trained: a command or a built-in learner.</summary>
/// <param name="Directory">Where it runs, as a full path.</param>
internal abstract record Training(string Directory);

/// <summary>Any program.</summary>
/// <param name="Command">The command line with its <c>{placeholders}</c>.</param>
/// <param name="Directory">Where the program runs, as a full path.</param>
internal sealed record CommandTraining(string Command, string Directory) : Training(Directory);

/// <summary>A built-in learner, which runs as <c>hone train</c>.</summary>
/// <param name="Settings">What is the same for all trials, by names as in a study file, the learner and the data among them.</param>
/// <param name="Directory">Where the learner runs, as a full path: the data's path is relative to it.</param>
internal sealed record LearnerTraining(IReadOnlyList<KeyValuePair<string, string>> Settings, string Directory) : Training(Directory);

/// <summary>Processes on this machine.</summary>
/// <param name="Count">How many trials run at once; at least 1.</param>
/// <param name="CoresEach">To how many cores of its own each trial is pinned; null: not pinned.</param>
internal sealed record LocalWorkers(int Count, int? CoresEach);
