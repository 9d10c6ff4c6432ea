using System.Globalization;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Hone.Tracking.Mlflow;

/// <summary>The fields of a <c>meta.yaml</c>.</summary>
internal sealed class MlflowYaml
{
    private readonly YamlMappingNode _fields;

    private MlflowYaml(YamlMappingNode fields) => _fields = fields;

    /// <summary>Reads a file; null, and told to the log, if it cannot be read.</summary>
    public static MlflowYaml? Read(string path, ImportLog log)
    {
        try
        {
            var stream = new YamlStream();
            using var reader = new StreamReader(path, Encoding.UTF8);
            stream.Load(reader);
            if (stream.Documents is [{ RootNode: YamlMappingNode fields }])
            {
                return new MlflowYaml(fields);
            }

            log.Skip(path, "it holds no fields");
        }
        catch (YamlException wrong)
        {
            log.Skip(path, $"it is no YAML: line {wrong.Start.Line}, {wrong.Message}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            log.Skip(path, failure.Message);
        }

        return null;
    }

    /// <summary>A text; null if it is absent, null or no scalar.</summary>
    public string? Text(string name) =>
        _fields.Children.TryGetValue(new YamlScalarNode(name), out var node) && node is YamlScalarNode { Value: { } text } scalar
        && !(scalar.Style == ScalarStyle.Plain && text is "null" or "~" or "")
            ? text
            : null;

    /// <summary>A whole number; null if it is absent or none.</summary>
    public long? Number(string name) => long.TryParse(Text(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The pairs of a field that is a map; none if it is absent.</summary>
    public List<(string Key, string Value)> Pairs(string name)
    {
        var pairs = new List<(string Key, string Value)>();
        if (_fields.Children.TryGetValue(new YamlScalarNode(name), out var node) && node is YamlMappingNode map)
        {
            foreach (var (key, value) in map.Children)
            {
                if (key is YamlScalarNode { Value: { } word } && value is YamlScalarNode scalar)
                {
                    pairs.Add((word, scalar.Value ?? ""));
                }
            }
        }

        return pairs;
    }

    /// <summary>Writes fields as YAML; null is <c>null</c>, numbers are plain, texts quoted.</summary>
    public static void Write(string path, params IEnumerable<(string Name, object? Value)> fields)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in fields)
        {
            Append(text, name, value);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text.ToString());
    }

    private static void Append(StringBuilder text, string name, object? value)
    {
        switch (value)
        {
            case null:
                text.Append(CultureInfo.InvariantCulture, $"{name}: null\n");
                break;
            case List<(string Key, string Value)> { Count: 0 }:
                text.Append(CultureInfo.InvariantCulture, $"{name}: {{}}\n");
                break;
            case List<(string Key, string Value)> pairs:
                text.Append(CultureInfo.InvariantCulture, $"{name}:\n");
                pairs.ForEach(pair => text.Append(CultureInfo.InvariantCulture, $"  {Quoted(pair.Key)}: {Quoted(pair.Value)}\n"));
                break;
            case string word:
                text.Append(CultureInfo.InvariantCulture, $"{name}: {Quoted(word)}\n");
                break;
            default:
                text.Append(CultureInfo.InvariantCulture, $"{name}: {value}\n");
                break;
        }
    }

    // What other readers could take for an end of line, or not at all, is escaped; all other letters stand as they are.
    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var letter in text)
        {
            if (letter is '"' or '\\')
            {
                quoted.Append('\\').Append(letter);
            }
            else if (char.IsControl(letter) || letter is '\u2028' or '\u2029' or '\ufeff' or '\ufffe' or '\uffff')
            {
                quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");
            }
            else
            {
                quoted.Append(letter);
            }
        }

        return quoted.Append('"').ToString();
    }
}
