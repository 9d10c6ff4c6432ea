namespace Hone.Tracking.Mlflow;

/// <summary>A store of MLflow that is read. What cannot be read of it is told to its <see cref="ImportLog"/> and passed over.</summary>
internal interface IMlflowSource : IDisposable
{
    /// <summary>How many runs there are, at most.</summary>
    int CountRuns();

    /// <summary>All experiments, deleted ones too.</summary>
    IEnumerable<SourceExperiment> Experiments();

    /// <summary>All runs of an experiment, deleted ones too.</summary>
    IEnumerable<SourceRun> Runs(SourceExperiment experiment);

    /// <summary>All logged models of an experiment, deleted ones too.</summary>
    IEnumerable<SourceLoggedModel> LoggedModels(SourceExperiment experiment);

    /// <summary>All registered models.</summary>
    IEnumerable<SourceModel> Models();
}

/// <summary>Gathers what could not be imported, and why.</summary>
internal sealed class ImportLog
{
    private const int MostKept = 1_000;
    private readonly List<string> _problems = [];

    /// <summary>What was passed over, the first thousand.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>How much was passed over.</summary>
    public int Count { get; private set; }

    /// <summary>Tells of something that was passed over.</summary>
    /// <param name="place">Where it stands: a file, or a row of a table.</param>
    /// <param name="why">Why.</param>
    public void Skip(string place, string why)
    {
        Count++;
        if (_problems.Count < MostKept)
        {
            _problems.Add($"{place}: {why}");
        }
    }
}
