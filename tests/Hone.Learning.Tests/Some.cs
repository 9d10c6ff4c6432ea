using System.Text;
using Hone.Learning.Data;

namespace Hone.Learning.Tests;

/// <summary>Valid data for tests; a test shows only what matters to it.</summary>
internal static class Some
{
    public static Stream Bytes(string text) => new MemoryStream(Encoding.UTF8.GetBytes(text));

    public static Dataset<double> Table(string text, string name = "table.tsv", string target = "target") =>
        TableReader.Read<double>(Bytes(text), name, target);

    /// <summary>Normal features with classes, or numbers when there are none, that depend on them; fixed by the seed.</summary>
    public static Examples<double> Examples(int rows, int features, int classes, ulong seed = 1)
    {
        var random = new SeededRandom(seed);
        var values = new double[rows * features];
        var targets = new double[rows];
        var labels = new int[classes == 0 ? 0 : rows];
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < features; j++)
            {
                values[(i * features) + j] = random.NextNormal();
                targets[i] += values[(i * features) + j] * (j % 3 - 1.2);
            }

            if (classes > 0)
            {
                labels[i] = (int)Math.Clamp(Math.Floor(targets[i] + (classes / 2.0)), 0, classes - 1);
                targets[i] = labels[i];
            }
        }

        return new Examples<double>(new Matrix<double>(rows, features, values), targets, labels, classes);
    }
}
