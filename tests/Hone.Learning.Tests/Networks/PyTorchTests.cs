using System.Numerics;
using System.Text.Json;
using Hone.Learning.Data;
using Hone.Learning.Descent;
using Hone.Learning.Networks;

namespace Hone.Learning.Tests.Networks;

/// <summary>
/// Against PyTorch 1.13 in double precision: <c>oracles/networks.py</c> made <c>networks.json</c>, so that the tests need no PyTorch, and
/// says which conventions differ. Double precision agrees to 1e-9; single precision, whose own rounding is 6e-8 a number, to 1e-5.
/// </summary>
public sealed class PyTorchTests
{
    private static readonly JsonElement Oracle = Oracles.Read("networks.json");

    public static TheoryData<string> Cases { get; } =
        ["dense", "convolutions", "strides and pools", "residual", "recurrent", "embedding"];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gives_the_outputs_and_gradients_of_PyTorch_in_double_precision(string name) => CheckGradients<double>(name, 1e-9);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gives_the_outputs_and_gradients_of_PyTorch_in_single_precision(string name) => CheckGradients<float>(name, 1e-5);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Learns_what_PyTorch_learns_in_three_steps_of_each_optimizer(string name)
    {
        foreach (var (key, optimizer) in ((string, Optimizer)[])[("momentum", Optimizer.Momentum), ("adam", Optimizer.Adam), ("adam_w", Optimizer.AdamW)])
        {
            var (network, examples) = Open<double>(name, out var reference);
            var trainer = new NetworkTrainer<double>(network, examples, new SgdOptions
            {
                Loss = TrainingLoss.CrossEntropy,
                BatchSize = examples.Count,
                LearningRate = Oracle.GetProperty("rate").GetDouble(),
                Alpha = Oracle.GetProperty("decay").GetDouble(),
                Optimizer = optimizer,
            });
            for (var step = 0; step < Oracle.GetProperty("steps").GetInt32(); step++)
            {
                trainer.Step();
            }

            var outputs = new double[examples.Count * network.Outputs];
            network.Compute(examples.Features, outputs);
            // A convolution's bias before a batch normalisation has the gradient 0 but for rounding, which Adam blows up to whole steps.
            Near(reference.GetProperty("after").Numbers(key), outputs, name == "convolutions" && key != "momentum" ? 1e-5 : 1e-8, key);
        }
    }

    private static void CheckGradients<T>(string name, double tolerance)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (network, examples) = Open<T>(name, out var reference);
        var inputs = examples.Features.Values;
        var (outputs, inputSlopes) = (new T[examples.Count * network.Outputs], new T[inputs.Length]);
        network.Reserve(examples.Count);

        network.Forward(inputs, outputs, examples.Count, isTraining: true);
        Near(reference.Numbers("outputs"), outputs, tolerance, "outputs");

        var slopes = (T[])outputs.Clone();
        int[] rows = [.. Enumerable.Range(0, examples.Count)];
        var loss = LossFunctions.Differentiate(TrainingLoss.CrossEntropy, 1, examples, rows, slopes, network.Outputs, network.Outputs);
        Near([reference.GetProperty("loss").GetDouble()], [T.CreateChecked(loss / examples.Count)], tolerance, "loss");

        slopes = Array.ConvertAll(slopes, slope => slope / T.CreateChecked(examples.Count));
        network.Backward(inputs, outputs, slopes, inputSlopes, examples.Count);
        foreach (var (parameterName, parameter) in network.Parameters.Where(named => named.Parameter.Gradient.Length > 0))
        {
            Near(reference.GetProperty("gradients").Numbers(parameterName), parameter.ExportGradient(), tolerance, parameterName);
        }

        var expected = reference.Numbers("input_slopes");
        Near(expected.Length == 0 ? new double[inputs.Length] : expected, inputSlopes, tolerance, "input slopes");
    }

    private static (Network<T> Network, Examples<T> Examples) Open<T>(string name, out JsonElement reference)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var found = Oracle.GetProperty("cases").EnumerateArray().Single(c => c.GetProperty("name").GetString() == name);
        reference = found;
        var description = SomeNetwork.Parse(found.GetProperty("input").GetRawText(), found.GetProperty("layers").GetRawText());
        var network = new Network<T>(description, new SeededRandom(1));
        foreach (var (parameterName, parameter) in network.Parameters.Where(named => named.Parameter.Gradient.Length > 0))
        {
            parameter.Import(Array.ConvertAll(found.GetProperty("parameters").Numbers(parameterName), T.CreateChecked));
        }

        var labels = found.Whole("y");
        var features = new Matrix<T>(labels.Length, network.Features, Array.ConvertAll(found.Numbers("x"), T.CreateChecked));
        return (network, new Examples<T>(features, Array.ConvertAll(labels, T.CreateChecked), labels, network.Outputs));
    }

    private static void Near<T>(double[] expected, T[] actual, double tolerance, string what)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            var value = double.CreateChecked(actual[i]);
            Assert.True(Math.Abs(expected[i] - value) <= tolerance * Math.Max(1, Math.Abs(expected[i])), $"{what}[{i}]: {value} is not {expected[i]}.");
        }
    }
}
