using Hone.Space;
using Hone.Trials;

namespace Hone.Sampling;

/// <summary>Tries every combination once, the last parameter turning fastest, and then ends.</summary>
/// <remarks>
/// A stream: it holds the next combination and no list of them, so 10^12 are as cheap as ten. In a conditional space the combinations are the
/// distinct configurations. Combinations that were begun out of turn, such as by another sampler before, are passed over when
/// their turn comes. The order is that of <see cref="SearchSpace.Order"/>: children turn faster than their parents.
/// </remarks>
public sealed class GridSampler : ISampler
{
    private readonly SearchSpace _space;
    private readonly int? _points;
    private readonly long[] _indices;
    private readonly double[] _codes;
    private readonly HashSet<Configuration> _ahead = [];
    private Configuration? _next;

    /// <param name="space">What to search.</param>
    /// <param name="pointsPerContinuous">Values of a continuous parameter, evenly on its scale with both ends; null: it needs a step.</param>
    /// <exception cref="SearchSpaceException">A parameter is continuous and no number of points is given.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of points is below 2.</exception>
    public GridSampler(SearchSpace space, int? pointsPerContinuous = null)
    {
        ArgumentNullException.ThrowIfNull(space);
        if (pointsPerContinuous is { } points)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(points, 2, nameof(pointsPerContinuous));
        }
        else if (space.Parameters.FirstOrDefault(p => p.Count is null) is { } continuous)
        {
            throw new SearchSpaceException(
                $"Parameter '{continuous.Name}': {continuous.Describe()} has no end of values for a grid. Give it a step, or the grid its points.");
        }

        _space = space;
        _points = pointsPerContinuous;
        _indices = new long[space.Parameters.Count];
        _codes = new double[space.Parameters.Count];
        Reset(0);
        _next = Current();
    }

    /// <inheritdoc/>
    public Configuration? Ask(int trial, Random random) => _next;

    /// <inheritdoc/>
    public void Begin(int trial, Configuration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (!configuration.Equals(_next))
        {
            _ahead.Add(configuration);
            return;
        }

        do
        {
            _next = Advance() ? Current() : null;
        }
        while (_next is not null && _ahead.Remove(_next));
    }

    /// <inheritdoc/>
    public void Tell(TrialResult result) { }

    private Configuration Current() => new(_space, [.. _codes]);

    // As an odometer: the last wheel that can turn does, and all behind it start again.
    private bool Advance()
    {
        for (var position = _space.Order.Count - 1; position >= 0; position--)
        {
            var index = _space.Order[position];
            if (!double.IsNaN(_codes[index]) && _indices[index] + 1 < CountOf(_space.Parameters[index]))
            {
                _indices[index]++;
                _codes[index] = CodeAt(index);
                Reset(position + 1);
                return true;
            }
        }

        return false;
    }

    private void Reset(int from)
    {
        for (var position = from; position < _space.Order.Count; position++)
        {
            var index = _space.Order[position];
            _indices[index] = 0;
            _codes[index] = _space.IsActive(index, _codes) ? CodeAt(index) : double.NaN;
        }
    }

    private long CountOf(Parameter parameter) => parameter.Count ?? _points!.Value;

    private double CodeAt(int index)
    {
        var parameter = _space.Parameters[index];
        if (parameter.Count is not null)
        {
            return parameter.CodeAt(_indices[index]);
        }

        return _indices[index] == _points - 1 ? ((NumericParameter)parameter).High : parameter.FromUnit(_indices[index] / (_points!.Value - 1.0));
    }
}

/// <summary>Chooses <see cref="GridSampler"/>.</summary>
public sealed record GridOptions : SamplerOptions
{
    /// <inheritdoc/>
    public override string Name => "grid";

    /// <summary>How many values a continuous parameter gets, at least 2; null: a continuous parameter is an error.</summary>
    public int? PointsPerContinuous { get; init; }

    /// <inheritdoc/>
    /// <exception cref="SearchSpaceException">A parameter is continuous and no number of points is given.</exception>
    public override ISampler Create(SearchSpace space, IReadOnlyList<Objective> objectives, ulong seed) => new GridSampler(space, PointsPerContinuous);
}
