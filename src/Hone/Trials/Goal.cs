namespace Hone.Trials;

/// <summary>Which values of a metric are better.</summary>
public enum Goal
{
    /// <summary>Smaller is better.</summary>
    Minimize,

    /// <summary>Larger is better.</summary>
    Maximize,
}
