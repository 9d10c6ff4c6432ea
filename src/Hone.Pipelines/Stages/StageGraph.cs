namespace Hone.Pipelines.Stages;

/// <summary>Which stage needs what of which other. Immutable.</summary>
public sealed class StageGraph
{
    private readonly Dictionary<Stage, List<Stage>> _upstream = [];
    private readonly Dictionary<Stage, List<Stage>> _downstream = [];
    private readonly Dictionary<Stage, int> _places = [];

    private StageGraph(IReadOnlyList<Stage> stages)
    {
        Stages = stages;
        foreach (var stage in stages)
        {
            _places.Add(stage, _places.Count);
            _upstream.Add(stage, []);
            _downstream.Add(stage, []);
        }
    }

    /// <summary>All stages, in the order of their files.</summary>
    public IReadOnlyList<Stage> Stages { get; }

    /// <summary>The graph of some stages.</summary>
    /// <param name="stages">Of all files; files tracked alone are stages without a command.</param>
    /// <exception cref="PipelineException">Two write the same output, an output lies in another's, or they need each other in a circle.</exception>
    public static StageGraph Of(IReadOnlyList<Stage> stages)
    {
        ArgumentNullException.ThrowIfNull(stages);
        var graph = new StageGraph(stages);
        var outputs = new OutputTree();
        foreach (var stage in stages)
        {
            stage.Outputs.ToList().ForEach(output => outputs.Add(stage, output));
        }

        foreach (var stage in stages)
        {
            var inputs = stage.Dependencies.Select(path => path.Path).Concat(stage.Parameters.Select(parameters => parameters.Path));
            foreach (var maker in inputs.SelectMany(outputs.MakersOf).Distinct().Where(maker => maker != stage || !stage.IsTracked))
            {
                graph._upstream[stage].Add(maker);
                graph._downstream[maker].Add(stage);
            }

            graph._upstream[stage].Sort((a, b) => graph._places[a].CompareTo(graph._places[b]));
        }

        graph.RefuseCircles();
        return graph;
    }

    /// <summary>The stages whose outputs a stage reads, in the order of <see cref="Stages"/>.</summary>
    public IReadOnlyList<Stage> Upstream(Stage stage) => _upstream[stage];

    /// <summary>The stages that read a stage's outputs, in the order of <see cref="Stages"/>.</summary>
    public IReadOnlyList<Stage> Downstream(Stage stage) => _downstream[stage];

    /// <summary>Some stages and all that they need, each after what it needs, else in the order of the files.</summary>
    public IReadOnlyList<Stage> WithUpstream(IEnumerable<Stage> targets) => Ordered(Reached(targets, Upstream));

    /// <summary>Some stages and all that need them, each after what it needs, else in the order of the files.</summary>
    public IReadOnlyList<Stage> WithDownstream(IEnumerable<Stage> targets) => Ordered(Reached(targets, Downstream));

    /// <summary>All stages that hang together with some, each after what it needs, else in the order of the files.</summary>
    public IReadOnlyList<Stage> WholePipelines(IEnumerable<Stage> targets) => Ordered(Reached(targets, stage => [.. _upstream[stage], .. _downstream[stage]]));

    /// <summary>Some stages, each after what it needs, else in the order of the files.</summary>
    /// <remarks>The order in which a walk through the files visits them that goes to what a stage needs before it goes to the stage.</remarks>
    public IReadOnlyList<Stage> Ordered(IReadOnlySet<Stage> chosen)
    {
        var order = new List<Stage>();
        var seen = new HashSet<Stage>();
        foreach (var root in Stages)
        {
            Visit(root);
        }

        return [.. order.Where(chosen.Contains)];

        // Pipelines may be thousands of stages deep: no recursion.
        void Visit(Stage root)
        {
            var open = new Stack<(Stage Stage, int Next)>();
            if (seen.Add(root))
            {
                open.Push((root, 0));
            }

            while (open.TryPop(out var at))
            {
                var needed = _upstream[at.Stage];
                if (at.Next == needed.Count)
                {
                    order.Add(at.Stage);
                    continue;
                }

                open.Push((at.Stage, at.Next + 1));
                if (seen.Add(needed[at.Next]))
                {
                    open.Push((needed[at.Next], 0));
                }
            }
        }
    }

    private static HashSet<Stage> Reached(IEnumerable<Stage> from, Func<Stage, IReadOnlyList<Stage>> next)
    {
        var reached = new HashSet<Stage>(from);
        var open = new Stack<Stage>(reached);
        while (open.TryPop(out var stage))
        {
            foreach (var other in next(stage).Where(reached.Add))
            {
                open.Push(other);
            }
        }

        return reached;
    }

    private void RefuseCircles()
    {
        var waiting = Stages.ToDictionary(stage => stage, stage => _upstream[stage].Count);
        var free = new Queue<Stage>(Stages.Where(stage => waiting[stage] == 0));
        var done = 0;
        while (free.TryDequeue(out var stage))
        {
            done++;
            foreach (var other in _downstream[stage].Where(other => --waiting[other] == 0))
            {
                free.Enqueue(other);
            }
        }

        if (done < Stages.Count)
        {
            throw new PipelineException($"the stages need each other in a circle: {string.Join(" -> ", Circle(waiting))}", PipelineFault.WrongInput);
        }
    }

    // From any stage that waits for ever, go to what it waits for, until one comes again.
    private List<string> Circle(Dictionary<Stage, int> waiting)
    {
        var path = new List<Stage>();
        var stage = Stages.First(stage => waiting[stage] > 0);
        while (!path.Contains(stage))
        {
            path.Add(stage);
            stage = _upstream[stage].First(other => waiting[other] > 0);
        }

        var circle = path[path.IndexOf(stage)..];
        circle.Reverse();
        return [.. circle.Append(circle[0]).Select(member => member.Address)];
    }
}
