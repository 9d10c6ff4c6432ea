using Hone.Ablation;
using Hone.Cli.StudyFiles;
using Hone.Learning.Data;
using Hone.Learning.Training;
using Hone.Space;

namespace Hone.Cli.AblationFiles;

/// <summary>Reads <c>leave_out:</c>. A kind in the singular leaves out each of its names alone, one in the plural all of them together.</summary>
internal sealed class ComponentReader(Findings findings, Training training, IReadOnlyList<KeyValuePair<string, ParameterValue>> baseValues, bool isOpen)
{
    private const string Expected = "feature, features, layer, layers, module, parameter, parameters, variant or switch with what to leave out";
    private static readonly string[] Kinds = ["feature", "features", "layer", "layers", "module", "parameter", "parameters", "variant", "switch"];
    private static readonly string[] Keys = [.. Kinds, "name", "default", "model"];

    // What decides how trials are judged must be the same in every arm.
    private static readonly string[] Judging =
        ["data", "target", "rows", "folds", "repeats", "test_share", "split", "group", "time", "missing", "scores", "slices", "seed", "split_seed"];

    /// <summary>Whether a setting of a learner decides how trials are judged.</summary>
    public static bool IsJudging(string setting) => Judging.Contains(setting);

    /// <summary>The components; those that something is wrong with are left out and found.</summary>
    public IReadOnlyList<AblationComponent> Read(Field field) =>
        [.. (field.Items(findings, $"a list of mappings, each {Expected}") ?? []).SelectMany(Item)];

    private IEnumerable<AblationComponent> Item(Field field)
    {
        if (Section.Open(field, findings, Keys) is not { } section)
        {
            return [];
        }

        var kinds = Kinds.Where(kind => section[kind] is not null).ToList();
        if (kinds.Count != 1)
        {
            findings.Add(field, kinds.Count == 0 ? $"nothing to leave out; expected {Expected}" : $"{string.Join(" and ", kinds)} stand together; expected one of them");
            return [];
        }

        var name = section["name"]?.Text(findings, "a name");
        var at = section[kinds[0]]!.Value;
        return kinds[0] switch
        {
            "feature" or "features" => Listed(at, name, kinds[0] == "features", "ignore", Columns),
            "layer" or "layers" or "module" => Listed(at, name, kinds[0] == "layers", "without", Layers),
            "switch" => [.. Texts(at).Select(text => new AblationComponent { Name = text })],
            "variant" => Variant(at, section),
            "parameter" => Parameter(at, name, section),
            _ => Parameters(at, name),
        };
    }

    private List<string> Texts(Field field) => field.Node is YamlList
        ? [.. (field.Items(findings, "names") ?? []).Select(item => item.Text(findings, "a name")).OfType<string>()]
        : field.Text(findings, "a name, or a list of them") is { } only ? [only] : [];

    private IEnumerable<AblationComponent> Listed(Field field, string? name, bool isTogether, string list, Func<Field, IReadOnlyCollection<string>?> known)
    {
        if (training is not LearnerTraining)
        {
            findings.Add(field, "only a built-in learner knows its features and layers; expected switch: NAME, which the program finds in HONE_ABLATED");
            return [];
        }

        if (known(field) is not { } all)
        {
            return [];
        }

        var names = field.Node is YamlMap ? Prefixed(field, all) : Texts(field);
        foreach (var wrong in names.Where(text => !all.Contains(text)))
        {
            findings.Add(field, $"there is no '{wrong}'{NearestName.Hint(wrong, all)}");
        }

        if (names.Count == 0)
        {
            return [];
        }

        return isTogether || name is not null
            ? [Component(name ?? string.Join('+', names), names)]
            : names.Select(text => Component(text, [text]));

        AblationComponent Component(string called, IEnumerable<string> left) => new() { Name = called, Adds = [.. left.Select(text => KeyValuePair.Create(list, text))] };
    }

    private List<string> Prefixed(Field field, IReadOnlyCollection<string> all)
    {
        if (Section.Open(field, findings, ["prefix"])?.Require("prefix", "the beginning of names") is not { } at || at.Text(findings, "the beginning of names") is not { } prefix)
        {
            return [];
        }

        List<string> names = [.. all.Where(name => name.StartsWith(prefix, StringComparison.Ordinal))];
        if (names.Count == 0)
        {
            findings.Add(at, $"no name begins with '{prefix}'; there are {NearestName.Choices([.. all.Take(20)])}");
        }

        return names;
    }

    private IReadOnlyCollection<string>? Columns(Field field)
    {
        var settings = ((LearnerTraining)training).Settings.ToDictionary(StringComparer.Ordinal);
        if (!settings.TryGetValue("data", out var source))
        {
            findings.Add(field, "features are those of the data, which train: does not name");
            return null;
        }

        try
        {
            var options = new TableOptions { Target = settings.GetValueOrDefault("target", "target"), Missing = Missing.Impute, RefusesMixed = false };
            return [.. DataSource.Load<float>(DataSource.IsName(source) ? source : Path.GetFullPath(source, training.Directory), options).Columns];
        }
        catch (Exception wrong) when (wrong is DataException or IOException)
        {
            findings.Add(field, $"the columns cannot be read: {wrong.Message}");
            return null;
        }
    }

    private IReadOnlyCollection<string>? Layers(Field field)
    {
        var model = baseValues.FirstOrDefault(value => value.Key == "model") is { Key: not null } given ? given.Value.ToString()
            : ((LearnerTraining)training).Settings.FirstOrDefault(setting => setting.Key == "model").Value;
        if (model is null)
        {
            findings.Add(field, "layers are those of a network; expected learner: network with model: FILE in train:");
            return null;
        }

        try
        {
            return [.. NetworkReader.Read(Path.GetFullPath(model, training.Directory)).All().Select(layer => layer.Name)];
        }
        catch (StudyFileException)
        {
            // Told where the model is named.
            return null;
        }
    }

    private IEnumerable<AblationComponent> Variant(Field field, Section section)
    {
        if (field.Text(findings, "a name for the variant") is not { } name || section.Require("model", "the file of another network") is not { } at
            || at.Text(findings, "the file of another network") is not { } model)
        {
            return [];
        }

        if (training is not LearnerTraining)
        {
            findings.Add(field, "a program's variants are switches, or values of its parameters; expected switch or parameters");
            return [];
        }

        try
        {
            NetworkReader.Read(Path.GetFullPath(model, training.Directory));
        }
        catch (StudyFileException wrong)
        {
            findings.Add(at, wrong.Problems[0]);
        }

        return [new AblationComponent { Name = name, Sets = [new("model", model)] }];
    }

    private IEnumerable<AblationComponent> Parameter(Field field, string? name, Section section)
    {
        if (field.Text(findings, "the name of a parameter") is not { } parameter || section.Require("default", "the value without it") is not { } at
            || at.Value(findings) is not { } value)
        {
            return [];
        }

        Check(field, at, parameter, value);
        return [new AblationComponent { Name = name ?? parameter, Sets = [new(parameter, value)] }];
    }

    private IEnumerable<AblationComponent> Parameters(Field field, string? name)
    {
        if (Section.Open(field, findings, keys: null) is not { Keys.Count: > 0 } section)
        {
            return [];
        }

        var sets = new List<KeyValuePair<string, ParameterValue>>();
        foreach (var key in section.Keys)
        {
            if (section[key]!.Value.Value(findings) is { } value)
            {
                Check(section[key]!.Value, section[key]!.Value, key, value);
                sets.Add(new(key, value));
            }
        }

        return [new AblationComponent { Name = name ?? string.Join('+', section.Keys), Sets = sets }];
    }

    private void Check(Field nameAt, Field valueAt, string parameter, ParameterValue value)
    {
        string[] known = [.. baseValues.Select(b => b.Key), .. (training as LearnerTraining)?.Settings.Select(setting => setting.Key) ?? []];
        if (training is LearnerTraining && Judging.Contains(parameter))
        {
            findings.Add(nameAt, $"'{parameter}' decides how arms are judged, and must be the same in all of them");
        }
        else if (!known.Contains(parameter) && !isOpen)
        {
            findings.Add(nameAt, known.Length == 0
                ? $"the base has no parameter '{parameter}'; give it a value under base:"
                : $"the base has no value of '{parameter}'{NearestName.Hint(parameter, known)}");
        }
        else if (training is LearnerTraining && TrainSettings.Find(parameter) is { } setting && !setting.Accepts(value.ToString()))
        {
            findings.Add(valueAt, $"'{value}' is out of place; expected {setting.Expects}");
        }
    }
}
