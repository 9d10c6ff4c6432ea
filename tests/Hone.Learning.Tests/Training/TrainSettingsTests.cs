using Hone.Learning.Descent;
using Hone.Learning.Training;

namespace Hone.Learning.Tests.Training;

public sealed class TrainSettingsTests
{
    [Fact]
    public void Reads_numbers_as_any_language_prints_them()
    {
        var options = Parse("batch_size=32.0 learning_rate=1e-3 alpha=0.000100 steps=1E3 report_every=+10");

        Assert.Equal((32, 0.001, 0.0001, 1000L, 10L), (options.BatchSize, options.LearningRate, options.Alpha, options.Steps, options.ReportEvery));
    }

    [Fact]
    public void Reads_every_setting()
    {
        var options = Parse(
            "target=y loss=hinge penalty=l1 schedule=inverse_scaling power=0.5 update=per_row epochs=3 seed=7 folds=5 test_share=0.2", "svm");

        Assert.Equal(
            new TrainOptions
            {
                Learner = Learner.Svm,
                Data = "diabetes",
                Target = "y",
                Loss = TrainingLoss.Hinge,
                Penalty = Penalty.L1,
                Schedule = Schedule.InverseScaling,
                Power = 0.5,
                Update = Update.PerRow,
                Epochs = 3,
                Seed = 7,
                Folds = 5,
                TestShare = 0.2,
            },
            options);
    }

    [Theory]
    [InlineData("batch_size=0", "--batch-size: '0' is not a whole number from 1 up.")]
    [InlineData("batch_size=2.5", "--batch-size: '2.5' is not a whole number from 1 up.")]
    [InlineData("batch_size=1e10", "--batch-size: '1e10' is not a whole number from 1 up.")]
    [InlineData("learning_rate=0", "--learning-rate: '0' is not a number above 0.")]
    [InlineData("learning_rate=fast", "--learning-rate: 'fast' is not a number above 0.")]
    [InlineData("learning_rate=NaN", "--learning-rate: 'NaN' is not a number above 0.")]
    [InlineData("learning_rate=0,1", "--learning-rate: '0,1' is not a number above 0.")]
    [InlineData("alpha=-1", "--alpha: '-1' is not a number from 0 up.")]
    [InlineData("penalty=l3", "--penalty: 'l3' is not one of none, l1, l2, elastic_net.")]
    [InlineData("schedule=linear", "--schedule: 'linear' is not one of constant, inverse_scaling, step, cosine.")]
    [InlineData("loss=focal", "--loss: 'focal' is not one of squared, log, cross_entropy, hinge, squared_hinge, huber, cauchy_schwarz.")]
    [InlineData("momentum=1", "--momentum: '1' is not a number from 0 to below 1.")]
    [InlineData("hidden=64,32", "--hidden: '64,32' is not units of each hidden layer, such as 128 or 128x64.")]
    [InlineData("split=grouped", "--group: is needed with --split grouped, and goes with no other.")]
    [InlineData("time=age", "--time: is needed with --split time, and goes with no other.")]
    [InlineData("repeats=3", "--repeats: 3 need --folds, and a split that is drawn by chance.")]
    [InlineData("folds=3 save=model", "--save: there is one model for each of the --folds. Train without folds to save one.")]
    [InlineData("early_stopping=never", "--early-stopping: 'never' is not one of none, gl, pq, up.")]
    [InlineData("loss=hinge", "--loss: 'hinge' is not a loss of --learner logistic. It has log and cross_entropy and cauchy_schwarz.")]
    [InlineData("folds=1", "--folds: '1' is not 0, or a whole number from 2 up.")]
    [InlineData("test_share=1", "--test-share: '1' is not a number from 0 to below 1.")]
    [InlineData("test_share=0", "--test-share: 0 leaves no rows to validate on. Raise it, or give --folds.")]
    [InlineData("steps=10 epochs=2", "--epochs: 2 was given beside --steps 10. Give one of them.")]
    [InlineData("seed=-1", "--seed: '-1' is not a whole number from 0 up.")]
    [InlineData("batchsize=3", "'batchsize' is not a setting of a training. Did you mean 'batch_size'?")]
    public void Names_the_option_the_value_and_what_is_expected(string settings, string message) =>
        Assert.Equal(message, Assert.Throws<TrainOptionsException>(() => Parse(settings)).Message);

    [Fact]
    public void Asks_for_a_learner_and_for_data()
    {
        Assert.Equal(
            "--learner: is needed: one of linear, logistic, svm, mlp, network.",
            Assert.Throws<TrainOptionsException>(() => TrainSettings.Parse(new Dictionary<string, string>())).Message);
        Assert.Equal(
            "--data: is needed: a name.",
            Assert.Throws<TrainOptionsException>(() => TrainSettings.Parse(new Dictionary<string, string> { ["learner"] = "svm" })).Message);
    }

    [Fact]
    public void Lets_a_reader_of_study_files_check_a_value_and_find_a_name()
    {
        var setting = TrainSettings.Find("learning_rate")!;

        Assert.Equal("--learning-rate", setting.Option);
        Assert.True(setting.Accepts("0.1"));
        Assert.False(setting.Accepts("-0.1"));
        Assert.Null(TrainSettings.Find("momentums"));
        Assert.Equal("learning_rate", TrainSettings.Nearest("learningrate"));
        Assert.Null(TrainSettings.Nearest("temperature"));
    }

    private static TrainOptions Parse(string settings, string learner = "logistic") => TrainSettings.Parse(
        $"learner={learner} data=diabetes {settings}".Split(' ').Select(s => s.Split('=')).ToDictionary(s => s[0], s => s[1]));
}
