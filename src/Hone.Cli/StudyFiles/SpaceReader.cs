using Hone.Space;

namespace Hone.Cli.StudyFiles;

/// <summary>Reads <c>space:</c>, one mapping a parameter.</summary>
internal sealed class SpaceReader(Findings findings)
{
    private const string Kinds = "{ float: [LOW, HIGH] }, { int: [LOW, HIGH] }, { values: [...] }, { choice: [...] } or { constant: VALUE }";
    private static readonly string[] KindKeys = ["float", "int", "values", "choice", "constant"];
    private static readonly string[] NumericKeys = ["scale", "step"];
    private static readonly string[] Keys = [.. KindKeys, .. NumericKeys, "when"];

    /// <summary>The space; null if something is wrong with it, which is then among the findings.</summary>
    /// <param name="field">The mapping.</param>
    /// <param name="names">The names of all parameters, also of those that something is wrong with.</param>
    public SearchSpace? Read(Field field, out IReadOnlyCollection<string> names)
    {
        names = [];
        if (Section.Open(field, findings, keys: null) is not { } section)
        {
            return null;
        }

        names = section.Keys;
        if (names.Count == 0)
        {
            findings.Add(field, "an empty mapping; expected at least one parameter, as NAME: " + Kinds);
            return null;
        }

        var read = section.Keys.Select(name => (Field: section[name]!.Value, Parameter: Parameter(name, section[name]!.Value))).ToList();
        foreach (var (at, parameter) in read.Where(r => r.Parameter is not null))
        {
            CheckConditions(at, parameter!, read, section.Keys);
        }

        return findings.Any ? null : Whole(field, [.. read.Select(r => r.Parameter!)]);
    }

    private SearchSpace? Whole(Field field, IReadOnlyList<Parameter> parameters)
    {
        try
        {
            return new SearchSpace(parameters);
        }
        catch (SearchSpaceException wrong)
        {
            findings.Add(field, wrong.Message);
            return null;
        }
    }

    private Parameter? Parameter(string name, Field field)
    {
        if (field.Node is not YamlMap)
        {
            findings.Add(field, $"{field.Describe()} is no parameter; expected {Kinds}");
            return null;
        }

        var section = Section.Open(field, findings, Keys)!;
        var kinds = KindKeys.Where(kind => section[kind] is not null).ToList();
        if (kinds.Count != 1)
        {
            findings.Add(field, kinds.Count == 0
                ? $"no kind of parameter; expected {Kinds}"
                : $"{NearestName.Choices(kinds).Replace(" or ", " and ", StringComparison.Ordinal)} stand together; expected one of them");
            return null;
        }

        var when = section["when"] is { } condition ? Conditions(condition) : [];
        try
        {
            Parameter? parameter = kinds[0] is "float" or "int"
                ? Numeric(name, kinds[0], section)
                : List(name, kinds[0], section);
            return parameter is null || when is null ? null : parameter with { When = when };
        }
        catch (SearchSpaceException wrong)
        {
            findings.Add(section[kinds[0]]!.Value, wrong.Message);
            return null;
        }
    }

    private NumericParameter? Numeric(string name, string kind, Section section)
    {
        var log = section["scale"] is { } scale && scale.Word(findings, "linear", "log") == "log";
        if (section[kind]!.Value is var range && range.Node is not YamlList { Items.Count: 2 })
        {
            findings.Add(range, $"{range.Describe()}{(range.Node is YamlList list ? $" of {list.Items.Count}" : "")} is no range; expected [LOW, HIGH]");
            return null;
        }

        var ends = range.Items(findings, "[LOW, HIGH]")!;
        if (kind == "int")
        {
            var low = ends[0].Whole(findings, -(1L << 53), 1L << 53);
            var high = ends[1].Whole(findings, -(1L << 53), 1L << 53);
            var step = section["step"] is { } by ? by.Whole(findings, 1, 1L << 53) : 1;
            return low is null || high is null || step is null ? null : new IntParameter(name, low.Value, high.Value, log, step.Value);
        }

        var from = ends[0].Number(findings);
        var to = ends[1].Number(findings);
        var distance = section["step"] is { } gap ? gap.Number(findings) : null;
        return from is null || to is null || (distance is null && section["step"] is not null)
            ? null
            : new FloatParameter(name, from.Value, to.Value, log, distance);
    }

    private ListParameter? List(string name, string kind, Section section)
    {
        foreach (var key in NumericKeys.Where(key => section[key] is not null))
        {
            findings.Add(section[key]!.Value, $"a parameter with {kind} has no {key}; drop it, or use float or int");
        }

        var field = section[kind]!.Value;
        if (kind == "constant")
        {
            return field.Value(findings) is { } only ? new ConstantParameter(name, only) : null;
        }

        if (field.Items(findings, "a list of values") is not { } items)
        {
            return null;
        }

        var values = items.Select(item => item.Value(findings)).ToList();
        if (values.Any(value => value is null))
        {
            return null;
        }

        ParameterValue[] all = [.. values.Select(value => value!.Value)];
        return kind == "values" ? new OrdinalParameter(name, all) : new CategoricalParameter(name, all);
    }

    private List<Condition>? Conditions(Field field)
    {
        if (Section.Open(field, findings, keys: null) is not { Keys.Count: > 0 } section)
        {
            if (field.Node is YamlMap)
            {
                findings.Add(field, "an empty mapping; expected PARAMETER: [VALUES]");
            }

            return null;
        }

        var conditions = new List<Condition>();
        foreach (var parent in section.Keys)
        {
            var values = ConditionValues(section[parent]!.Value);
            if (values.Any(value => value is null))
            {
                return null;
            }

            conditions.Add(new Condition(parent, [.. values.Select(value => value!.Value)]));
        }

        return conditions;
    }

    private List<ParameterValue?> ConditionValues(Field field) => field.Node is YamlText
        ? [field.Value(findings)]
        : [.. (field.Items(findings, "a value of the parent, or a list of them") is { } items ? items.Select(item => item.Value(findings)) : [null])];

    // SearchSpace checks the same, but stops at the first error and does not know its place.
    private void CheckConditions(
        Field field, Parameter child, List<(Field Field, Parameter? Parameter)> all, IReadOnlyCollection<string> names)
    {
        foreach (var condition in child.When)
        {
            var at = Find(field.Node, "when", condition.Parent);
            var path = $"{field.Path}.when.{condition.Parent}";
            if (!names.Contains(condition.Parent))
            {
                findings.Add(at.Key, path, $"'{condition.Parent}' is no parameter of this space{NearestName.Hint(condition.Parent, names)}");
            }
            else if (all.FirstOrDefault(r => r.Parameter?.Name == condition.Parent).Parameter is { } parent)
            {
                CheckValues(new Field(path, at.Value), condition, parent);
            }
        }
    }

    private void CheckValues(Field field, Condition condition, Parameter parent)
    {
        if (parent.Count is null)
        {
            findings.Add(field, $"'{parent.Name}' is continuous; expected an int, values, choice or constant parameter to decide");
            return;
        }

        for (var i = 0; i < condition.Values.Count; i++)
        {
            if (parent.CodeOf(condition.Values[i]) is null)
            {
                var node = field.Node is YamlList list ? list.Items[i] : field.Node;
                findings.Add(node, field.Path, $"'{parent.Name}' is never '{condition.Values[i]}'; expected of {parent.Describe()}");
            }
        }
    }

    private static YamlEntry Find(YamlNode node, params ReadOnlySpan<string> keys)
    {
        YamlEntry? entry = null;
        foreach (var key in keys)
        {
            entry = ((YamlMap)node).Entries.First(e => e.Key.Value == key);
            node = entry.Value;
        }

        return entry!;
    }
}
