using Hone.Learning.Data;
using Hone.Learning.Descent;
using Hone.Learning.Networks;

namespace Hone.Learning.Training;

/// <summary>Builds the network that options describe, for some examples.</summary>
internal static class TrainedNetwork
{
    /// <exception cref="TrainOptionsException">The description does not fit together, or not with the examples or the loss.</exception>
    public static Network<float> Build(TrainOptions options, Examples<float> examples, TrainingLoss loss, Random random)
    {
        var file = options.Model ?? "the network";
        var description = options.Network
            ?? throw new TrainOptionsException($"--model: {file} has to be read before the training starts.");
        try
        {
            if (description.TakesAnyFeatures)
            {
                description = description with { Input = new TensorShape(examples.Features.Columns), TakesAnyFeatures = false };
            }

            if (options.Without.Length > 0)
            {
                description = description.Without(TrainOptions.Names(options.Without));
            }

            if (options.Augment != Augmentation.None)
            {
                ImageAugmentation<float>.Check(description.Input);
            }

            NetworkTrainer<float>.Check(description, examples.Features.Columns, loss, examples.Classes);
            return description.All().First(layer => layer.Inside.Count == 0) is not EmbeddingDescription embedding
                ? new Network<float>(description, random)
                : throw new NetworkException($"Layer '{embedding.Name}' takes codes, and a training scales all columns. Train such a network from C#.");
        }
        catch (NetworkException wrong)
        {
            throw new TrainOptionsException($"--model: {file}: {wrong.Message}", wrong);
        }
    }
}
