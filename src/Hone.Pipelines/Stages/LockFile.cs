using Hone.Pipelines.Values;
using Hone.Pipelines.Yaml;

namespace Hone.Pipelines.Stages;

/// <summary>A <c>dvc.lock</c>: what each stage was when it ran last, in the order in which they first ran. Immutable.</summary>
public sealed class LockFile
{
    private readonly OrderedDictionary<string, LockedStage> _stages;

    private LockFile(OrderedDictionary<string, LockedStage> stages) => _stages = stages;

    /// <summary>No stage ran yet.</summary>
    public static LockFile Empty { get; } = new(new OrderedDictionary<string, LockedStage>(StringComparer.Ordinal));

    /// <summary>The names of the stages, in order.</summary>
    public IReadOnlyList<string> Names => _stages.Keys;

    /// <summary>What was recorded of a stage; null if it never ran.</summary>
    public LockedStage? Find(string name) => _stages.GetValueOrDefault(name);

    /// <summary>The same with a stage put in the place of its last record; a new one stands at the end.</summary>
    /// <param name="name">The stage's name.</param>
    /// <param name="stage">Its record.</param>
    /// <param name="isAfter">Tells which of the stages at the end are to stand after a new one; null: none.</param>
    public LockFile With(string name, LockedStage stage, Func<string, bool>? isAfter = null)
    {
        var stages = new OrderedDictionary<string, LockedStage>(_stages, StringComparer.Ordinal);
        if (!stages.TryAdd(name, stage))
        {
            stages[name] = stage;
            return new LockFile(stages);
        }

        var place = stages.Count - 1;
        while (place > 0 && isAfter is not null && isAfter(stages.GetAt(place - 1).Key))
        {
            place--;
        }

        stages.RemoveAt(stages.Count - 1);
        stages.Insert(place, name, stage);
        return new LockFile(stages);
    }

    /// <summary>Reads a lock file.</summary>
    /// <param name="text">What it holds.</param>
    /// <param name="file">Its path, for messages.</param>
    /// <exception cref="PipelineException">It is no lock file, or of a version that is not known.</exception>
    public static LockFile Read(string text, string file)
    {
        var place = new Place(file, 0, "");
        var value = YamlValues.Of(YamlReader.Read(text, file));
        if (value is NothingValue)
        {
            return Empty;
        }

        var root = new Section(value, place);
        if (root.Get("schema") is not { Value: TextValue { Text: "2.0" } })
        {
            throw place.Wrong("is no lock file of version 2.0: \"schema: '2.0'\" is missing. Bring it back with git checkout, or delete it and run hone repro");
        }

        var stages = new OrderedDictionary<string, LockedStage>(StringComparer.Ordinal);
        if (root.Get("stages") is { Value: not NothingValue } section)
        {
            foreach (var name in section.Map().Keys)
            {
                stages.Add(name, LockedStage.Read(section.Get(name)!.Value));
            }
        }

        return new LockFile(stages);
    }

    /// <summary>The text, byte for byte as DVC writes it.</summary>
    public string Write() => YamlWriter.Write(YamlValues.Node(new ValueMap(
    [
        new("schema", new TextValue("2.0")),
        new("stages", new ValueMap([.. _stages.Select(entry => KeyValuePair.Create<string, Value>(entry.Key, entry.Value.ToValue()))])),
    ])));
}
