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
    private readonly int _tuned;

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
        if (options.Retune is { } retune)
        {
            Check(components, options, retune);
            baseValues = [.. baseValues.Where(value => retune.Space.IndexOf(value.Key) < 0)];
        }

        Components = components;
        Options = options;
        var arms = Designs.Arms(options.Design, components.Count);
        string[] names = [.. components.Select(component => component.Name)];
        Arms = [.. arms.Select(arm => new AblationArm(string.Join(',', arm.Select(i => names[i])), arm))];
        Contrasts = Designs.Contrasts(options.Design, names, arms);
        var values = Arms.Select(arm => Values(arm, baseValues)).ToArray();
        Space = SpaceOf(baseValues, values);
        _tuned = Space.Parameters.Count - (options.Retune?.Space.Parameters.Count ?? 0);
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

    /// <summary>How many trials each arm runs with each seed: 1, unless arms are tuned anew.</summary>
    public int TrialsEach => Options.Retune?.Trials ?? 1;

    /// <summary>A trial of an arm with a seed.</summary>
    /// <param name="arm">Place of the arm.</param>
    /// <param name="pair">From 0.</param>
    /// <param name="tuned">What is tuned anew; null: the middle of its ranges, or nothing where nothing is.</param>
    public Configuration Configuration(int arm, int pair, Configuration? tuned = null)
    {
        double[] codes = [.. _codes[arm]];
        (tuned ?? Middle())?.Codes.CopyTo(codes.AsSpan(_tuned));
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

    /// <summary>What was tuned in a configuration of this plan's space; only where arms are tuned anew.</summary>
    internal Configuration Tuned(Configuration configuration) => new(Options.Retune!.Space, [.. configuration.Codes[_tuned..]]);

    private Configuration? Middle()
    {
        if (Options.Retune?.Space is not { } space)
        {
            return null;
        }

        var codes = new double[space.Parameters.Count];
        foreach (var index in space.Order)
        {
            codes[index] = space.IsActive(index, codes) ? space.Parameters[index].FromUnit(0.5) : double.NaN;
        }

        return new Configuration(space, codes);
    }

    private static void Check(IReadOnlyList<AblationComponent> components, AblationOptions options, ArmTuning retune)
    {
        foreach (var name in options.AlsoSeeded.Concat([Ablated, Seed]).Where(name => retune.Space.IndexOf(name) >= 0))
        {
            throw new AblationPlanException($"'{name}' is given by the plan and cannot be tuned. Drop it.");
        }

        foreach (var component in components)
        {
            var names = component.Sets.Select(set => set.Key).Concat(component.Adds.Select(add => add.Key));
            if (names.FirstOrDefault(name => retune.Space.IndexOf(name) >= 0) is { } changed)
            {
                throw new AblationPlanException($"'{component.Name}' changes '{changed}', which every arm tunes anew. Tune something else, or leave something else out.");
            }
        }
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

        parameters.AddRange(Options.Retune?.Space.Parameters ?? []);
        return new SearchSpace(parameters);
    }

    // What is tuned is set later.
    private double[] CodesOf(Dictionary<string, ParameterValue> values, string arm) => [.. Space.Parameters.Select((parameter, i) => parameter.Name switch
    {
        Ablated => parameter.CodeOf(arm)!.Value,
        Seed => Options.FirstSeed,
        _ when i >= _tuned => double.NaN,
        var name when Options.AlsoSeeded.Contains(name) => Options.FirstSeed,
        var name => parameter.CodeOf(values[name])!.Value,
    })];
}
