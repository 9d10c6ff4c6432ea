namespace Hone.Learning.Networks;

/// <summary>
/// Where the rows of a matrix product begin in a buffer, and how a row lies there: in runs of neighbouring numbers. Rows may overlap: a
/// convolution is a product whose rows are the patches of an image, one run for each line of the kernel, and nothing has to be copied.
/// </summary>
internal sealed class Patches
{
    /// <param name="offsets">Where each row begins.</param>
    /// <param name="runs">How many runs a row has.</param>
    /// <param name="runLength">Numbers in a run.</param>
    /// <param name="runStride">From the beginning of a run to that of the next.</param>
    public Patches(int[] offsets, int runs, int runLength, int runStride)
    {
        Offsets = offsets;
        Runs = runs;
        RunLength = runLength;
        RunStride = runStride;
    }

    /// <summary>Where each row begins.</summary>
    public int[] Offsets { get; }

    /// <summary>How many runs a row has.</summary>
    public int Runs { get; }

    /// <summary>Numbers in a run.</summary>
    public int RunLength { get; }

    /// <summary>From the beginning of a run to that of the next.</summary>
    public int RunStride { get; }

    /// <summary>Numbers in a row.</summary>
    public int Depth => Runs * RunLength;

    /// <summary>Rows of a matrix, one after the other.</summary>
    /// <param name="rows">How many.</param>
    /// <param name="stride">From a row to the next.</param>
    /// <param name="depth">Numbers in a row.</param>
    public static Patches OfRows(int rows, int stride, int depth)
    {
        var offsets = new int[rows];
        for (var i = 0; i < rows; i++)
        {
            offsets[i] = checked(i * stride);
        }

        return new Patches(offsets, 1, depth, 0);
    }
}
