namespace Hone.Pipelines.Stages;

/// <summary>Which stage of a plan is next. Used by one thread at a time.</summary>
internal sealed class Schedule
{
    private readonly IReadOnlyList<Stage> _plan;
    private readonly StageGraph _graph;
    private readonly bool _keepsGoing;
    private readonly Dictionary<Stage, StageEnded> _ended = [];
    private readonly Dictionary<Stage, int> _waiting = [];
    private readonly PriorityQueue<Stage, int> _ready = new();
    private readonly Dictionary<Stage, int> _places = [];
    private Stage? _failed;

    public Schedule(IReadOnlyList<Stage> plan, StageGraph graph, bool keepsGoing)
    {
        _plan = plan;
        _graph = graph;
        _keepsGoing = keepsGoing;
        foreach (var stage in plan)
        {
            _places.Add(stage, _places.Count);
        }

        foreach (var stage in plan)
        {
            _waiting.Add(stage, graph.Upstream(stage).Count(_places.ContainsKey));
            if (_waiting[stage] == 0)
            {
                _ready.Enqueue(stage, _places[stage]);
            }
        }
    }

    /// <summary>What became of the stages, in the order of the plan.</summary>
    public IReadOnlyList<StageEnded> Results => [.. _plan.Select(stage => _ended[stage])];

    /// <summary>The first stage of the plan that can start; null if none can, now or ever.</summary>
    public Stage? Next() => _failed is not null && !_keepsGoing ? null : _ready.TryDequeue(out var stage, out _) ? stage : null;

    public bool IsDone(Stage stage) => _ended.ContainsKey(stage);

    public bool IsAnyOf(IEnumerable<Stage> stages, params IReadOnlyCollection<StageOutcome> outcomes) =>
        stages.Any(stage => _ended.TryGetValue(stage, out var end) && outcomes.Contains(end.Outcome));

    /// <summary>Takes note of a stage's end; those that waited for nothing else are ready.</summary>
    public void End(StageEnded end)
    {
        _ended.Add(end.Stage, end);
        if (end.Outcome is StageOutcome.Failed)
        {
            _failed ??= end.Stage;
        }

        if (end.Outcome is StageOutcome.Failed or StageOutcome.Skipped)
        {
            return;
        }

        foreach (var other in _graph.Downstream(end.Stage).Where(_places.ContainsKey))
        {
            if (--_waiting[other] == 0)
            {
                _ready.Enqueue(other, _places[other]);
            }
        }
    }

    /// <summary>Why a stage did not start.</summary>
    public string WhyNot(Stage stage) => Cause(stage) is { } cause ? $"stage '{cause}' failed"
        : _failed is not null ? $"stage '{_failed}' failed, and no other starts then"
        : "";

    private Stage? Cause(Stage stage)
    {
        var seen = new HashSet<Stage>();
        var open = new Stack<Stage>([stage]);
        while (open.TryPop(out var at))
        {
            if (_ended.TryGetValue(at, out var end) && end.Outcome == StageOutcome.Failed)
            {
                return at;
            }

            _graph.Upstream(at).Where(seen.Add).ToList().ForEach(open.Push);
        }

        return null;
    }
}
