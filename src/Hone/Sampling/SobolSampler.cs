using Hone.Sampling.Sobol;
using Hone.Space;
using Hone.Trials;

namespace Hone.Sampling;

/// <summary>Spreads trials evenly: trial n gets point n - 1 of a Sobol sequence, one dimension a parameter in declared order.</summary>
/// <remarks>
/// Joe and Kuo's directions (2008) for up to 256 parameters, scrambled after Owen (1995) by hashing (Laine and Karras 2011). A parameter that is
/// inactive in a trial leaves its dimension unused. Learns nothing; the generator handed to <see cref="Ask"/> is not used.
/// </remarks>
public sealed class SobolSampler : ISampler
{
    private readonly SearchSpace _space;
    private readonly SobolSequence _points;

    /// <param name="space">What to search.</param>
    /// <param name="seed">Fixes the scrambling; null: the plain sequence, whose first point is the lower corner.</param>
    /// <exception cref="SearchSpaceException">The space has more than 256 parameters.</exception>
    public SobolSampler(SearchSpace space, ulong? seed)
    {
        ArgumentNullException.ThrowIfNull(space);
        if (space.Parameters.Count > DirectionNumbers.Dimensions)
        {
            throw new SearchSpaceException(
                $"The Sobol sampler knows {DirectionNumbers.Dimensions} dimensions and the space has {space.Parameters.Count} parameters. "
                + "Use the random sampler.");
        }

        _space = space;
        _points = new SobolSequence(space.Parameters.Count, seed);
    }

    /// <inheritdoc/>
    public Configuration? Ask(int trial, Random random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trial, 1);
        var codes = new double[_space.Parameters.Count];
        foreach (var index in _space.Order)
        {
            codes[index] = _space.IsActive(index, codes) ? _space.Parameters[index].FromUnit(_points[(uint)trial - 1, index]) : double.NaN;
        }

        return new Configuration(_space, codes);
    }

    /// <inheritdoc/>
    public void Begin(int trial, Configuration configuration) { }

    /// <inheritdoc/>
    public void Tell(TrialResult result) { }
}

/// <summary>Chooses <see cref="SobolSampler"/>.</summary>
public sealed record SobolOptions : SamplerOptions
{
    /// <inheritdoc/>
    public override string Name => "sobol";

    /// <summary>Whether the points are scrambled by the seed, as they are by default; otherwise every study gets the same ones.</summary>
    public bool Scramble { get; init; } = true;

    /// <inheritdoc/>
    public override ISampler Create(SearchSpace space, IReadOnlyList<Objective> objectives, ulong seed) =>
        new SobolSampler(space, Scramble ? seed : null);
}
