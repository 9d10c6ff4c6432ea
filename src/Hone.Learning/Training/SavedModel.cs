using System.Globalization;
using System.Text.Json;
using Hone.Learning.Data;
using Hone.Learning.Descent;
using Hone.Learning.Linear;
using Hone.Learning.Networks;

namespace Hone.Learning.Training;

/// <summary>A trained model with all that it takes to predict from a table: the columns, the preprocessing and the classes.</summary>
/// <remarks>
/// The file is one object of JSON and holds data only, never code: <c>format</c> "hone-model" and <c>version</c> 1; <c>learner</c>,
/// <c>loss</c>, <c>target</c>; <c>columns</c>, each with its <c>name</c>, its <c>fill</c> for a missing value and its
/// <c>categories</c>; <c>means</c> and <c>deviations</c> of the features after categories were spread out; <c>classes</c>, the codes or
/// texts in order of the labels; <c>activation</c>; and <c>layers</c> from the first to the last, each with <c>inputs</c>,
/// <c>outputs</c>, <c>weights</c> output by output and <c>bias</c>, as little-endian 32-bit numbers in Base64.
/// </remarks>
public sealed class SavedModel
{
    private const string Format = "hone-model";
    private const int Version = 1;
    private const int MostFeatures = 1 << 24;

    private readonly ModelFile _file;
    private readonly Preprocessor _preprocessor;
    private readonly IModel<float> _model;
    private readonly TrainingLoss _loss;

    private SavedModel(ModelFile file, Preprocessor preprocessor, IModel<float> model, TrainingLoss loss)
    {
        _file = file;
        _preprocessor = preprocessor;
        _model = model;
        _loss = loss;
    }

    /// <summary>The column that the model predicts.</summary>
    public string Target => _file.Target;

    /// <summary>The columns that it predicts from, by name; a table may have more, in any order.</summary>
    public IReadOnlyList<string> Columns => [.. _file.Columns.Select(column => column.Name)];

    /// <summary>The classes in the order of their labels; empty where it predicts numbers.</summary>
    public IReadOnlyList<string> Classes => _file.Classes;

    /// <summary>Reads a model from a file.</summary>
    /// <exception cref="DataException">There is no such file, or it is not a model that fits together.</exception>
    public static SavedModel Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using var stream = File.OpenRead(path);
            var file = JsonSerializer.Deserialize(stream, ModelJson.Default.ModelFile);
            return file is { Format: Format, Version: Version }
                ? Open(file)
                : throw new DataException($"{path}: is not a model of format {Format}, version {Version}.");
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException or OverflowException)
        {
            throw new DataException($"{path}: is not a model that hone train saved: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Writes the model to a file, whole or not at all.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var part = path + ".part";
        File.WriteAllBytes(part, JsonSerializer.SerializeToUtf8Bytes(_file, ModelJson.Default.ModelFile));
        File.Move(part, path, overwrite: true);
    }

    /// <summary>Predicts for each row of a table and writes a line for each: the prediction, and for classes, where the loss gives them,
    /// their probabilities; tab-separated under a header.</summary>
    /// <param name="source">As <see cref="DataSource"/> takes it. Columns that the model does not know are ignored.</param>
    /// <param name="output">Gets the lines.</param>
    /// <exception cref="DataException">The table cannot be read or lacks a column.</exception>
    public void Predict(string source, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var types = _file.Columns.Where(column => column.Categories.Count > 0)
            .ToDictionary(column => column.Name, _ => ColumnType.Category);
        foreach (var column in _file.Columns.Where(column => column.IsTime))
        {
            types[column.Name] = ColumnType.Time;
        }

        var table = DataSource.Load<float>(source, new TableOptions { Target = null, Missing = Missing.Impute, Types = types, RefusesMixed = false });
        var features = Align(table);
        output.Write(Header() + "\n");
        for (var start = 0; start < features.Rows; start += 1024)
        {
            var rows = Enumerable.Range(start, Math.Min(1024, features.Rows - start)).ToArray();
            var outputs = new float[rows.Length * _model.Outputs];
            _model.Compute(_preprocessor.Apply(features, rows), outputs);
            Write(outputs, output);
        }
    }

    internal static SavedModel Of(
        TrainOptions options, Dataset<float> data, TrainingLoss loss, Preprocessor preprocessor, IModel<float> model) => Open(new ModelFile
        {
            Format = Format,
            Version = Version,
            Learner = options.Learner,
            Loss = loss,
            Target = data.TargetName,
            Columns = [.. data.Columns.Select((name, c) => new ModelColumn
            {
                Name = name, Fill = preprocessor.Fills[c], Categories = [.. preprocessor.Categories[c]], IsTime = name == options.Time,
            })],
            Means = [.. preprocessor.Scaler.Means],
            Deviations = [.. preprocessor.Scaler.Deviations],
            Classes = loss.IsForNumbers() ? [] : [.. data.Classes.Select(code => data.ClassNames.Count > 0
                ? data.ClassNames[(int)code] : code.ToString("R", CultureInfo.InvariantCulture))],
            Activation = options.Activation,
            Layers = model is Perceptron<float> network
                ? [.. network.Layers.Select(layer => layer.Export())]
                : [ModelLayer.Of((LinearModel<float>)model)],
        });

    private static SavedModel Open(ModelFile file)
    {
        var categories = file.Columns.ConvertAll(column => (IReadOnlyList<string>)column.Categories);
        var features = Preprocessor.OutputsOf(categories);
        if (features is < 1 or > MostFeatures || file.Means.Length != features || file.Deviations.Length != features || file.Layers.Count == 0)
        {
            throw new FormatException("columns, means, deviations and layers do not go together.");
        }

        var outputs = file.Loss.OutputsFor(file.Classes.Count);
        var inputs = features;
        foreach (var layer in file.Layers)
        {
            layer.Check(inputs);
            inputs = layer.Outputs;
        }

        if (inputs != outputs || (file.Learner == Learner.Perceptron ? file.Layers.Count < 2 : file.Layers.Count != 1))
        {
            throw new FormatException($"the layers do not end in the {outputs} outputs of the loss {file.Loss}.");
        }

        var preprocessor = new Preprocessor(
            [.. file.Columns.Select(column => column.Fill)], categories, new Standardizer(file.Means, file.Deviations));
        return new SavedModel(file, preprocessor, Build(file, features, outputs), file.Loss);
    }

    private static IModel<float> Build(ModelFile file, int features, int outputs)
    {
        if (file.Learner != Learner.Perceptron)
        {
            var linear = new LinearModel<float>(features, outputs);
            ModelLayer.Numbers(file.Layers[0].Weights).CopyTo(linear.Weights);
            ModelLayer.Numbers(file.Layers[0].Bias).CopyTo(linear.Intercepts);
            return linear;
        }

        var network = new Perceptron<float>(
            features, [.. file.Layers.SkipLast(1).Select(layer => layer.Outputs)], outputs, file.Activation, new SeededRandom(0));
        for (var l = 0; l < file.Layers.Count; l++)
        {
            network.Layers[l].Import(file.Layers[l]);
        }

        return network;
    }

    /// <summary>The model's columns out of a table's, with categories coded as the model knows them.</summary>
    private Matrix<float> Align(Dataset<float> table)
    {
        var values = new float[checked(table.Features.Rows * _file.Columns.Count)];
        for (var c = 0; c < _file.Columns.Count; c++)
        {
            var column = _file.Columns[c];
            var from = table.Columns.ToList().IndexOf(column.Name);
            if (from < 0)
            {
                throw new DataException($"{table.Name}: there is no column '{column.Name}', which the model needs.");
            }

            if (column.Categories.Count == 0 && table.Categories.Count > 0 && table.Categories[from].Count > 0)
            {
                throw new DataException(
                    $"{table.Name}: column '{column.Name}' holds texts such as '{table.Categories[from][0]}', and the model learned numbers.");
            }

            int[] codes = column.Categories.Count == 0 ? [] : [.. table.Categories[from].Select(name => column.Categories.IndexOf(name))];
            for (var row = 0; row < table.Features.Rows; row++)
            {
                var value = table.Features[row, from];
                values[(row * _file.Columns.Count) + c] = codes.Length == 0 || float.IsNaN(value) ? value : codes[(int)value];
            }
        }

        return new Matrix<float>(table.Features.Rows, _file.Columns.Count, values);
    }

    private string Header() => _loss.HasProbabilities()
        ? string.Join('\t', _file.Classes.Select(name => $"probability_{name}").Prepend(Target))
        : Target;

    private void Write(float[] outputs, TextWriter output)
    {
        if (_file.Classes.Count == 0)
        {
            foreach (var value in outputs)
            {
                output.Write(value.ToString("R", CultureInfo.InvariantCulture) + "\n");
            }

            return;
        }

        var winners = ModelOutputs.Winners(outputs, _model.Outputs);
        var spread = ModelOutputs.Spread(outputs, _model.Outputs, _file.Classes.Count, _loss);
        for (var i = 0; i < winners.Length; i++)
        {
            output.Write(_file.Classes[winners[i]]);
            for (var k = 0; k < _file.Classes.Count && _loss.HasProbabilities(); k++)
            {
                output.Write("\t" + spread[(i * _file.Classes.Count) + k].ToString("G9", CultureInfo.InvariantCulture));
            }

            output.Write('\n');
        }
    }
}
