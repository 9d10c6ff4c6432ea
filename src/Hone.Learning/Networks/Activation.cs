namespace Hone.Learning.Networks;

/// <summary>What a unit does with its weighted sum. A perceptron has the first two.</summary>
public enum Activation
{
    /// <summary>max(0, z).</summary>
    Relu,

    /// <summary>tanh z.</summary>
    Tanh,

    /// <summary>1 / (1 + e^-z).</summary>
    Sigmoid,

    /// <summary>z where it is above 0, else z / 100 (Maas, Hannun and Ng 2013).</summary>
    LeakyRelu,
}
