using System.Text;

namespace Hone.Pipelines.Repositories;

/// <summary>One configuration file as DVC writes it: sections with <c>name = value</c>. Comments, order and blank lines survive a change.</summary>
/// <remarks>
/// Sections are named <c>core</c>, or <c>remote "store"</c> for one of many; in the file the latter stand in single quotes. Names of sections
/// and options are lower case when they are looked up.
/// </remarks>
public sealed class ConfigFile
{
    private readonly List<string> _lines;

    private ConfigFile(string path, string text)
    {
        Path = path;
        _lines = text.Length == 0 ? [] : [.. text.TrimEnd('\n').Split('\n').Select(line => line.TrimEnd('\r'))];
        Check();
    }

    /// <summary>Where it lies.</summary>
    public string Path { get; }

    /// <summary>All options: section, name, value, in the order of the file.</summary>
    public IEnumerable<(string Section, string Name, string Value)> Options
    {
        get
        {
            var section = "";
            foreach (var line in _lines)
            {
                if (SectionOf(line) is { } named)
                {
                    section = named;
                }
                else if (OptionOf(line) is var (name, value))
                {
                    yield return (section, name, value);
                }
            }
        }
    }

    /// <summary>The sections, in the order of the file.</summary>
    public IEnumerable<string> Sections => _lines.Select(SectionOf).OfType<string>();

    /// <summary>Reads a file; one that is not there counts as empty.</summary>
    /// <exception cref="PipelineException">A line is neither section, option nor comment.</exception>
    public static ConfigFile Read(string path) => new(path, Files.SafeFile.ReadText(path) ?? "");

    /// <summary>The value of an option; null if it is not set here.</summary>
    public string? Get(string section, string name) => Options
        .Where(option => option.Section == section && option.Name == name)
        .Select(option => option.Value)
        .LastOrDefault();

    /// <summary>Sets an option, in its place if it is set already.</summary>
    public void Set(string section, string name, string value)
    {
        var line = $"    {name} = {Quoted(value)}";
        var at = LineOf(section, name);
        if (at >= 0)
        {
            _lines[at] = line;
            return;
        }

        var start = _lines.FindIndex(l => SectionOf(l) == section);
        if (start < 0)
        {
            start = AddSection(section);
        }

        var end = start + 1;
        while (end < _lines.Count && SectionOf(_lines[end]) is null)
        {
            end++;
        }

        while (_lines[end - 1].Trim().Length == 0 || (end - 1 > start && _lines[end - 1].TrimStart().StartsWith('#') && end < _lines.Count))
        {
            end--;
        }

        _lines.Insert(end, line);
    }

    /// <summary>Takes an option out, and its section with it if that is then empty.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Remove(string section, string name)
    {
        var at = LineOf(section, name);
        if (at < 0)
        {
            return false;
        }

        _lines.RemoveAt(at);
        if (!Options.Any(option => option.Section == section))
        {
            _lines.RemoveAll(line => SectionOf(line) == section);
        }

        return true;
    }

    /// <summary>Takes a whole section out.</summary>
    public bool RemoveSection(string section)
    {
        var start = _lines.FindIndex(line => SectionOf(line) == section);
        if (start < 0)
        {
            return false;
        }

        var end = start + 1;
        while (end < _lines.Count && SectionOf(_lines[end]) is null)
        {
            end++;
        }

        _lines.RemoveRange(start, end - start);
        return true;
    }

    /// <summary>Gives a section another name.</summary>
    public bool RenameSection(string from, string to)
    {
        var at = _lines.FindIndex(line => SectionOf(line) == from);
        if (at >= 0)
        {
            _lines[at] = Header(to);
        }

        return at >= 0;
    }

    /// <summary>Writes the file if it changed.</summary>
    public void Save()
    {
        Files.SafeFile.MakeFolders(System.IO.Path.GetDirectoryName(Path)!);
        Files.SafeFile.WriteText(Path, ToString());
    }

    /// <summary>The text of the file.</summary>
    public override string ToString() => _lines.Aggregate(new StringBuilder(), (text, line) => text.Append(line).Append('\n')).ToString();

    // DVC keeps the sections of many (remotes) behind the plain ones.
    private int AddSection(string section)
    {
        var firstOfMany = section.Contains('"', StringComparison.Ordinal) ? -1 : _lines.FindIndex(line => SectionOf(line)?.Contains('"', StringComparison.Ordinal) == true);
        var at = firstOfMany < 0 ? _lines.Count : firstOfMany;
        _lines.Insert(at, Header(section));
        return at;
    }

    private static string Header(string section) => section.Contains('"', StringComparison.Ordinal) ? $"['{section}']" : $"[{section}]";

    private int LineOf(string section, string name)
    {
        var current = "";
        var found = -1;
        for (var i = 0; i < _lines.Count; i++)
        {
            if (SectionOf(_lines[i]) is { } named)
            {
                current = named;
            }
            else if (current == section && OptionOf(_lines[i]) is var (option, _) && option == name)
            {
                found = i;
            }
        }

        return found;
    }

    private void Check()
    {
        for (var i = 0; i < _lines.Count; i++)
        {
            var line = _lines[i].Trim();
            if (line.Length > 0 && line[0] is not ('#' or ';') && SectionOf(line) is null && OptionOf(line) is null)
            {
                throw new PipelineException(
                    $"{Path}:{i + 1}: '{line}' is neither a [section] nor 'name = value'; correct or remove the line", PipelineFault.WrongInput);
            }
        }
    }

    private static string? SectionOf(string line)
    {
        var text = line.Trim();
        var end = text.IndexOf(']', StringComparison.Ordinal);
        if (text.Length < 3 || text[0] != '[' || end < 2)
        {
            return null;
        }

        var name = text[1..end].Trim();
        name = name.Length > 1 && name[0] == '\'' && name[^1] == '\'' ? name[1..^1] : name;
        return name.ToLowerInvariant();
    }

    private static (string Name, string Value)? OptionOf(string line)
    {
        var text = line.Trim();
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals < 1 || text[0] is '#' or ';' or '['
            ? null
            : (text[..equals].Trim().ToLowerInvariant(), Unquoted(text[(equals + 1)..].Trim()));
    }

    private static string Unquoted(string value)
    {
        if (value.Length > 1 && value[0] is '"' or '\'' && value.IndexOf(value[0], 1) is > 0 and var end)
        {
            return value[1..end];
        }

        var comment = value.IndexOf(" #", StringComparison.Ordinal);
        return comment < 0 ? value : value[..comment].TrimEnd();
    }

    private static string Quoted(string value)
    {
        var mustQuote = value.Length == 0 || value[0] is ' ' or '"' or '\'' or '#' || value[^1] == ' ' || value.AsSpan().ContainsAny("#,");
        return !mustQuote ? value : value.Contains('"', StringComparison.Ordinal) ? $"'{value}'" : $"\"{value}\"";
    }
}
