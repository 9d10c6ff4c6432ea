namespace Hone.Sampling.Tpe;

/// <summary>Weights of the bad observations (Bergstra et al., ICML 2013): the newest 25 weigh 1, older ones down to 1 / n.</summary>
internal readonly struct RecencyWeights
{
    private const int Newest = 25;
    private readonly int _ramp;
    private readonly double _least;
    private readonly double _rise;

    /// <param name="count">How many observations there are.</param>
    public RecencyWeights(int count)
    {
        _ramp = Math.Max(0, count - Newest);
        _least = 1.0 / Math.Max(1, count);
        _rise = (1 - _least) / Math.Max(1, _ramp - 1);
        Sum = (count - _ramp) + (_ramp == 1 ? _least : _ramp * (1 + _least) / 2);
    }

    /// <summary>All weights together.</summary>
    public double Sum { get; }

    /// <summary>The weight of an observation by its age, the oldest first.</summary>
    public double this[int rank] => rank < _ramp ? _least + (rank * _rise) : 1;
}
