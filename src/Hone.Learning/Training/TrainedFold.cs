using Hone.Learning.Data;
using Hone.Learning.Descent;
using Hone.Learning.Linear;
using Hone.Learning.Networks;
using Hone.Learning.Scores;

namespace Hone.Learning.Training;

/// <summary>One model with the rows that it learns from and those that judge it.</summary>
internal sealed class TrainedFold
{
    private const ulong WeightStream = 1;
    private const ulong AugmentStream = 2;

    private readonly Examples<float> _validation;
    private readonly TrainOptions _options;
    private readonly TrainingLoss _loss;
    private readonly Examples<float> _training;
    private ITrainer? _trainer;
    private double _trainingLoss;

    public TrainedFold(Dataset<float> data, Split split, TrainOptions options, TrainingLoss loss)
    {
        Preprocessor = Preprocessor.Fit(data, split.Training, options.Scaling == Scaling.Standard);
        _training = data.Select(split.Training, Preprocessor, !loss.IsForNumbers());
        _validation = data.Select(split.Validation, Preprocessor, !loss.IsForNumbers());
        _options = options;
        _loss = loss;
        ValidationRows = split.Validation;
        var weights = new SeededRandom(SeededRandom.Derive((ulong)options.Seed, WeightStream));
        Model = options.Learner == Learner.Network ? TrainedNetwork.Build(options, _training, loss, weights)
            : options.Learner == Learner.Perceptron
            ? new Perceptron<float>(
                _training.Features.Columns,
                Array.ConvertAll(options.Hidden.Split('x'), units => (int)double.Parse(units, System.Globalization.CultureInfo.InvariantCulture)),
                loss.OutputsFor(_training.Classes),
                options.Activation,
                weights)
            : new LinearModel<float>(_training, loss);
    }

    public IModel<float> Model { get; }

    public Preprocessor Preprocessor { get; }

    public int[] ValidationRows { get; }

    public int TrainingRows => _training.Count;

    /// <summary>Makes ready to step so often.</summary>
    public void Begin(long steps)
    {
        var descent = _options.Descent(_loss, steps);
        _trainer = Model switch
        {
            Network<float> network => new NetworkTrainer<float>(network, _training, descent, _options.ClipNorm ?? double.PositiveInfinity)
            {
                Augmentation = _options.Augment == Augmentation.None ? null : new ImageAugmentation<float>(
                    network.Description.Input, _options.Augment, new SeededRandom(SeededRandom.Derive((ulong)_options.Seed, AugmentStream))),
            },
            Perceptron<float> network => new PerceptronTrainer<float>(network, _training, descent),
            _ => new SgdTrainer<float>((LinearModel<float>)Model, _training, descent),
        };
    }

    public void Step() => _trainingLoss += _trainer!.Step();

    public double TakeTrainingLoss(long steps)
    {
        var mean = _trainingLoss / steps;
        _trainingLoss = 0;
        return mean;
    }

    public Evaluation Validate() => Model.Evaluate(_validation, _loss, _options.HuberDelta);

    /// <summary>What the model says of the rows that judge it.</summary>
    public Predictions Predict() => ModelOutputs.Predict(Model, _validation, _loss);
}
