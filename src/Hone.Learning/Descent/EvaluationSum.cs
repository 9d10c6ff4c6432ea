using System.Numerics;
using Hone.Learning.Data;
using Hone.Learning.Scores;

namespace Hone.Learning.Descent;

/// <summary>Adds up how well outputs fit their examples, a block at a time.</summary>
internal ref struct EvaluationSum<T>(Examples<T> examples, TrainingLoss loss, double huberDelta)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private double _loss;
    private double _squares;
    private int _right;

    /// <summary>Takes the outputs of some rows; overwrites them.</summary>
    /// <param name="rows">The examples that the outputs are of.</param>
    /// <param name="outputs">One row an example.</param>
    /// <param name="count">How many outputs an example has.</param>
    /// <param name="stride">From the first output of an example to that of the next.</param>
    public void Add(ReadOnlySpan<int> rows, Span<T> outputs, int count, int stride)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            var mine = outputs.Slice(i * stride, count);
            if (examples.Classes > 0)
            {
                _right += Winner(mine) == examples.Labels[rows[i]] ? 1 : 0;
            }
            else
            {
                var error = double.CreateTruncating(mine[0] - examples.Targets[rows[i]]);
                _squares += error * error;
            }
        }

        _loss += LossFunctions.Differentiate(loss, huberDelta, examples, rows, outputs, count, stride);
    }

    /// <summary>The means over all examples.</summary>
    public readonly Evaluation Mean() => examples.Classes == 0
        ? new Evaluation(_loss / examples.Count, null, Math.Sqrt(_squares / examples.Count))
        : new Evaluation(_loss / examples.Count, (double)_right / examples.Count, null);

    /// <summary>The class with the largest output, the first of equals; with one output class 1 if it is above 0. NaN never wins.</summary>
    public static int Winner(ReadOnlySpan<T> outputs)
    {
        if (outputs.Length == 1)
        {
            return outputs[0] > T.Zero ? 1 : 0;
        }

        var winner = 0;
        for (var k = 1; k < outputs.Length; k++)
        {
            if (outputs[k] > outputs[winner])
            {
                winner = k;
            }
        }

        return winner;
    }
}
