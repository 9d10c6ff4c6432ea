using System.Numerics.Tensors;
using Hone.Learning.Data;
using Hone.Learning.Descent;
using Hone.Learning.Scores;

namespace Hone.Learning.Training;

/// <summary>Reads what a model's outputs say under the loss that it was trained with.</summary>
internal static class ModelOutputs
{
    /// <summary>Whether a loss makes outputs into probabilities; a support vector machine's are only in order.</summary>
    public static bool HasProbabilities(this TrainingLoss loss) => loss.IsSoftmax() || loss == TrainingLoss.Log;

    public static Predictions Predict(IModel<float> model, Examples<float> examples, TrainingLoss loss)
    {
        var outputs = new float[examples.Count * model.Outputs];
        model.Compute(examples.Features, outputs);
        if (examples.Classes == 0)
        {
            return Predictions.OfNumbers(Array.ConvertAll(examples.Targets, t => (double)t), Array.ConvertAll(outputs, o => (double)o));
        }

        var values = Spread(outputs, model.Outputs, examples.Classes, loss);
        return Predictions.OfClasses(
            examples.Classes, examples.Labels, Winners(outputs, model.Outputs), values, loss.HasProbabilities());
    }

    /// <summary>The class of each row.</summary>
    public static int[] Winners(float[] outputs, int count)
    {
        var winners = new int[outputs.Length / count];
        for (var i = 0; i < winners.Length; i++)
        {
            winners[i] = EvaluationSum<float>.Winner(outputs.AsSpan(i * count, count));
        }

        return winners;
    }

    /// <summary>A column a class: probabilities where the loss has them, else the outputs; one output z becomes -z and z.</summary>
    public static double[] Spread(float[] outputs, int count, int classes, TrainingLoss loss)
    {
        var rows = outputs.Length / count;
        var values = new double[rows * classes];
        for (var i = 0; i < rows; i++)
        {
            var to = values.AsSpan(i * classes, classes);
            for (var k = 0; k < classes; k++)
            {
                to[k] = count == 1 ? (k == 1 ? outputs[i] : -outputs[i]) : outputs[(i * count) + k];
            }

            if (loss.IsSoftmax())
            {
                // Taken off first so that nothing overflows.
                TensorPrimitives.Subtract(to, TensorPrimitives.Max(to), to);
                TensorPrimitives.SoftMax(to, to);
            }
            else if (loss == TrainingLoss.Log)
            {
                TensorPrimitives.Sigmoid(to, to);
                TensorPrimitives.Divide(to, TensorPrimitives.Sum<double>(to), to);
            }
        }

        return values;
    }
}
