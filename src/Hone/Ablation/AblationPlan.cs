using System.Globalization;
using Hone.Space;

namespace Hone.Ablation;

/// <summary>What to leave out of what, in which design, and how sure the answers must be. Immutable.</summary>
/// <remarks>
/// A plan is a study whose space has a parameter for the arm (<see cref="Ablated"/>), one for the seed (<see cref="Seed"/>), and those of
/// the base: the trial of an arm with a seed is one configuration. All arms run the same seeds, which decide the split, the
/// order of the rows and the first weights together (Bouthillier et al. 2021), so that differences are taken within a seed.
/// </remarks>
public sealed class AblationPlan
{
    /// <summary>The parameter that says what an arm leaves out: names with commas between; empty for nothing.</summary>
    public const string Ablated = "ablated";

    /// <summary>The parameter with the seed of a pair.</summary>
    public const string Seed = "seed";

    private const int MostArms = 256;
    private const int MostSeeds = 1_000_000;
    private readonly double[][] _codes;
    private readonly int _ablated;
    private readonly int _seed;

    /// <param name="components">What to leave out; at least one, names unique.</param>
    /// <param name="options">How.</param>
    /// <param name="baseValues">The parameters of the base, and their values; what components set or add to must be among them.</param>
    /// <exception cref="AblationPlanException">The plan cannot be carried out; the message says why.</exception>
    public AblationPlan(
        IReadOnlyList<AblationComponent> components, AblationOptions options, IReadOnlyList<KeyValuePair<string, ParameterValue>> baseValues)
    {
        ArgumentNullException.ThrowIfNull(components);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(baseValues);
        Check(components, options);
        Components = components;
        Options = options;
        var arms = Designs.Arms(options.Design, components.Count);
        string[] names = [.. components.Select(component => component.Name)];
        Arms = [.. arms.Select(arm => new AblationArm(string.Join(',', arm.Select(i => names[i])), arm))];
        Contrasts = Designs.Contrasts(options.Design, names, arms);
        var values = Arms.Select(arm => Values(arm, baseValues)).ToArray();
        Space = SpaceOf(baseValues, values);
        _ablated = Space.IndexOf(Ablated);
        _seed = Space.IndexOf(Seed);
        _codes = [.. values.Select((chosen, arm) => CodesOf(chosen, Arms[arm].Name))];
    }

    /// <summary>What is left out.</summary>
    public IReadOnlyList<AblationComponent> Components { get; }

    /// <summary>How.</summary>
    public AblationOptions Options { get; }

    /// <summary>The arms; the first is what the others are compared with.</summary>
    public IReadOnlyList<AblationArm> Arms { get; }

    /// <summary>The questions that are asked.</summary>
    public IReadOnlyList<AblationContrast> Contrasts { get; }

    /// <summary>The space of the study.</summary>
    public SearchSpace Space { get; }

    /// <summary>The trial of an arm with a seed.</summary>
    /// <param name="arm">Place of the arm.</param>
    /// <param name="pair">From 0.</param>
    public Configuration Configuration(int arm, int pair)
    {
        double[] codes = [.. _codes[arm]];
        for (var i = _seed; i <= _seed + Options.AlsoSeeded.Count; i++)
        {
            codes[i] = Options.FirstSeed + pair;
        }

        return new Configuration(Space, codes);
    }

    /// <summary>Which arm and pair a configuration of this plan's space is.</summary>
    public (int Arm, int Pair) Find(Configuration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return ((int)configuration.Codes[_ablated], (int)configuration.Codes[_seed] - Options.FirstSeed);
    }

    private static void Check(IReadOnlyList<AblationComponent> components, AblationOptions options)
    {
        if (components.Count == 0)
        {
            throw new AblationPlanException("The plan leaves nothing out. Name at least one component.");
        }

        if (components.GroupBy(component => component.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new AblationPlanException($"'{twice.Key}' is left out twice. Drop or rename one.");
        }

        if (components.FirstOrDefault(c => c.Name.Length == 0 || c.Name.Contains(',', StringComparison.Ordinal)) is { } odd)
        {
            throw new AblationPlanException($"'{odd.Name}' is no name of a component: it is empty or has a comma. Rename it.");
        }

        var arms = options.Design switch
        {
            AblationDesign.Factorial or AblationDesign.Path => Math.Pow(2, components.Count),
            AblationDesign.Pairs => 1 + (components.Count * (components.Count + 1) / 2.0),
            _ => components.Count + 1.0,
        };
        if (arms > MostArms)
        {
            throw new AblationPlanException(string.Create(
                CultureInfo.InvariantCulture, $"{components.Count} components make {arms} arms of this design, and {MostArms} are the most. Leave out fewer, or take another design."));
        }
    }

    private static Dictionary<string, ParameterValue> Values(AblationArm arm, IReadOnlyList<KeyValuePair<string, ParameterValue>> baseValues, IReadOnlyList<AblationComponent> components)
    {
        var values = new Dictionary<string, ParameterValue>(baseValues, StringComparer.Ordinal);
        foreach (var component in arm.LeftOut.Select(i => components[i]))
        {
            foreach (var (parameter, value) in component.Sets)
            {
                values[Known(parameter, component)] = value;
            }

            foreach (var (parameter, name) in component.Adds)
            {
                var before = values[Known(parameter, component)].ToString();
                values[parameter] = before.Length == 0 ? name : $"{before},{name}";
            }
        }

        return values;

        string Known(string parameter, AblationComponent component) => values.ContainsKey(parameter)
            ? parameter
            : throw new AblationPlanException($"'{component.Name}' changes '{parameter}', which the base does not have. Give the base a value of it.");
    }

    private Dictionary<string, ParameterValue> Values(AblationArm arm, IReadOnlyList<KeyValuePair<string, ParameterValue>> baseValues) =>
        Values(arm, baseValues, Components);

    private SearchSpace SpaceOf(IReadOnlyList<KeyValuePair<string, ParameterValue>> baseValues, Dictionary<string, ParameterValue>[] arms)
    {
        var parameters = new List<Parameter>
        {
            new CategoricalParameter(Ablated, [.. Arms.Select(arm => ParameterValue.Of(arm.Name))]),
        };
        parameters.AddRange(Options.AlsoSeeded.Prepend(Seed).Select(name => new IntParameter(name, Options.FirstSeed, Options.FirstSeed + MostSeeds)));
        foreach (var (name, _) in baseValues)
        {
            ParameterValue[] taken = [.. arms.Select(values => values[name]).Distinct()];
            parameters.Add(taken.Length == 1 ? new ConstantParameter(name, taken[0]) : new CategoricalParameter(name, taken));
        }

        return new SearchSpace(parameters);
    }

    private double[] CodesOf(Dictionary<string, ParameterValue> values, string arm) => [.. Space.Parameters.Select(parameter => parameter.Name switch
    {
        Ablated => parameter.CodeOf(arm)!.Value,
        Seed => Options.FirstSeed,
        var name when Options.AlsoSeeded.Contains(name) => Options.FirstSeed,
        var name => parameter.CodeOf(values[name])!.Value,
    })];
}
