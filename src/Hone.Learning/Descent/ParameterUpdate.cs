using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Hone.Learning.Descent;

/// <summary>Moves parameters by their gradient as an <see cref="Optimizer"/> says, and keeps what it must remember of earlier ones.</summary>
internal sealed class ParameterUpdate<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly SgdOptions _options;
    private readonly T[] _first;
    private readonly T[] _second;

    /// <param name="count">How many parameters there are.</param>
    /// <param name="options">Say which optimizer.</param>
    public ParameterUpdate(int count, SgdOptions options)
    {
        _options = options;
        _first = options.Optimizer == Optimizer.Sgd ? [] : new T[count];
        _second = options.Optimizer is Optimizer.Adam or Optimizer.AdamW ? new T[count] : [];
    }

    /// <summary>Moves the parameters. Allocates nothing.</summary>
    /// <param name="parameters">As many as were said.</param>
    /// <param name="gradient">One a parameter; overwritten.</param>
    /// <param name="rate">Learning rate.</param>
    /// <param name="decay">Strength of L2, 0 for intercepts.</param>
    /// <param name="update">From 1.</param>
    public void Apply(Span<T> parameters, Span<T> gradient, double rate, double decay, long update)
    {
        switch (_options.Optimizer)
        {
            case Optimizer.Sgd:
                Move(parameters, gradient, rate, decay);
                break;
            case Optimizer.Momentum or Optimizer.Nesterov:
                MoveWithMomentum(parameters, gradient, rate, decay);
                break;
            case Optimizer.Adam:
                MoveByAdam(parameters, gradient, rate, decay, 1, update);
                break;
            default:
                MoveByAdam(parameters, gradient, rate, 0, Math.Max(0, 1 - (rate * decay)), update);
                break;
        }
    }

    /// <summary>Moves every parameter by a distance towards 0, where it stops: the L1 penalty.</summary>
    public static void MoveTowardsZero(Span<T> parameters, double distance)
    {
        if (distance == 0)
        {
            return;
        }

        var step = T.CreateTruncating(distance);
        var steps = Vector256.Create(step);
        ref var w = ref MemoryMarshal.GetReference(parameters);
        var j = 0;
        for (; j + Vector256<T>.Count <= parameters.Length; j += Vector256<T>.Count)
        {
            var weight = Load(ref w, j);
            Vector256.CopySign(Vector256.Max(Vector256.Abs(weight) - steps, Vector256<T>.Zero), weight).StoreUnsafe(ref w, (nuint)j);
        }

        foreach (ref var parameter in parameters[j..])
        {
            parameter = T.CopySign(T.Max(T.Abs(parameter) - step, T.Zero), parameter);
        }
    }

    private static void Move(Span<T> parameters, Span<T> gradient, double rate, double decay)
    {
        var (shrink, step) = (T.CreateTruncating(Math.Max(0, 1 - (rate * decay))), T.CreateTruncating(rate));
        ref var w = ref MemoryMarshal.GetReference(parameters);
        ref var g = ref MemoryMarshal.GetReference(gradient);
        var j = 0;
        for (; j + Vector256<T>.Count <= parameters.Length; j += Vector256<T>.Count)
        {
            ((Load(ref w, j) * shrink) - (Load(ref g, j) * step)).StoreUnsafe(ref w, (nuint)j);
        }

        for (; j < parameters.Length; j++)
        {
            parameters[j] = (parameters[j] * shrink) - (gradient[j] * step);
        }
    }

    private void MoveWithMomentum(Span<T> parameters, Span<T> gradient, double rate, double decay)
    {
        var (step, keep, pull) = (T.CreateTruncating(rate), T.CreateTruncating(_options.Momentum), T.CreateTruncating(decay));
        var nesterov = _options.Optimizer == Optimizer.Nesterov;
        ref var w = ref MemoryMarshal.GetReference(parameters);
        ref var g = ref MemoryMarshal.GetReference(gradient);
        ref var m = ref MemoryMarshal.GetArrayDataReference(_first);
        var j = 0;
        for (; j + Vector256<T>.Count <= parameters.Length; j += Vector256<T>.Count)
        {
            var weight = Load(ref w, j);
            var slope = Load(ref g, j) + (weight * pull);
            var speed = (Load(ref m, j) * keep) + slope;
            speed.StoreUnsafe(ref m, (nuint)j);
            (weight - ((nesterov ? slope + (speed * keep) : speed) * step)).StoreUnsafe(ref w, (nuint)j);
        }

        for (; j < parameters.Length; j++)
        {
            var slope = gradient[j] + (parameters[j] * pull);
            var speed = _first[j] = (_first[j] * keep) + slope;
            parameters[j] -= (nesterov ? slope + (speed * keep) : speed) * step;
        }
    }

    private void MoveByAdam(Span<T> parameters, Span<T> gradient, double rate, double decay, double shrinkBy, long update)
    {
        // The corrections of both means for their start at 0.
        var step = T.CreateTruncating(rate / (1 - Math.Pow(_options.Beta1, update)));
        var scale = T.CreateTruncating(1 / (1 - Math.Pow(_options.Beta2, update)));
        var (beta1, beta2) = (T.CreateTruncating(_options.Beta1), T.CreateTruncating(_options.Beta2));
        var (rest1, rest2) = (T.CreateTruncating(1 - _options.Beta1), T.CreateTruncating(1 - _options.Beta2));
        var (shrink, pull, epsilon) = (T.CreateTruncating(shrinkBy), T.CreateTruncating(decay), T.CreateTruncating(_options.Epsilon));
        ref var w = ref MemoryMarshal.GetReference(parameters);
        ref var g = ref MemoryMarshal.GetReference(gradient);
        ref var m = ref MemoryMarshal.GetArrayDataReference(_first);
        ref var v = ref MemoryMarshal.GetArrayDataReference(_second);
        var epsilons = Vector256.Create(epsilon);
        var j = 0;
        for (; j + Vector256<T>.Count <= parameters.Length; j += Vector256<T>.Count)
        {
            var weight = Load(ref w, j);
            var slope = Load(ref g, j) + (weight * pull);
            var mean = (Load(ref m, j) * beta1) + (slope * rest1);
            var square = (Load(ref v, j) * beta2) + (slope * slope * rest2);
            mean.StoreUnsafe(ref m, (nuint)j);
            square.StoreUnsafe(ref v, (nuint)j);
            ((weight * shrink) - (mean * step / (Vector256.Sqrt(square * scale) + epsilons))).StoreUnsafe(ref w, (nuint)j);
        }

        for (; j < parameters.Length; j++)
        {
            var slope = gradient[j] + (parameters[j] * pull);
            var mean = _first[j] = (_first[j] * beta1) + (slope * rest1);
            var square = _second[j] = (_second[j] * beta2) + (slope * slope * rest2);
            parameters[j] = (parameters[j] * shrink) - (mean * step / (T.Sqrt(square * scale) + epsilon));
        }
    }

    private static Vector256<T> Load(ref T first, int index) => Vector256.LoadUnsafe(ref first, (nuint)index);
}
