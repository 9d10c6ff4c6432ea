using System.Text;

namespace Hone.Pipelines.Yaml;

/// <summary>A YAML text and what it says. A change touches the lines it must; comments, order and style of all others stay.</summary>
public sealed class YamlDocument
{
    private readonly string _name;

    private YamlDocument(string text, YamlNode root, string name)
    {
        Text = text;
        Root = root;
        _name = name;
    }

    /// <summary>The text.</summary>
    public string Text { get; }

    /// <summary>What it says.</summary>
    public YamlNode Root { get; }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The document.</param>
    /// <param name="name">What messages call it: the file's path as the user knows it.</param>
    /// <exception cref="PipelineException">It is no YAML. The message has the file, the line and the column.</exception>
    public static YamlDocument Read(string text, string name) => new(text, YamlReader.Read(text, name), name);

    /// <summary>A new document as DVC would write it.</summary>
    public static string Write(YamlNode root) => YamlWriter.Write(root);

    /// <summary>The text that says something else: keys that stay keep their place, new ones come after them, others go.</summary>
    /// <param name="wanted">All that the document is to say.</param>
    public string Changed(YamlMap wanted)
    {
        if (Root is not YamlMap { IsFlow: false, Count: > 0 } map || wanted.Count == 0)
        {
            return YamlWriter.Write(wanted);
        }

        var edits = new List<YamlEdit>();
        new YamlChange(Text, edits).Map(map, wanted);
        var text = new StringBuilder(Text);
        foreach (var edit in edits.OrderByDescending(edit => edit.Start).ThenByDescending(edit => edit.End))
        {
            text.Remove(edit.Start, edit.End - edit.Start).Insert(edit.Start, edit.Text);
        }

        // An unusual style may be beyond an edit in place: then what it says counts more than how.
        var changed = text.ToString();
        return Says(changed, wanted) ? changed : YamlWriter.Write(wanted);
    }

    private bool Says(string text, YamlMap wanted)
    {
        try
        {
            return YamlChange.AreEqual(YamlReader.Read(text, _name), wanted);
        }
        catch (PipelineException)
        {
            return false;
        }
    }
}
