using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Hone.Learning.Networks.Layers;

/// <summary>
/// Long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers, Schmidhuber and Cummins 2000). Gates in PyTorch's
/// order: input i, forget f, cell g, output o; c = f c + i g, h = o tanh c. State and cell start at 0.
/// </summary>
internal sealed class LstmLayer<T>(string name, TensorShape input, TensorShape output, Random random)
    : RecurrentLayer<T>(name, input, output, gates: 4, random)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private T[] _cells = [];
    private T[] _cellSlopes = [];

    /// <inheritdoc/>
    public override void Reserve(int rows)
    {
        base.Reserve(rows);
        _cells = new T[checked((Steps + 1) * rows * PaddedUnits)];
        _cellSlopes = new T[rows * PaddedUnits];
    }

    /// <inheritdoc/>
    protected override void Forward(int step, int rows)
    {
        var gates = Block(Gates, step, rows, Width);
        if (step > 0)
        {
            AddStates(step, rows, gates);
        }
        else
        {
            Block(_cells, 0, rows, PaddedUnits).Clear();
        }

        ref var before = ref MemoryMarshal.GetReference(Block(_cells, step, rows, PaddedUnits));
        ref var after = ref MemoryMarshal.GetReference(Block(_cells, step + 1, rows, PaddedUnits));
        ref var states = ref MemoryMarshal.GetReference(Block(States, step + 1, rows, PaddedUnits));
        for (var row = 0; row < rows; row++)
        {
            ref var i = ref gates[row * Width];
            ref var f = ref Unsafe.Add(ref i, PaddedUnits);
            ref var g = ref Unsafe.Add(ref f, PaddedUnits);
            ref var o = ref Unsafe.Add(ref g, PaddedUnits);
            for (nuint u = 0; u < (nuint)PaddedUnits; u += (nuint)Vector256<T>.Count)
            {
                var at = ((nuint)row * (nuint)PaddedUnits) + u;
                var enters = GateFunctions.Sigmoid(Vector256.LoadUnsafe(ref i, u));
                var stays = GateFunctions.Sigmoid(Vector256.LoadUnsafe(ref f, u));
                var news = GateFunctions.Tanh(Vector256.LoadUnsafe(ref g, u));
                var leaves = GateFunctions.Sigmoid(Vector256.LoadUnsafe(ref o, u));
                var cell = (stays * Vector256.LoadUnsafe(ref before, at)) + (enters * news);
                enters.StoreUnsafe(ref i, u);
                stays.StoreUnsafe(ref f, u);
                news.StoreUnsafe(ref g, u);
                leaves.StoreUnsafe(ref o, u);
                cell.StoreUnsafe(ref after, at);
                (leaves * GateFunctions.Tanh(cell)).StoreUnsafe(ref states, at);
            }
        }
    }

    /// <inheritdoc/>
    protected override void Backward(int step, int rows, Span<T> slopes)
    {
        var gates = Block(Gates, step, rows, Width);
        var cellSlopes = _cellSlopes.AsSpan(0, rows * PaddedUnits);
        if (step == Steps - 1)
        {
            cellSlopes.Clear();
        }

        ref var before = ref MemoryMarshal.GetReference(Block(_cells, step, rows, PaddedUnits));
        ref var after = ref MemoryMarshal.GetReference(Block(_cells, step + 1, rows, PaddedUnits));
        ref var carried = ref MemoryMarshal.GetReference(cellSlopes);
        var one = Vector256<T>.One;
        for (var row = 0; row < rows; row++)
        {
            ref var i = ref gates[row * Width];
            ref var f = ref Unsafe.Add(ref i, PaddedUnits);
            ref var g = ref Unsafe.Add(ref f, PaddedUnits);
            ref var o = ref Unsafe.Add(ref g, PaddedUnits);
            ref var slope = ref slopes[row * StateWidth];
            for (nuint u = 0; u < (nuint)PaddedUnits; u += (nuint)Vector256<T>.Count)
            {
                var at = ((nuint)row * (nuint)PaddedUnits) + u;
                var (enters, stays) = (Vector256.LoadUnsafe(ref i, u), Vector256.LoadUnsafe(ref f, u));
                var (news, leaves) = (Vector256.LoadUnsafe(ref g, u), Vector256.LoadUnsafe(ref o, u));
                var shown = GateFunctions.Tanh(Vector256.LoadUnsafe(ref after, at));
                var own = Vector256.LoadUnsafe(ref slope, u);
                var cell = Vector256.LoadUnsafe(ref carried, at) + (own * leaves * (one - (shown * shown)));
                (cell * news * enters * (one - enters)).StoreUnsafe(ref i, u);
                (cell * Vector256.LoadUnsafe(ref before, at) * stays * (one - stays)).StoreUnsafe(ref f, u);
                (cell * enters * (one - (news * news))).StoreUnsafe(ref g, u);
                (own * shown * leaves * (one - leaves)).StoreUnsafe(ref o, u);
                (cell * stays).StoreUnsafe(ref carried, at);
            }
        }

        slopes.Clear();
    }
}
