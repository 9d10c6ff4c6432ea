using System.Globalization;
using System.Text;

namespace Hone.Cli.Progress;

/// <summary>How a piece of text looks on a terminal.</summary>
internal enum Look
{
    /// <summary>As the terminal has it.</summary>
    Plain,

    /// <summary>Less bright.</summary>
    Faint,

    /// <summary>Bold.</summary>
    Strong,

    /// <summary>Green.</summary>
    Good,

    /// <summary>Yellow.</summary>
    Warning,

    /// <summary>Red.</summary>
    Bad,
}

/// <summary>One line for a terminal: knows how many columns it takes, and is cropped rather than wrapped.</summary>
/// <param name="columns">The most columns.</param>
/// <param name="hasColor">Whether looks are written.</param>
internal sealed class TerminalLine(int columns, bool hasColor)
{
    private readonly StringBuilder _text = new();

    /// <summary>How many columns the line takes so far.</summary>
    public int Width { get; private set; }

    /// <summary>How many columns are left.</summary>
    public int Left => columns - Width;

    /// <summary>Adds a text; control characters become blanks, and what does not fit is left out, with an ellipsis at the end.</summary>
    public TerminalLine Add(string text, Look look = Look.Plain)
    {
        if (Left <= 0)
        {
            return this;
        }

        if (hasColor && look != Look.Plain)
        {
            _text.Append("\e[").Append(Code(look)).Append('m');
        }

        AddCropped(text);
        if (hasColor && look != Look.Plain)
        {
            _text.Append("\e[0m");
        }

        return this;
    }

    /// <summary>Adds a text at the right end of a field.</summary>
    public TerminalLine Right(string text, int width, Look look = Look.Plain) => Add(text.PadLeft(width), look);

    /// <summary>Adds a text at the left end of a field.</summary>
    public TerminalLine Field(string text, int width, Look look = Look.Plain) => Add(text.PadRight(width), look);

    /// <summary>The line with the codes for its looks.</summary>
    public override string ToString() => _text.ToString();

    /// <summary>How many columns a character takes: 2 for most of East Asia's and for pictures, 0 for marks that sit on another.</summary>
    public static int WidthOf(Rune rune) => rune.Value switch
    {
        < 0x300 => 1,
        >= 0x1100 and <= 0x115F or >= 0x2E80 and <= 0xA4CF or >= 0xAC00 and <= 0xD7A3 or >= 0xF900 and <= 0xFAFF
            or >= 0xFE30 and <= 0xFE6F or >= 0xFF00 and <= 0xFF60 or >= 0xFFE0 and <= 0xFFE6 or >= 0x1F300 and <= 0x1FAFF
            or >= 0x20000 and <= 0x3FFFD => 2,
        _ => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format ? 0 : 1,
    };

    private void AddCropped(string text)
    {
        var whole = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            whole += WidthOf(rune);
        }

        var isCropped = whole > Left;
        var room = isCropped ? Left - 1 : Left;
        foreach (var rune in text.EnumerateRunes())
        {
            var width = WidthOf(rune);
            if (width > room)
            {
                break;
            }

            room -= width;
            Width += width;
            _text.Append((Rune.IsControl(rune) ? new Rune(' ') : rune).ToString());
        }

        if (isCropped)
        {
            _text.Append('…');
            Width = columns;
        }
    }

    private static string Code(Look look) => look switch
    {
        Look.Faint => "2",
        Look.Strong => "1",
        Look.Good => "32",
        Look.Warning => "33",
        _ => "31",
    };
}
