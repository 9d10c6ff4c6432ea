namespace Hone.Trials;

/// <summary>How the values that a trial reported of one metric become one number.</summary>
public enum Aggregate
{
    /// <summary>The last value.</summary>
    Last,

    /// <summary>The smallest value.</summary>
    Min,

    /// <summary>The largest value.</summary>
    Max,

    /// <summary>The mean of all values, each counted once.</summary>
    Mean,
}
