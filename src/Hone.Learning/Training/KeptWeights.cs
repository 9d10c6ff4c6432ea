using Hone.Learning.Descent;
using Hone.Learning.Linear;
using Hone.Learning.Networks;

namespace Hone.Learning.Training;

/// <summary>A copy of a model's weights at some moment of its training.</summary>
internal sealed class KeptWeights
{
    private readonly float[][] _live;
    private readonly float[][] _copies;

    /// <param name="model">A linear model or a perceptron.</param>
    public KeptWeights(IModel<float> model)
    {
        _live = model is Perceptron<float> network
            ? [.. network.Layers.SelectMany(layer => new[] { layer.Weights, layer.Bias })]
            : [((LinearModel<float>)model).Weights, ((LinearModel<float>)model).Intercepts];
        _copies = Array.ConvertAll(_live, weights => new float[weights.Length]);
    }

    /// <summary>Copies the weights as they are now.</summary>
    public void Take() => Copy(_live, _copies);

    /// <summary>Gives the model the copied weights.</summary>
    public void Restore() => Copy(_copies, _live);

    private static void Copy(float[][] from, float[][] to)
    {
        for (var i = 0; i < from.Length; i++)
        {
            from[i].CopyTo(to[i].AsSpan());
        }
    }
}
