using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Hone.Learning.Networks.Layers;

/// <summary>
/// Gated recurrent units (Cho et al. 2014) as PyTorch and cuDNN compute them: gates in the order reset r, update z, new n;
/// n = tanh(W x + b + r (U h + state_bias)), h = (1 - z) n + z h. The state starts at 0.
/// </summary>
internal sealed class GruLayer<T> : RecurrentLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly T[] _stateBias;
    private readonly T[] _stateBiasGradient;
    private T[] _stateSums = [];

    /// <param name="name">As the description has it.</param>
    /// <param name="input">Steps and features.</param>
    /// <param name="output">Units, or steps and units.</param>
    /// <param name="random">Draws the weights.</param>
    public GruLayer(string name, TensorShape input, TensorShape output, Random random)
        : base(name, input, output, gates: 3, random)
    {
        // As wide as all gates; only the last has numbers.
        (_stateBias, _stateBiasGradient) = (new T[Width], new T[Width]);
        for (var u = 0; u < Units; u++)
        {
            _stateBias[(2 * PaddedUnits) + u] = Draw(1 / Math.Sqrt(Units), random);
        }

        Parameters =
        [
            .. OwnParameters,
            new LayerParameter<T>("state_bias", Units, _stateBias, _stateBiasGradient, u => (2 * PaddedUnits) + u),
        ];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<LayerParameter<T>> Parameters { get; }

    /// <inheritdoc/>
    protected override T[] StateGates => _stateSums;

    /// <inheritdoc/>
    public override void Reserve(int rows)
    {
        base.Reserve(rows);
        _stateSums = new T[Gates.Length];
    }

    /// <inheritdoc/>
    public override void Backward(
        ReadOnlySpan<T> input, ReadOnlySpan<T> output, Span<T> outputSlopes, Span<T> inputSlopes, int rows)
    {
        base.Backward(input, output, outputSlopes, inputSlopes, rows);
        var from = 2 * PaddedUnits;
        var own = _stateBiasGradient.AsSpan(from, PaddedUnits);
        own.Clear();
        for (var row = 0; row < rows * Steps; row++)
        {
            TensorPrimitives.Add(own, _stateSums.AsSpan((row * Width) + from, PaddedUnits), own);
        }
    }

    /// <inheritdoc/>
    protected override void Forward(int step, int rows)
    {
        var gates = Block(Gates, step, rows, Width);
        var sums = Block(_stateSums, step, rows, Width);
        for (var row = 0; row < rows; row++)
        {
            _stateBias.CopyTo(sums[(row * Width)..]);
        }

        if (step > 0)
        {
            AddStates(step, rows, sums);
        }

        ref var before = ref MemoryMarshal.GetReference(Block(States, step, rows, PaddedUnits));
        ref var after = ref MemoryMarshal.GetReference(Block(States, step + 1, rows, PaddedUnits));
        for (var row = 0; row < rows; row++)
        {
            ref var r = ref gates[row * Width];
            ref var z = ref Unsafe.Add(ref r, PaddedUnits);
            ref var n = ref Unsafe.Add(ref z, PaddedUnits);
            ref var sum = ref sums[row * Width];
            for (nuint u = 0; u < (nuint)PaddedUnits; u += (nuint)Vector256<T>.Count)
            {
                var (atZ, atN, at) = (u + (nuint)PaddedUnits, u + (2 * (nuint)PaddedUnits), ((nuint)row * (nuint)PaddedUnits) + u);
                var resets = GateFunctions.Sigmoid(Vector256.LoadUnsafe(ref r, u) + Vector256.LoadUnsafe(ref sum, u));
                var keeps = GateFunctions.Sigmoid(Vector256.LoadUnsafe(ref z, u) + Vector256.LoadUnsafe(ref sum, atZ));
                var news = GateFunctions.Tanh(Vector256.LoadUnsafe(ref n, u) + (resets * Vector256.LoadUnsafe(ref sum, atN)));
                resets.StoreUnsafe(ref r, u);
                keeps.StoreUnsafe(ref z, u);
                news.StoreUnsafe(ref n, u);
                (news + (keeps * (Vector256.LoadUnsafe(ref before, at) - news))).StoreUnsafe(ref after, at);
            }
        }
    }

    /// <inheritdoc/>
    protected override void Backward(int step, int rows, Span<T> slopes)
    {
        var gates = Block(Gates, step, rows, Width);
        var sums = Block(_stateSums, step, rows, Width);
        ref var before = ref MemoryMarshal.GetReference(Block(States, step, rows, PaddedUnits));
        var one = Vector256<T>.One;
        for (var row = 0; row < rows; row++)
        {
            ref var r = ref gates[row * Width];
            ref var z = ref Unsafe.Add(ref r, PaddedUnits);
            ref var n = ref Unsafe.Add(ref z, PaddedUnits);
            ref var sum = ref sums[row * Width];
            ref var slope = ref slopes[row * StateWidth];
            for (nuint u = 0; u < (nuint)PaddedUnits; u += (nuint)Vector256<T>.Count)
            {
                var (atZ, atN, at) = (u + (nuint)PaddedUnits, u + (2 * (nuint)PaddedUnits), ((nuint)row * (nuint)PaddedUnits) + u);
                var (resets, keeps, news) = (Vector256.LoadUnsafe(ref r, u), Vector256.LoadUnsafe(ref z, u), Vector256.LoadUnsafe(ref n, u));
                var own = Vector256.LoadUnsafe(ref slope, u);
                var byNew = own * (one - keeps) * (one - (news * news));
                var byReset = byNew * Vector256.LoadUnsafe(ref sum, atN) * resets * (one - resets);
                var byKeep = own * (Vector256.LoadUnsafe(ref before, at) - news) * keeps * (one - keeps);
                byReset.StoreUnsafe(ref r, u);
                byKeep.StoreUnsafe(ref z, u);
                byNew.StoreUnsafe(ref n, u);
                byReset.StoreUnsafe(ref sum, u);
                byKeep.StoreUnsafe(ref sum, atZ);
                (byNew * resets).StoreUnsafe(ref sum, atN);
                (own * keeps).StoreUnsafe(ref slope, u);
            }
        }
    }
}
