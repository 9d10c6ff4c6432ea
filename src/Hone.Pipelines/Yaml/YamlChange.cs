namespace Hone.Pipelines.Yaml;

/// <summary>Finds the fewest edits that make a document say something else.</summary>
/// <param name="text">The document.</param>
/// <param name="edits">Takes the edits; none overlaps another.</param>
internal sealed class YamlChange(string text, List<YamlEdit> edits)
{
    /// <summary>Whether two values say the same.</summary>
    public static bool AreEqual(YamlNode a, YamlNode b) => (a, b) switch
    {
        (YamlScalar x, YamlScalar y) => x.Kind == y.Kind && (x.Text == y.Text || Shown(x) == Shown(y)),
        (YamlList x, YamlList y) => x.Items.Count == y.Items.Count && x.Items.Zip(y.Items).All(pair => AreEqual(pair.First, pair.Second)),
        (YamlMap x, YamlMap y) => x.Count == y.Count && x.Entries.All(entry => y[entry.Key.Text] is { } other && AreEqual(entry.Value, other)),
        _ => false,
    };

    /// <summary>Turns a map of the document into another.</summary>
    public void Map(YamlMap old, YamlMap wanted)
    {
        var last = old.Entries[^1];
        var isFirstGone = false;
        for (var i = 0; i < old.Count; i++)
        {
            var entry = old.Entries[i];
            if (wanted[entry.Key.Text] is { } value)
            {
                Entry(entry, value, old.Column - 1);
            }
            else if ((i == 0 || isFirstGone) && i + 1 < old.Count)
            {
                // The first key may share its line with a dash: the next one takes its place.
                isFirstGone = true;
                edits.Add(new YamlEdit(entry.Key.Start, old.Entries[i + 1].Key.Start, ""));
            }
            else
            {
                edits.Add(new YamlEdit(LineStart(entry.Key.Start), NextLine(EndOf(entry)), ""));
            }
        }

        var news = wanted.Entries.Where(entry => old[entry.Key.Text] is null).ToArray();
        if (news.Length > 0)
        {
            Insert(NextLine(EndOf(last)), old.Column - 1, news);
        }
    }

    private void Insert(int at, int indent, YamlEntry[] entries)
    {
        var added = "";
        foreach (var (key, value) in entries)
        {
            var head = YamlWriter.WriteKey(key) + ":";
            added += new string(' ', indent) + head + YamlWriter.WriteAfterKey(value, indent, indent + head.Length);
        }

        var isOnNewLine = at == 0 || text[at - 1] == '\n';
        edits.Add(new YamlEdit(at, at, isOnNewLine ? added : "\n" + added.TrimEnd('\n')));
    }

    private void Entry(YamlEntry entry, YamlNode value, int indent)
    {
        switch (entry.Value, value)
        {
            case var (old, wanted) when AreEqual(old, wanted):
                break;
            case (YamlMap { IsFlow: false, Count: > 0 } old, YamlMap { Count: > 0 } wanted):
                Map(old, wanted);
                break;
            case (YamlList { IsFlow: false } old, YamlList wanted) when old.Items.Count == wanted.Items.Count && AllMaps(old) && AllMaps(wanted):
                foreach (var (first, second) in old.Items.Zip(wanted.Items))
                {
                    Map((YamlMap)first, (YamlMap)second);
                }

                break;
            case (YamlScalar { Kind: not YamlKind.Null } old, YamlScalar { Kind: not YamlKind.Null } wanted) when IsOneLine(old):
                var column = old.Column - 2;
                edits.Add(new YamlEdit(old.Start, old.End, YamlWriter.WriteAfterKey(wanted, indent, column).Trim(' ', '\n')));
                break;
            default:
                var rendered = YamlWriter.WriteAfterKey(value, indent, entry.Key.Column + entry.Key.End - entry.Key.Start).TrimEnd('\n');
                var colon = text.IndexOf(':', entry.Key.End) + 1;
                edits.Add(new YamlEdit(colon, Math.Max(colon, EndOf(entry)), rendered));
                break;
        }
    }

    private bool IsOneLine(YamlScalar scalar) => scalar.End > scalar.Start && !text.AsSpan(scalar.Start, scalar.End - scalar.Start).Contains('\n');

    private static bool AllMaps(YamlList list) => list.Items.All(item => item is YamlMap { Count: > 0, IsFlow: false });

    private static string Shown(YamlScalar scalar) => scalar.Kind switch
    {
        YamlKind.Null => "",
        YamlKind.Boolean => scalar.Boolean ? "true" : "false",
        YamlKind.Integer => scalar.Integer.ToString(System.Globalization.CultureInfo.InvariantCulture),
        YamlKind.Float => YamlNumbers.Show(scalar.Float),
        _ => scalar.Text,
    };

    // The end of a block text is where the next line begins: back to its last visible character.
    private int EndOf(YamlEntry entry)
    {
        var end = Math.Min(text.Length, Math.Max(entry.Value.End, entry.Key.End));
        while (end > entry.Key.End && char.IsWhiteSpace(text[end - 1]))
        {
            end--;
        }

        return end;
    }

    private int LineStart(int at) => at == 0 ? 0 : text.LastIndexOf('\n', at - 1) + 1;

    private int NextLine(int at)
    {
        var end = at >= text.Length ? -1 : text.IndexOf('\n', at);
        return end < 0 ? text.Length : end + 1;
    }
}
