namespace Hone.Space;

/// <summary>The parameters that a study varies. Immutable.</summary>
public sealed class SearchSpace
{
    private readonly Dictionary<string, int> _indices;
    private readonly ResolvedCondition[][] _conditions;

    /// <param name="parameters">At least one, names unique; a parent may come after its child.</param>
    /// <exception cref="SearchSpaceException">
    /// A name stands twice, or a condition names an unknown or continuous parent, a value that the parent never takes, or itself in a circle.
    /// </exception>
    public SearchSpace(IReadOnlyList<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (parameters.Count == 0)
        {
            throw new SearchSpaceException("The search space is empty. Declare at least one parameter.");
        }

        Parameters = [.. parameters];
        _indices = new Dictionary<string, int>(Parameters.Count, StringComparer.Ordinal);
        for (var i = 0; i < Parameters.Count; i++)
        {
            if (!_indices.TryAdd(Parameters[i].Name, i))
            {
                throw new SearchSpaceException($"Parameter '{Parameters[i].Name}' is declared twice. Rename one.");
            }
        }

        _conditions = [.. Parameters.Select(Resolve)];
        Order = ParentsFirst();
    }

    /// <summary>The parameters in declared order; a parameter's position here is its index everywhere else.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The indices of the parameters, each after its parents, otherwise in declared order.</summary>
    public IReadOnlyList<int> Order { get; }

    /// <summary>Whether some parameter is active only under a condition.</summary>
    public bool IsConditional => _conditions.Any(c => c.Length > 0);

    /// <summary>The index of a parameter, or -1.</summary>
    public int IndexOf(string name) => _indices.GetValueOrDefault(name, -1);

    /// <summary>Whether a parameter is active, given the codes of its parents (NaN: inactive), which must be set already.</summary>
    public bool IsActive(int index, ReadOnlySpan<double> codes)
    {
        foreach (var condition in _conditions[index])
        {
            // An inactive parent has the code NaN, which equals nothing.
            if (Array.IndexOf(condition.Codes, codes[condition.Parent]) < 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The indices of the parameters whose values decide whether this one is active.</summary>
    public IEnumerable<int> ParentsOf(int index) => _conditions[index].Select(c => c.Parent);

    /// <summary>Draws every active parameter uniformly on its scale, parents first.</summary>
    public Configuration Sample(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var codes = new double[Parameters.Count];
        foreach (var index in Order)
        {
            codes[index] = IsActive(index, codes) ? Parameters[index].FromUnit(random.NextDouble()) : double.NaN;
        }

        return new Configuration(this, codes);
    }

    /// <summary>One line a parameter, equal for equal spaces: what a study is recognised by when it is continued.</summary>
    public IReadOnlyList<string> Describe() => [.. Parameters.Select(p => $"{p.Name}: {p.Describe()}{Conditions(p)}")];

    private static string Conditions(Parameter parameter) =>
        string.Concat(parameter.When.Select(c => $" when {c.Parent} in [{string.Join(", ", c.Values)}]"));

    private ResolvedCondition[] Resolve(Parameter parameter) => [.. parameter.When.Select(condition =>
    {
        var parent = IndexOf(condition.Parent);
        if (parent < 0)
        {
            throw new SearchSpaceException(
                $"Parameter '{parameter.Name}' depends on '{condition.Parent}', which is not declared. Declare it, or correct the name.");
        }

        if (Parameters[parent].Count is null)
        {
            throw new SearchSpaceException(
                $"Parameter '{parameter.Name}' depends on '{condition.Parent}', which is continuous. "
                + "Only an int, values, choice or constant parameter can decide.");
        }

        if (condition.Values.Count == 0)
        {
            throw new SearchSpaceException($"Parameter '{parameter.Name}' depends on no value of '{condition.Parent}'. List at least one.");
        }

        return new ResolvedCondition(parent, [.. condition.Values.Select(value => Parameters[parent].CodeOf(value)
            ?? throw new SearchSpaceException(
                $"Parameter '{parameter.Name}' depends on '{condition.Parent}' being {value}, which it never is: "
                + $"it is {Parameters[parent].Describe()}."))]);
    })];

    private int[] ParentsFirst()
    {
        var order = new List<int>(Parameters.Count);
        while (order.Count < Parameters.Count)
        {
            var before = order.Count;
            for (var i = 0; i < Parameters.Count; i++)
            {
                if (!order.Contains(i) && ParentsOf(i).All(order.Contains))
                {
                    order.Add(i);
                }
            }

            if (order.Count == before)
            {
                var circle = Parameters.Where((_, i) => !order.Contains(i)).Select(p => $"'{p.Name}'");
                throw new SearchSpaceException($"Parameters {string.Join(", ", circle)} depend on one another in a circle. Break it.");
            }
        }

        return [.. order];
    }

    private readonly record struct ResolvedCondition(int Parent, double[] Codes);
}
