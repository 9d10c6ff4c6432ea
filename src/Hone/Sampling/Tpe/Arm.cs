using Hone.Space;

namespace Hone.Sampling.Tpe;

/// <summary>
/// One way through a conditional space: for each deciding parameter the class of values that conditions cannot tell apart. All
/// configurations of an arm have the same active parameters.
/// </summary>
internal sealed class Arm
{
    private readonly SearchSpace _space;
    private readonly DecidingParameter?[] _deciding;
    private readonly int[] _classes;

    /// <param name="space">The space.</param>
    /// <param name="deciding">A deciding parameter or null for each parameter of the space.</param>
    /// <param name="classes">The arm's class for each parameter of the space; -1 where none is prescribed.</param>
    public Arm(SearchSpace space, DecidingParameter?[] deciding, int[] classes)
    {
        _space = space;
        _deciding = deciding;
        _classes = classes;
    }

    /// <summary>The only code that the arm allows a parameter, or null.</summary>
    public double? FixedCode(int parameter) =>
        _classes[parameter] < 0 ? null : _deciding[parameter]!.OnlyCode(_classes[parameter]);

    /// <summary>Whether a code of a parameter lies in the arm.</summary>
    public bool Allows(int parameter, double code) =>
        _classes[parameter] < 0 || _deciding[parameter]!.ClassOf(code) == _classes[parameter];

    /// <summary>Draws a code that the arm allows, uniformly.</summary>
    public double Draw(int parameter, Random random)
    {
        if (FixedCode(parameter) is { } only)
        {
            return only;
        }

        while (true)
        {
            var code = _space.Parameters[parameter].FromUnit(random.NextDouble());
            if (Allows(parameter, code))
            {
                return code;
            }
        }
    }

    /// <summary>Whether a configuration belongs to the arm.</summary>
    public bool Holds(ReadOnlySpan<double> codes)
    {
        for (var i = 0; i < _classes.Length; i++)
        {
            if (_classes[i] >= 0 && _deciding[i]!.ClassOf(codes[i]) != _classes[i])
            {
                return false;
            }

            if (_classes[i] < 0 && _deciding[i] is not null && !double.IsNaN(codes[i]))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>The values of a parameter that decides over others, in classes that no condition tells apart.</summary>
internal sealed class DecidingParameter
{
    private readonly Dictionary<double, int> _classes = [];
    private readonly List<double?> _only = [];

    public DecidingParameter(SearchSpace space, int index)
    {
        var parameter = space.Parameters[index];
        var conditions = space.Parameters.SelectMany(p => p.When).Where(c => c.Parent == parameter.Name)
            .Select(c => c.Values.Select(v => parameter.CodeOf(v)!.Value).ToHashSet()).ToList();
        var named = conditions.SelectMany(c => c).Distinct().Order().ToList();
        foreach (var alike in named.GroupBy(code => string.Concat(conditions.Select(c => c.Contains(code) ? '1' : '0'))))
        {
            foreach (var code in alike)
            {
                _classes.Add(code, _only.Count);
            }

            _only.Add(alike.Count() == 1 ? alike.First() : null);
        }

        Representatives.AddRange(_only.Select((_, c) => _classes.First(e => e.Value == c).Key));
        if (parameter.Count > named.Count)
        {
            _only.Add(null);
            Representatives.Add(FirstUnnamed(parameter));
        }
    }

    /// <summary>A code of each class.</summary>
    public List<double> Representatives { get; } = [];

    /// <summary>The class of a code; values that no condition names are the last class. NaN: -1.</summary>
    public int ClassOf(double code) =>
        double.IsNaN(code) ? -1 : _classes.TryGetValue(code, out var found) ? found : _only.Count - 1;

    /// <summary>The code of a class that has but one, or null.</summary>
    public double? OnlyCode(int which) => _only[which];

    private double FirstUnnamed(Parameter parameter)
    {
        for (var i = 0L; ; i++)
        {
            if (!_classes.ContainsKey(parameter.CodeAt(i)))
            {
                return parameter.CodeAt(i);
            }
        }
    }
}
