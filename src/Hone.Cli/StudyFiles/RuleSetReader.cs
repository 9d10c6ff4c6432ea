using System.Text.RegularExpressions;
using Hone.Analysis.Replaying;
using Hone.Trials;

namespace Hone.Cli.StudyFiles;

/// <summary>
/// Reads what <c>--stop</c> names: a file of named rule sets, a study file, one list of rules in YAML, or <c>own</c> for the study's own.
/// </summary>
/// <param name="objective">What a rule looks at unless it names another metric.</param>
/// <param name="own">The study's own rules as YAML; null if they are not known.</param>
internal sealed partial class RuleSetReader(Objective objective, string? own = null)
{
    /// <summary>What stands for the study's own rules.</summary>
    public const string Own = "own";

    private const string Inline = "--stop";
    private readonly List<RuleSet> _sets = [];
    private readonly List<string> _problems = [];
    private readonly HashSet<string> _metrics = new(StringComparer.Ordinal);

    /// <summary>The metrics that the rules name.</summary>
    public IReadOnlyCollection<string> Metrics => _metrics;

    /// <summary>The rule sets of several options, in their order.</summary>
    /// <exception cref="StudyFileException">Something is wrong with one of them; all that is wrong is told.</exception>
    public IReadOnlyList<RuleSet> Read(IReadOnlyList<string> options)
    {
        foreach (var option in options)
        {
            if (option == Own)
            {
                ReadOwn();
                continue;
            }

            var isInline = option.TrimStart() is ['[' or '{' or '-', ..] || option.Contains('\n', StringComparison.Ordinal);
            var findings = new Findings(isInline ? Inline : option);
            if ((isInline ? option : TextFile.Load(option, findings, "file of rules")) is { } text)
            {
                Read(option, text, isInline, findings);
            }

            _problems.AddRange(findings.Lines());
        }

        return _problems.Count > 0 ? throw new StudyFileException(_problems) : _sets;
    }

    private void ReadOwn()
    {
        if (own is null)
        {
            _problems.Add($"{Inline}: the store does not know the study's own rules; name its study file");
            return;
        }

        var findings = new Findings("the stored rules");
        if (YamlTree.Read(own, findings) is { } rules)
        {
            Add(Own, new Field("stop", rules), findings);
        }

        _problems.AddRange(findings.Lines());
    }

    private void Read(string option, string text, bool isInline, Findings findings)
    {
        switch (YamlTree.Read(text, findings))
        {
            case YamlMap map when map.Entries.Any(entry => entry.Key.Value is "study") && map.Entries.Any(entry => entry.Key.Value is "space"):
                Study(option, text, findings);
                break;
            case YamlMap { Entries.Count: > 0 } map:
                Named(new Field("", map), findings);
                break;
            case YamlList list:
                Add(isInline ? Short(text) : Path.GetFileNameWithoutExtension(option), new Field("stop", list), findings);
                break;
            case var other when !findings.Any:
                findings.AddToFile(other?.Line ?? 1, other?.Column ?? 1,
                    "expected names with their lists of rules, such as strict: [ median: { after: 300 } ], or one list of rules");
                break;
        }
    }

    private void Study(string option, string text, Findings findings)
    {
        try
        {
            var study = StudyFileReader.Parse(text, option).Study;
            Add(study.Name, study.Rules, new Field("stop", new YamlText(1, 1, "", IsPlain: true)), findings);
        }
        catch (StudyFileException wrong)
        {
            _problems.AddRange(wrong.Problems);
        }
    }

    private void Named(Field field, Findings findings)
    {
        var section = Section.Open(field, findings, keys: null)!;
        foreach (var name in section.Keys)
        {
            Add(name, section[name]!.Value, findings);
        }
    }

    private void Add(string name, Field field, Findings findings)
    {
        var metrics = new MetricNames(findings);
        var rules = new RuleReader(findings, metrics, objective).Read(field);
        _metrics.UnionWith(metrics.Checked);
        Add(name, rules, field, findings);
    }

    private void Add(string name, IReadOnlyList<Stopping.IStoppingRule> rules, Field field, Findings findings)
    {
        if (name.Length == 0 || name.Any(char.IsControl))
        {
            findings.Add(field, "the name of a rule set is empty or has control characters");
        }
        else if (_sets.Exists(set => set.Name == name))
        {
            findings.Add(field, $"there is a rule set '{name}' already; give each its own name");
        }
        else
        {
            _sets.Add(new RuleSet(name, rules));
        }
    }

    // A list without a name is called what it says.
    private static string Short(string text)
    {
        var line = Blanks().Replace(text.Trim(), " ");
        line = line is ['[', .. var inner, ']'] ? inner.Trim() : line;
        return line.Length == 0 ? "no rule" : line.Length <= 80 ? line : line[..79] + "…";
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
