using System.Globalization;
using Hone.Space;

namespace Hone.Cli.StudyFiles;

/// <summary>A value of the study file with the path of keys that leads to it.</summary>
/// <param name="Path">E.g. <c>stop[2].median.after</c>; items are counted from 1.</param>
/// <param name="Node">The value.</param>
internal readonly record struct Field(string Path, YamlNode Node)
{
    private const string Shown = "…";

    /// <summary>Whether nothing stands there.</summary>
    public bool IsNothing => Node is YamlText { IsNothing: true };

    /// <summary>The text, if it is one and not empty; otherwise null, and a finding that says what was expected.</summary>
    public string? Text(Findings findings, string expected)
    {
        if (Node is YamlText { IsNothing: false, Value.Length: > 0 } text)
        {
            return text.Value;
        }

        findings.Add(this, $"{Describe()}; expected {expected}");
        return null;
    }

    /// <summary>One of some words.</summary>
    public string? Word(Findings findings, params IReadOnlyCollection<string> words)
    {
        if (Text(findings, NearestName.Choices(words)) is not { } text)
        {
            return null;
        }

        if (words.Contains(text))
        {
            return text;
        }

        findings.Add(this, $"'{text}' is not known here{NearestName.Hint(text, words)}");
        return null;
    }

    /// <summary>A finite number within a range, both ends included.</summary>
    public double? Number(Findings findings, double low = double.NegativeInfinity, double high = double.PositiveInfinity)
    {
        if (Node is YamlText { IsPlain: true } text && TryNumber(text.Value, out var number))
        {
            if (number >= low && number <= high)
            {
                return number;
            }

            findings.Add(this, $"{Describe()} is out of range; expected a number{Range(low, high)}");
            return null;
        }

        findings.Add(this, $"{Describe()} is no number; expected {(double.IsInfinity(low) ? "a finite number" : $"a number{Range(low, high)}")}");
        return null;
    }

    /// <summary>A whole number within a range, both ends included; <c>1e6</c> is one.</summary>
    public long? Whole(Findings findings, long low, long high)
    {
        if (Node is YamlText { IsPlain: true } text && TryNumber(text.Value, out var number) && number == Math.Floor(number)
            && Math.Abs(number) <= 1L << 53)
        {
            if (number >= low && number <= high)
            {
                return (long)number;
            }

            findings.Add(this, $"{Describe()} is out of range; expected a whole number{Range(low, high)}");
            return null;
        }

        findings.Add(this, $"{Describe()} is no whole number; expected one{Range(low, high)}");
        return null;
    }

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public bool? Flag(Findings findings)
    {
        if (Node is YamlText { IsPlain: true } text && TryFlag(text.Value, out var flag))
        {
            return flag;
        }

        findings.Add(this, $"{Describe()} is no truth value; expected true or false");
        return null;
    }

    /// <summary>A duration with its unit.</summary>
    public TimeSpan? Duration(Findings findings)
    {
        if (Text(findings, "a duration such as 500ms, 30s, 10m, 4h or 1d") is not { } text)
        {
            return null;
        }

        if (Quantities.Duration(text, out var duration) is { } wrong)
        {
            findings.Add(this, wrong);
            return null;
        }

        return duration;
    }

    /// <summary>An energy in joules.</summary>
    public double? Energy(Findings findings)
    {
        if (Text(findings, "an energy such as 200J, 50kJ, 1.5MJ or 2Wh") is not { } text)
        {
            return null;
        }

        if (Quantities.Energy(text, out var joules) is { } wrong)
        {
            findings.Add(this, wrong);
            return null;
        }

        return joules;
    }

    /// <summary>A parameter's value: a number, a truth value, or a text (in quotes always a text).</summary>
    public ParameterValue? Value(Findings findings)
    {
        switch (Node)
        {
            case YamlText { IsPlain: false } quoted:
                return ParameterValue.Of(quoted.Value);
            case YamlText { IsNothing: false } plain when TryFlag(plain.Value, out var flag):
                return ParameterValue.Of(flag);
            case YamlText { IsNothing: false } plain when TryNumber(plain.Value, out var number):
                return long.TryParse(plain.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
                    && Math.Abs(number) <= 1L << 53 ? ParameterValue.Of(whole) : ParameterValue.Of(number);
            case YamlText { IsNothing: false } plain:
                return ParameterValue.Of(plain.Value);
            default:
                findings.Add(this, $"{Describe()}; expected a number, a text, true or false");
                return null;
        }
    }

    /// <summary>The items of a list of at least one.</summary>
    public IReadOnlyList<Field>? Items(Findings findings, string expected)
    {
        if (Node is YamlList { Items.Count: > 0 } list)
        {
            var path = Path;
            return [.. list.Items.Select((item, i) => new Field(string.Create(CultureInfo.InvariantCulture, $"{path}[{i + 1}]"), item))];
        }

        findings.Add(this, $"{Describe()}; expected {expected}");
        return null;
    }

    /// <summary>What stands there, for a message.</summary>
    public string Describe() => Node switch
    {
        YamlText { IsNothing: true } => "nothing stands here",
        YamlText { Value.Length: 0 } => "an empty text",
        YamlText text => $"'{Shorten(text.Value)}'",
        YamlList { Items.Count: 0 } => "an empty list",
        YamlList => "a list",
        _ => "a mapping",
    };

    private static string Shorten(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= 60 ? line : line[..60] + Shown;
    }

    private static string Range(double low, double high) => (low <= -(1L << 53), high >= 1L << 53) switch
    {
        (true, true) => "",
        (false, true) => string.Create(CultureInfo.InvariantCulture, $" of at least {low:R}"),
        (true, false) => string.Create(CultureInfo.InvariantCulture, $" of at most {high:R}"),
        _ => string.Create(CultureInfo.InvariantCulture, $" from {low:R} to {high:R}"),
    };

    private static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float & ~NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    private static bool TryFlag(string text, out bool flag)
    {
        flag = text is "true" or "True" or "TRUE";
        return flag || text is "false" or "False" or "FALSE";
    }
}
