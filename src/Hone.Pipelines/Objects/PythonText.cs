using System.Globalization;
using System.Text;

namespace Hone.Pipelines.Objects;

/// <summary>Texts in JSON as Python writes them: nothing but printable ASCII.</summary>
public static class PythonText
{
    /// <summary>A text in double quotes, escaped.</summary>
    public static string Quote(string text)
    {
        var json = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' or '\\' => json.Append('\\').Append(c),
                '\n' => json.Append("\\n"),
                '\r' => json.Append("\\r"),
                '\t' => json.Append("\\t"),
                '\b' => json.Append("\\b"),
                '\f' => json.Append("\\f"),
                >= ' ' and <= '~' => json.Append(c),
                _ => json.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
            };
        }

        return json.Append('"').ToString();
    }
}
