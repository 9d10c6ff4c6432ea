using System.Globalization;
using System.Text;

namespace Hone.Cli.Commands.Pipelines;

/// <summary>JSON as DVC prints it: one line, a blank after each comma and colon, nothing but ASCII.</summary>
internal sealed class PythonJson
{
    private readonly StringBuilder _text = new();
    private bool _isFirst = true;

    /// <summary>Opens an object or a list.</summary>
    public PythonJson Open(char bracket)
    {
        Separate();
        _text.Append(bracket);
        _isFirst = true;
        return this;
    }

    /// <summary>Closes it.</summary>
    public PythonJson Close(char bracket)
    {
        _text.Append(bracket);
        _isFirst = false;
        return this;
    }

    /// <summary>Writes a key.</summary>
    public PythonJson Key(string key)
    {
        Text(key);
        _text.Append(": ");
        _isFirst = true;
        return this;
    }

    /// <summary>Writes a text.</summary>
    public PythonJson Text(string text)
    {
        Separate();
        _text.Append('"');
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' or '\\' => _text.Append('\\').Append(c),
                '\n' => _text.Append("\\n"),
                '\r' => _text.Append("\\r"),
                '\t' => _text.Append("\\t"),
                '\b' => _text.Append("\\b"),
                '\f' => _text.Append("\\f"),
                >= ' ' and <= '~' => _text.Append(c),
                _ => _text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
            };
        }

        _text.Append('"');
        return this;
    }

    /// <summary>Writes a number or a word as it is.</summary>
    public PythonJson Raw(string text)
    {
        Separate();
        _text.Append(text);
        return this;
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    private void Separate()
    {
        if (!_isFirst)
        {
            _text.Append(", ");
        }

        _isFirst = false;
    }
}
