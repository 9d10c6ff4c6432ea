namespace Hone.Sampling.Tpe;

/// <summary>The numbers of all kernels of a group in blocks of eight, each block column by column, so that one instruction serves several kernels.</summary>
/// <remarks>
/// Columns: for each numeric dimension the centre and 1 / (width sqrt 2); for each categorical one the choice; the sum of the logs
/// of the factors that make truncated kernels densities; and, where there are several, the single logs.
/// </remarks>
internal sealed class KernelBlocks
{
    /// <summary>Kernels a block.</summary>
    public const int Size = 8;

    private readonly int _numeric;

    /// <param name="numeric">The number of numeric dimensions.</param>
    /// <param name="categorical">The number of categorical dimensions.</param>
    public KernelBlocks(int numeric, int categorical)
    {
        _numeric = numeric;
        Start = (2 * numeric) + categorical;
        Stride = Size * (Start + 1 + (numeric > 1 ? numeric : 0));
    }

    /// <summary>The column of the sums of logs; negative infinity where there is no kernel.</summary>
    public int Start { get; }

    /// <summary>Numbers a block.</summary>
    public int Stride { get; }

    /// <summary>All blocks, one after the other.</summary>
    public double[] Numbers { get; private set; } = [];

    /// <summary>A number of a kernel.</summary>
    public ref double this[int column, int kernel] => ref Numbers[At(column, kernel)];

    /// <summary>The column of a dimension's centres or choices; the scales follow the centres.</summary>
    public int Column(int d) => d < _numeric ? 2 * d : _numeric + d;

    /// <summary>Makes room for so many kernels.</summary>
    public void Reserve(int count)
    {
        var blocks = (count + Size - 1) / Size;
        if (blocks * Stride <= Numbers.Length)
        {
            return;
        }

        var numbers = Numbers;
        var before = numbers.Length / Stride * Size;
        Array.Resize(ref numbers, (blocks + 1 + (blocks / 4)) * Stride);
        Numbers = numbers;
        for (var k = before; k < numbers.Length / Stride * Size; k++)
        {
            this[Start, k] = double.NegativeInfinity;
        }
    }

    /// <summary>Sets the width of a kernel in a dimension.</summary>
    public void SetScale(int kernel, int d, double scale)
    {
        ref var known = ref this[(2 * d) + 1, kernel];
        if (known == scale)
        {
            return;
        }

        known = scale;
        var log = Kernel.LogNorm(this[2 * d, kernel], Kernel.Width(scale));
        if (_numeric == 1)
        {
            this[Start, kernel] = log;
            return;
        }

        this[Start + 1 + d, kernel] = log;
        var sum = 0.0;
        for (var i = 0; i < _numeric; i++)
        {
            sum += this[Start + 1 + i, kernel];
        }

        this[Start, kernel] = sum;
    }

    /// <summary>The place of a number of a kernel.</summary>
    public int At(int column, int kernel) => ((kernel >>> 3) * Stride) + (column * Size) + (kernel & (Size - 1));
}
