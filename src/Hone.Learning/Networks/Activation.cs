namespace Hone.Learning.Networks;

/// <summary>What a hidden unit does with its weighted sum.</summary>
public enum Activation
{
    /// <summary>max(0, z).</summary>
    Relu,

    /// <summary>tanh z.</summary>
    Tanh,
}
