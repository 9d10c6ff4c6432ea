namespace Hone.Learning.Networks;

/// <summary>What a convolution does at the edges of an image.</summary>
public enum Border
{
    /// <summary>It adds zeros, so that the output is as large as the input, divided by the stride and rounded up.</summary>
    Same,

    /// <summary>It uses whole patches only, so that the output is smaller by the kernel's size less 1.</summary>
    Valid,
}
