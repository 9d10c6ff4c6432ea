using Hone.Learning.Networks;

namespace Hone.Learning.Tests.Networks;

/// <summary>
/// Gradients of every layer against central differences in double precision: with a step of 1e-5 their own error is about 1e-10, and the
/// tolerance is 1e-7.
/// </summary>
public sealed class NetworkGradientTests
{
    private const double Step = 1e-5;

    public static TheoryData<string, string, string> Layers { get; } = new()
    {
        { "dense", "[7]", """{"kind":"dense","name":"x","units":5,"activation":"Tanh"}""" },
        { "dense, wide", "[35]", """{"kind":"dense","name":"x","units":33,"activation":"Sigmoid"}""" },
        { "dense, leaky", "[7]", """{"kind":"dense","name":"x","units":16,"activation":"LeakyRelu"}""" },
        { "convolution", "[5,6,2]", """{"kind":"convolution","name":"x","filters":3,"activation":"Tanh"}""" },
        { "convolution, one channel", "[6,5,1]", """{"kind":"convolution","name":"x","filters":17,"size":5,"activation":"Relu"}""" },
        { "convolution, even kernel", "[5,4,2]", """{"kind":"convolution","name":"x","filters":2,"size":2}""" },
        { "convolution, valid", "[7,6,3]", """{"kind":"convolution","name":"x","filters":8,"size":3,"stride":2,"border":"Valid"}""" },
        { "convolution, stride", "[7,6,2]", """{"kind":"convolution","name":"x","filters":3,"size":3,"stride":3}""" },
        { "convolution, stride beyond the kernel", "[7,8,2]", """{"kind":"convolution","name":"x","filters":3,"size":1,"stride":2}""" },
        { "max_pool", "[6,4,5]", """{"kind":"max_pool","name":"x"}""" },
        { "max_pool, overlapping", "[6,7,2]", """{"kind":"max_pool","name":"x","size":3,"stride":2}""" },
        { "max_pool, rest", "[5,7,3]", """{"kind":"max_pool","name":"x"}""" },
        { "average_pool", "[5,6,3]", """{"kind":"average_pool","name":"x","size":3,"stride":2}""" },
        { "flatten", "[2,3,2]", """{"kind":"flatten","name":"x"}""" },
        { "activation", "[9]", """{"kind":"activation","name":"x","function":"Sigmoid"}""" },
        { "batch_norm", "[6]", """{"kind":"batch_norm","name":"x"}""" },
        { "batch_norm of images", "[3,2,4]", """{"kind":"batch_norm","name":"x"}""" },
        { "layer_norm", "[6]", """{"kind":"layer_norm","name":"x"}""" },
        { "layer_norm of sequences", "[3,5]", """{"kind":"layer_norm","name":"x"}""" },
        { "lstm", "[5,3]", """{"kind":"lstm","name":"x","units":6}""" },
        { "lstm, sequence", "[4,2]", """{"kind":"lstm","name":"x","units":9,"sequence":true}""" },
        { "gru", "[5,3]", """{"kind":"gru","name":"x","units":6}""" },
        { "gru, sequence", "[4,2]", """{"kind":"gru","name":"x","units":9,"sequence":true}""" },
        { "residual", "[6]", """{"kind":"residual","name":"x","layers":[{"kind":"dense","name":"a","units":4,"activation":"Tanh"},{"kind":"dense","name":"b","units":6}]}""" },
        { "residual, shortcut", "[6]", """{"kind":"residual","name":"x","layers":[{"kind":"dense","name":"a","units":4,"activation":"Tanh"}],"shortcut":[{"kind":"dense","name":"b","units":4}]}""" },
        { "residual of an activation", "[6]", """{"kind":"residual","name":"x","layers":[{"kind":"activation","name":"a","function":"Tanh"}]}""" },
        { "module", "[4,4,1]", """{"kind":"module","name":"x","layers":[{"kind":"average_pool","name":"a"},{"kind":"flatten","name":"f"},{"kind":"dense","name":"b","units":3}]}""" },
    };

    [Theory]
    [MemberData(nameof(Layers))]
    public void Has_the_gradient_that_central_differences_have(string name, string input, string layer)
    {
        const int Rows = 5;
        var network = new Network<double>(SomeNetwork.Parse(input, $"[{layer}]"), new SeededRandom(3));
        var random = new SeededRandom(4);
        double[] Normal(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextNormal())];
        var (inputs, weights) = (Normal(Rows * network.Features), Normal(Rows * network.Outputs));
        var (outputs, inputSlopes) = (new double[weights.Length], new double[inputs.Length]);
        foreach (var (_, parameter) in network.Parameters.Where(named => named.Parameter.Gradient.Length > 0))
        {
            parameter.Import(Normal(parameter.Count));
        }

        // The loss is the sum of the outputs, each times a weight.
        double Loss()
        {
            network.Forward(inputs, outputs, Rows, isTraining: true);
            return outputs.Zip(weights, (output, weight) => output * weight).Sum();
        }

        Loss();
        network.Backward(inputs, outputs, [.. weights], inputSlopes, Rows);
        var found = network.Parameters.Where(named => named.Parameter.Gradient.Length > 0)
            .Select(named => (named.Name, named.Parameter.Values, Gradient: (double[])named.Parameter.Gradient.Clone(), named.Parameter))
            .ToList();

        AssertGradient(name + " inputs", inputs, inputSlopes, Loss);
        foreach (var (parameterName, values, gradient, parameter) in found)
        {
            // Padding has a gradient of 0 and is left alone.
            var places = Enumerable.Range(0, parameter.Count).Select(i => PlaceOf(parameter, i)).ToHashSet();
            Assert.All(Enumerable.Range(0, values.Length).Where(i => !places.Contains(i)), i => Assert.Equal(0, gradient[i]));
            AssertGradient($"{name} {parameterName}", values, gradient, Loss, places);
        }
    }

    [Fact]
    public void Leaves_the_gradient_of_a_batch_of_another_size_behind()
    {
        // The same rows must give the same gradient after a larger batch has gone through.
        var network = new Network<double>(SomeNetwork.Recurrent().Without("dropout"), new SeededRandom(3));
        var random = new SeededRandom(4);
        var inputs = Enumerable.Range(0, 20 * network.Features).Select(_ => random.NextNormal()).ToArray();
        double[] Gradient(int rows)
        {
            var outputs = new double[rows * network.Outputs];
            network.Forward(inputs.AsSpan(0, rows * network.Features), outputs, rows, isTraining: true);
            network.Backward(inputs.AsSpan(0, rows * network.Features), outputs, Array.ConvertAll(outputs, _ => 1.0), default, rows);
            return [.. network.Parameters.SelectMany(named => named.Parameter.ExportGradient())];
        }

        var before = Gradient(3);
        Gradient(20);

        Assert.Equal(before, Gradient(3));
    }

    private static int PlaceOf(Learning.Networks.Layers.LayerParameter<double> parameter, int index)
    {
        var values = (double[])parameter.Values.Clone();
        var marked = parameter.Export();
        parameter.Import([.. marked.Select((_, i) => i == index ? double.NaN : 0)]);
        var place = Array.FindIndex(parameter.Values, double.IsNaN);
        values.CopyTo(parameter.Values, 0);
        return place;
    }

    private static void AssertGradient(string name, double[] values, double[] gradient, Func<double> loss, IEnumerable<int>? places = null)
    {
        foreach (var i in places ?? Enumerable.Range(0, values.Length))
        {
            var value = values[i];
            values[i] = value + Step;
            var above = loss();
            values[i] = value - Step;
            var below = loss();
            values[i] = value;
            var slope = (above - below) / (2 * Step);
            Assert.True(Math.Abs(slope - gradient[i]) <= 1e-7 * Math.Max(1, Math.Abs(slope)), $"{name}[{i}]: {gradient[i]}, and differences say {slope}.");
        }
    }
}
