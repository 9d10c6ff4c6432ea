using Hone.Space;

namespace Hone.Sampling.Tpe;

/// <summary>How the values of a parameter are spread.</summary>
internal enum Spread
{
    /// <summary>A number in [0, 1]; the density counts.</summary>
    Continuous,

    /// <summary>A cell of [0, 1]; the mass in the cell counts.</summary>
    Stepped,

    /// <summary>One of a few choices without order.</summary>
    Categorical,
}

/// <summary>A parameter as the estimators see it: stretched to [0, 1] on its scale, half a step beyond both ends if it has steps.</summary>
internal sealed class Dimension
{
    private readonly Parameter _parameter;
    private readonly NumericParameter? _number;
    private readonly bool _log;
    private readonly double _from;
    private readonly double _width;

    public Dimension(int index, Parameter parameter)
    {
        Index = index;
        _parameter = parameter;
        _number = parameter as NumericParameter;
        _log = _number is { Log: true };
        Choices = parameter is CategoricalParameter list ? list.Values.Count : 0;
        Spread = Choices > 0 ? Spread.Categorical : parameter.Count is null ? Spread.Continuous : Spread.Stepped;
        var half = Half;
        var low = (_number?.Low ?? 0) - half;
        var high = (_number?.High ?? (parameter.Count!.Value - 1)) + half;
        if (_log)
        {
            low = Math.Log(Math.Max(low, _number!.Low / 2));
            high = Math.Log(high);
        }

        _from = low;
        _width = high - low;
    }

    /// <summary>The parameter's index in the space.</summary>
    public int Index { get; }

    /// <summary>How its values are spread.</summary>
    public Spread Spread { get; }

    /// <summary>How many choices a categorical parameter has; otherwise 0.</summary>
    public int Choices { get; }

    private double Half => _parameter.Count is null ? 0 : (_number?.Step ?? 1) / 2;

    /// <summary>Where a code lies in [0, 1]; the code itself if categorical.</summary>
    public double ToUnit(double code) => Spread == Spread.Categorical ? code : Math.Clamp(Scaled(code), 0, 1);

    /// <summary>The code nearest to a place in [0, 1].</summary>
    public double FromUnit(double unit)
    {
        var value = _from + (unit * _width);
        if (_number is { } number)
        {
            return number.Snap(_log ? Math.Exp(value) : value);
        }

        return Math.Clamp(Math.Floor(unit * _parameter.Count!.Value), 0, _parameter.Count.Value - 1);
    }

    /// <summary>The cell of [0, 1] that belongs to a code; a point if continuous.</summary>
    public (double From, double To) Cell(double code)
    {
        var half = Half;
        if (half == 0)
        {
            var at = ToUnit(code);
            return (at, at);
        }

        return (code - half <= 0 && _log ? 0 : Math.Max(0, Scaled(code - half)), Math.Min(1, Scaled(code + half)));
    }

    /// <summary>Draws uniformly in [0, 1], or a choice.</summary>
    public double Draw(Random random) => _parameter.FromUnit(random.NextDouble());

    private double Scaled(double code) => ((_log ? Math.Log(code) : code) - _from) / _width;
}
