using System.Numerics;
using System.Runtime.CompilerServices;

namespace Hone.Sampling.Tpe;

/// <summary>exp in vectors, without the branches for what cannot come up here; relative error below 1e-15.</summary>
internal static class Exponential
{
    private const double Most = 708;

    // Adding it leaves a whole number in the lowest bits of the sum.
    private const double Shift = 6755399441055744;
    private const double HighLog2 = 0.693147180369123816490;
    private const double LowLog2 = 1.90821492927058770002e-10;

    /// <summary>exp(x) = 2^k exp(r), |r| at most ln 2 / 2, by the Taylor series of exp(r). Outside [-708, 708]: the value at the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<double> Of(Vector<double> x)
    {
        x = Vector.MinNative(Vector.MaxNative(x, new Vector<double>(-Most)), new Vector<double>(Most));
        var shifted = (x * 1.4426950408889634074) + new Vector<double>(Shift);
        var k = shifted - new Vector<double>(Shift);
        var r = x - (k * HighLog2) - (k * LowLog2);
        var sum = new Vector<double>(1.0 / 479001600);
        sum = Vector.MultiplyAddEstimate(sum, r, new Vector<double>(1.0 / 39916800));
        sum = Vector.MultiplyAddEstimate(sum, r, new Vector<double>(1.0 / 3628800));
        sum = Vector.MultiplyAddEstimate(sum, r, new Vector<double>(1.0 / 362880));
        sum = Vector.MultiplyAddEstimate(sum, r, new Vector<double>(1.0 / 40320));
        sum = Vector.MultiplyAddEstimate(sum, r, new Vector<double>(1.0 / 5040));
        sum = Vector.MultiplyAddEstimate(sum, r, new Vector<double>(1.0 / 720));
        sum = Vector.MultiplyAddEstimate(sum, r, new Vector<double>(1.0 / 120));
        sum = Vector.MultiplyAddEstimate(sum, r, new Vector<double>(1.0 / 24));
        sum = Vector.MultiplyAddEstimate(sum, r, new Vector<double>(1.0 / 6));
        sum = Vector.MultiplyAddEstimate(sum, r, new Vector<double>(0.5));
        sum = Vector.MultiplyAddEstimate(sum, r, Vector<double>.One);
        sum = Vector.MultiplyAddEstimate(sum, r, Vector<double>.One);
        return Vector.AsVectorDouble(Vector.AsVectorInt64(sum) + (Vector.AsVectorInt64(shifted) << 52));
    }
}
