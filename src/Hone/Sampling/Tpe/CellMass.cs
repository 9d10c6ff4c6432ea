using System.Numerics;

namespace Hone.Sampling.Tpe;

/// <summary>The integral of exp(-z^2) over a cell, z being the distance from a kernel's centre in units of its width times sqrt 2.</summary>
/// <remarks>
/// Over a cell of half a width or less: cell * exp(-z^2) at its middle, times the series sum He_2k(m) (h / 2)^2k / (2k + 1)! in its width h
/// and the distance m of its middle, in standard deviations. Seven terms for |m| h below 1.2: relative error below 1e-12. Otherwise from erfc.
/// </remarks>
internal static class CellMass
{
    private const double RootPi = 1.7724538509055160273;
    private const double LargestHalfSquare = 1.0 / 16;
    private const double LargestProduct = 0.36;

    /// <summary>The factor that the cell adds to the kernels' densities.</summary>
    /// <param name="from">The lower end of the cell.</param>
    /// <param name="to">The upper end.</param>
    /// <param name="centre">The kernels' centres.</param>
    /// <param name="scale">1 / (width sqrt 2) of the kernels.</param>
    /// <param name="log">What is left of the exponent is added to it.</param>
    public static Vector<double> Of(double from, double to, Vector<double> centre, Vector<double> scale, ref Vector<double> log)
    {
        var cell = new Vector<double>(to - from);
        var z = (new Vector<double>((from + to) / 2) - centre) * scale;
        var square = z * z;
        var half = cell * scale;
        var halfSquare = half * half * 0.5;
        var middleSquare = square * 2;
        if (Vector.LessThanOrEqualAll(halfSquare, new Vector<double>(LargestHalfSquare))
            && Vector.LessThanOrEqualAll(halfSquare * middleSquare, new Vector<double>(LargestProduct)))
        {
            log -= square;
            return cell * Series(halfSquare, middleSquare);
        }

        var mass = NormalIntegral.ScaledMass((new Vector<double>(from) - centre) * scale, (new Vector<double>(to) - centre) * scale);
        return mass * RootPi / scale;
    }

    // T_k = He_2k(m) (h / 2)^2k follows from the two before it, with a = (h / 2)^2 and b = m^2.
    private static Vector<double> Series(Vector<double> a, Vector<double> b)
    {
        var square = a * a;
        var t1 = a * (b - Vector<double>.One);
        var t2 = (a * (b - new Vector<double>(5)) * t1) - (square * 2);
        var t3 = (a * (b - new Vector<double>(9)) * t2) - (square * 12 * t1);
        var t4 = (a * (b - new Vector<double>(13)) * t3) - (square * 30 * t2);
        var t5 = (a * (b - new Vector<double>(17)) * t4) - (square * 56 * t3);
        var t6 = (a * (b - new Vector<double>(21)) * t5) - (square * 90 * t4);
        return Vector<double>.One + (t1 * (1.0 / 6)) + (t2 * (1.0 / 120)) + (t3 * (1.0 / 5040))
            + (t4 * (1.0 / 362880)) + (t5 * (1.0 / 39916800)) + (t6 * (1.0 / 6227020800));
    }
}
