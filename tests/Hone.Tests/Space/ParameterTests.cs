using FsCheck;
using FsCheck.Fluent;
using Hone.Space;

namespace Hone.Tests.Space;

public sealed class ParameterTests
{
    [Fact]
    public void Every_number_in_the_unit_interval_maps_to_a_value() => Holds(Prop.ForAll(
        Parameters().ToArbitrary(), Units().ToArbitrary(), (parameter, unit) => parameter.Contains(parameter.FromUnit(unit))));

    [Fact]
    public void A_value_leads_back_to_its_code() => Holds(Prop.ForAll(
        Parameters().ToArbitrary(),
        Units().ToArbitrary(),
        (parameter, unit) =>
        {
            var code = parameter.FromUnit(unit);
            return parameter.CodeOf(parameter.Value(code)) == code;
        }));

    [Fact]
    public void Larger_units_never_map_to_smaller_numbers() => Holds(Prop.ForAll(
        Parameters().ToArbitrary(),
        Units().Two().ToArbitrary(),
        (parameter, pair) => parameter.FromUnit(Math.Min(pair.Item1, pair.Item2)) <= parameter.FromUnit(Math.Max(pair.Item1, pair.Item2))));

    [Fact]
    public void Counted_values_are_distinct_and_lie_in_the_parameter() => Holds(Prop.ForAll(
        Parameters().Where(p => p.Count is <= 2000).ToArbitrary(),
        parameter =>
        {
            var codes = Enumerable.Range(0, (int)parameter.Count!.Value).Select(i => parameter.CodeAt(i)).ToList();
            return codes.All(parameter.Contains) && codes.Distinct().Count() == codes.Count;
        }));

    [Fact]
    public void Every_discrete_value_gets_the_same_share_on_a_linear_scale()
    {
        Parameter[] parameters =
        [
            new IntParameter("n", -3, 6), new FloatParameter("x", 0, 0.9, step: 0.1), new OrdinalParameter("o", 1, 2, 4, 8, 16, 32, 64, 128, 256, 512),
        ];
        foreach (var parameter in parameters)
        {
            var shares = Enumerable.Range(0, 1000).GroupBy(i => parameter.FromUnit((i + 0.5) / 1000)).Select(g => g.Count());
            Assert.All(shares, share => Assert.Equal(100, share));
        }
    }

    [Fact]
    public void A_log_scale_gives_equal_ratios_equal_shares()
    {
        var rate = new FloatParameter("rate", 1e-4, 1, log: true);

        Assert.Equal(1e-3, rate.FromUnit(0.25), 1e-15);
        Assert.Equal(1e-1, rate.FromUnit(0.75), 1e-12);
    }

    [Fact]
    public void Nothing_is_ever_NaN()
    {
        Assert.False(new FloatParameter("x", 0, 1).Contains(double.NaN));
        Assert.False(new IntParameter("x", 0, 1).Contains(double.NaN));
        Assert.False(new CategoricalParameter("x", "a").Contains(double.NaN));
    }

    [Fact]
    public void A_step_that_does_not_divide_the_range_ends_below_it() =>
        Assert.Equal([0, 0.3, 0.6, 0.9], Enumerable.Range(0, 4).Select(i => Math.Round(new FloatParameter("x", 0, 1, step: 0.3).CodeAt(i), 12)));

    [Fact]
    public void One_and_one_point_zero_are_one_value()
    {
        Assert.Equal(0, new OrdinalParameter("x", 1, 2).CodeOf(1.0));
        Assert.Equal(3, new IntParameter("x", 1, 5).CodeOf(3.0));
        Assert.Null(new IntParameter("x", 1, 5).CodeOf(3.5));
        Assert.Null(new CategoricalParameter("x", "1").CodeOf(1));
    }

    public static TheoryData<Func<Parameter>, string> Bad { get; } = new()
    {
        { () => new FloatParameter("2x", 0, 1), "Parameter '2x': a name starts with a letter or _ and goes on with letters, digits, '_', '-' or '.'. Rename it." },
        { () => new FloatParameter("", 0, 1), "Parameter '': a name starts with a letter or _ and goes on with letters, digits, '_', '-' or '.'. Rename it." },
        { () => new FloatParameter("x", 2, 1), "Parameter 'x': low 2 is above high 1. Swap them." },
        { () => new FloatParameter("x", 0, 1, log: true), "Parameter 'x': low 0 cannot be on a log scale. Raise it above 0, or drop log." },
        { () => new FloatParameter("x", 0, double.PositiveInfinity), "Parameter 'x': the range [0, Infinity] must be finite." },
        { () => new FloatParameter("x", double.NaN, 1), "Parameter 'x': the range [NaN, 1] must be finite." },
        { () => new FloatParameter("x", 0, 1, step: 0), "Parameter 'x': step 0 must be above 0." },
        { () => new IntParameter("n", 0, long.MaxValue), "Parameter 'n': the range [0, 9223372036854775807] must lie within -2^53 and 2^53." },
        { () => new CategoricalParameter("c"), "Parameter 'c' has no values. List at least one." },
        { () => new CategoricalParameter("c", "a", "b", "a"), "Parameter 'c' lists the value a twice. Drop one." },
        { () => new OrdinalParameter("o", 1, 1.0), "Parameter 'o' lists the value 1 twice. Drop one." },
    };

    [Theory]
    [MemberData(nameof(Bad), DisableDiscoveryEnumeration = true)]
    public void A_parameter_that_cannot_be_is_refused_and_says_why(Func<Parameter> make, string message) =>
        Assert.Equal(message, Assert.Throws<SearchSpaceException>(make).Message);

    private static void Holds(Property law) => Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000).WithQuietOnSuccess(true), law);

    private static Gen<double> Units() => Gen.OneOf(
        Gen.Choose(0, int.MaxValue - 1).Select(i => i / (double)int.MaxValue), Gen.Elements(0, 0.5, 0.25, Math.BitDecrement(1.0), double.Epsilon));

    private static Gen<Parameter> Parameters() => Gen.OneOf(
        from low in Gen.Choose(-1000, 1000)
        from width in Gen.Choose(0, 1_000_000)
        select (Parameter)new FloatParameter("x", low / 7.0, (low / 7.0) + (width / 13.0)),
        from exponent in Gen.Choose(-9, 3)
        from decades in Gen.Choose(0, 9)
        select (Parameter)new FloatParameter("x", Math.Pow(10, exponent), Math.Pow(10, exponent + decades), log: true),
        from low in Gen.Choose(-50, 50)
        from steps in Gen.Choose(0, 500)
        from step in Gen.Elements(0.1, 0.25, 0.3, 7, 1e-6)
        select (Parameter)new FloatParameter("x", low / 10.0, (low / 10.0) + (steps * step), step: step),
        from low in Gen.Choose(1, 50)
        from steps in Gen.Choose(0, 500)
        select (Parameter)new FloatParameter("x", low / 10.0, (low / 10.0) + (steps * 0.1), log: true, step: 0.1),
        from low in Gen.Choose(-1000, 1000)
        from width in Gen.Choose(0, 5000)
        from step in Gen.Choose(1, 9)
        select (Parameter)new IntParameter("x", low, low + width, step: step),
        from low in Gen.Choose(1, 100)
        from width in Gen.Choose(0, 100_000)
        select (Parameter)new IntParameter("x", low, low + width, log: true),
        from count in Gen.Choose(1, 40)
        select (Parameter)new CategoricalParameter("x", [.. Enumerable.Range(0, count).Select(i => ParameterValue.Of($"v{i}"))]),
        from count in Gen.Choose(1, 40)
        select (Parameter)new OrdinalParameter("x", [.. Enumerable.Range(0, count).Select(i => ParameterValue.Of((long)i * i))]));
}
