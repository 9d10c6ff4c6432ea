using Hone.Pipelines.Values;

namespace Hone.Pipelines.Stages;

/// <summary>What is not as it was when a stage ran last, in DVC's words: modified, deleted, new, not in cache.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Dependencies">A word for each changed path, and for each parameters file one, or a mapping of its changed names to words.</param>
/// <param name="Outputs">A word for each changed path.</param>
/// <param name="IsCommandChanged">Whether its command is another.</param>
/// <param name="IsAlwaysChanged">Whether it runs every time.</param>
public sealed record StageStatus(Stage Stage, ValueMap Dependencies, ValueMap Outputs, bool IsCommandChanged, bool IsAlwaysChanged)
{
    /// <summary>Whether nothing changed.</summary>
    public bool IsClean => IsRecorded && !IsAlwaysChanged;

    /// <summary>Whether the lock file says all as it is, whatever always changes.</summary>
    public bool IsRecorded => Dependencies.Entries.Count == 0 && Outputs.Entries.Count == 0 && !IsCommandChanged;

    /// <summary>The list that stands for the stage in <c>status --json</c>.</summary>
    public ValueList ToValue()
    {
        var items = new List<Value>();
        if (Dependencies.Entries.Count > 0)
        {
            items.Add(new ValueMap([KeyValuePair.Create<string, Value>("changed deps", Dependencies)]));
        }

        if (Outputs.Entries.Count > 0)
        {
            items.Add(new ValueMap([KeyValuePair.Create<string, Value>("changed outs", Outputs)]));
        }

        if (IsCommandChanged)
        {
            items.Add(new TextValue("changed command"));
        }

        if (IsAlwaysChanged)
        {
            items.Add(new TextValue("always changed"));
        }

        return new ValueList(items);
    }

    /// <summary>In words, for a person: the first thing that changed.</summary>
    public string Reason => (Dependencies.Entries, Outputs.Entries) switch
    {
        _ when IsCommandChanged => "its command changed",
        ([var (path, word), ..], _) => word is ValueMap { Entries: [var (name, change), ..] } ? $"{path}: {name} is {change}" : $"{path} is {word}",
        (_, [var (path, word), ..]) => $"{path} is {word}",
        _ => IsAlwaysChanged ? "it runs every time" : "nothing changed",
    };
}
