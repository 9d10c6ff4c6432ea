using System.Globalization;

namespace Hone.Space;

/// <summary>One named dimension of a search space.</summary>
/// <remarks>
/// Inside Hone a value travels as its <em>code</em>, one <see cref="double"/>: the number itself for a numeric parameter, the position
/// in the list for a discrete one. <see cref="Value"/> and <see cref="CodeOf"/> translate.
/// </remarks>
public abstract record Parameter
{
    private protected Parameter(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!IsName(name))
        {
            throw new SearchSpaceException(
                $"Parameter '{name}': a name starts with a letter or _ and goes on with letters, digits, '_', '-' or '.'. Rename it.");
        }

        Name = name;
    }

    /// <summary>Unique within the space.</summary>
    public string Name { get; }

    /// <summary>What must hold for the parameter to be active, all of it; empty: always active.</summary>
    public IReadOnlyList<Condition> When { get; init; } = [];

    /// <summary>How many values the parameter has; null if they are not countable.</summary>
    public abstract long? Count { get; }

    /// <summary>The value that a code stands for.</summary>
    public abstract ParameterValue Value(double code);

    /// <summary>The code of a value, or null if the value is not one of this parameter's.</summary>
    public abstract double? CodeOf(ParameterValue value);

    /// <summary>Whether a code stands for one of this parameter's values. NaN never does.</summary>
    public abstract bool Contains(double code);

    /// <summary>
    /// Maps a uniform number in [0, 1) to a code, so that equal shares of the interval get equal shares of the range on the parameter's
    /// scale; every discrete value gets the same share.
    /// </summary>
    public abstract double FromUnit(double unit);

    /// <summary>
    /// The code of value <paramref name="index"/> (0 to <see cref="Count"/> - 1) in ascending or declared order.
    /// </summary>
    /// <exception cref="InvalidOperationException">The parameter is not countable.</exception>
    public abstract double CodeAt(long index);

    /// <summary>The values in words, e.g. <c>float [0.001, 0.1] log</c>; equal for equal parameters, conditions apart.</summary>
    public abstract string Describe();

    private protected static string Show(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static bool IsName(string name) =>
        name.Length > 0 && (char.IsAsciiLetter(name[0]) || name[0] == '_')
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');
}
