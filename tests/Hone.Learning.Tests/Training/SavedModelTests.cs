using System.Globalization;
using Hone.Learning.Data;
using Hone.Learning.Training;

namespace Hone.Learning.Tests.Training;

public sealed class SavedModelTests : IDisposable
{
    private const string People = "age,color,income\n20,red,low\n30,blue,high\n,red,low\n60,blue,high\n25,red,low\n70,green,high\n35,blue,high\n22,red,low\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("hone-model").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("learner=logistic data=diabetes")]
    [InlineData("learner=svm data=diabetes")]
    [InlineData("learner=mlp hidden=20x10 activation=tanh data=diabetes optimizer=adam")]
    public void Predicts_what_the_training_reported(string settings)
    {
        var path = Path.Combine(_folder, "model.json");
        var accuracy = LastAccuracy($"{settings} steps=200 save={path}");

        var predicted = Predict(SavedModel.Load(path), "diabetes").Select(line => line.Split('\t')[0]).ToArray();

        var table = DataSource.Load<double>("diabetes");
        var rows = Split.HoldOut(768).Validation;
        var right = rows.Count(row => predicted[row] == table.Targets[row].ToString(CultureInfo.InvariantCulture));
        Assert.Equal(accuracy, (double)right / rows.Length, 1e-12);
    }

    [Fact]
    public void Predicts_numbers_and_writes_the_target_s_name_above_them()
    {
        var path = Path.Combine(_folder, "model.json");
        Run($"learner=linear data=pollen learning_rate=0.1 steps=500 save={path}");
        var output = new StringWriter();

        var model = SavedModel.Load(path);
        model.Predict("pollen", output);

        var lines = output.ToString().TrimEnd().Split('\n');
        Assert.Equal(("target", 3849), (lines[0], lines.Length));
        var targets = DataSource.Load<double>("pollen").Targets;
        var errors = lines[1..].Zip(targets, (line, target) => double.Parse(line, CultureInfo.InvariantCulture) - target);
        Assert.InRange(Math.Sqrt(errors.Average(error => error * error)), 1.4, 1.5);
    }

    [Fact]
    public void Keeps_categories_fills_and_names_of_classes_and_takes_columns_in_any_order()
    {
        var (data, path, other) = (Path.Combine(_folder, "people.csv"), Path.Combine(_folder, "model.json"), Path.Combine(_folder, "new.csv"));
        File.WriteAllText(data, People);
        Run($"learner=logistic data={data} target=income missing=impute learning_rate=0.5 steps=300 test_share=0.2 save={path}");
        File.WriteAllText(other, "name,color,age\nann,red,\nbob,blue,65\ncid,pink,70\n");

        var model = SavedModel.Load(path);
        var lines = Predict(model, other);

        Assert.Equal(["age", "color"], model.Columns);
        Assert.Equal(["high", "low"], model.Classes);
        Assert.Equal(["low", "high"], lines[..2].Select(line => line.Split('\t')[0]));
        Assert.All(lines, line => Assert.Equal(1, line.Split('\t')[1..].Sum(p => double.Parse(p, CultureInfo.InvariantCulture)), 1e-6));
    }

    [Fact]
    public void Says_which_column_a_table_lacks()
    {
        var path = Path.Combine(_folder, "model.json");
        Run($"learner=logistic data=diabetes steps=10 save={path}");

        var exception = Assert.Throws<DataException>(() => SavedModel.Load(path).Predict("pollen", TextWriter.Null));

        Assert.Equal("pollen: there is no column 'pregnant', which the model needs.", exception.Message);
    }

    [Fact]
    public void Refuses_files_that_are_no_models_or_were_damaged()
    {
        var path = Path.Combine(_folder, "model.json");
        Run($"learner=mlp hidden=3 data=diabetes steps=10 save={path}");
        var text = File.ReadAllText(path);
        foreach (var damaged in (string[])["", "{}", "[1]", text[..^20], text.Replace("\"version\": 1", "\"version\": 2", StringComparison.Ordinal),
            text.Replace("\"inputs\": 8", "\"inputs\": 9", StringComparison.Ordinal), text.Replace("\"outputs\": 3", "\"outputs\": 2000000000", StringComparison.Ordinal),
            text.Replace("\"means\": [", "\"means\": [1,", StringComparison.Ordinal), text.Replace("CrossEntropy", "Squared", StringComparison.Ordinal)])
        {
            File.WriteAllText(path, damaged);
            Assert.StartsWith(path + ": ", Assert.Throws<DataException>(() => SavedModel.Load(path)).Message, StringComparison.Ordinal);
        }

        Assert.Throws<DataException>(() => SavedModel.Load(Path.Combine(_folder, "nothing.json")));
    }

    private static string[] Predict(SavedModel model, string source)
    {
        var output = new StringWriter();
        model.Predict(source, output);
        return output.ToString().TrimEnd().Split('\n')[1..];
    }

    private static double LastAccuracy(string settings) => System.Text.Json.JsonDocument.Parse(Run(settings).TrimEnd().Split('\n')[^1])
        .RootElement.GetProperty("validation_accuracy").GetDouble();

    private static string Run(string settings)
    {
        var output = new StringWriter();
        TrainingRun.Run(TrainSettings.Parse(settings.Split(' ').Select(s => s.Split('=')).ToDictionary(s => s[0], s => s[1])), output);
        return output.ToString();
    }
}
