using System.Net;
using System.Text;

namespace Hone.Dashboard;

/// <summary>A table of a page, readable without scripts. All text is escaped.</summary>
internal sealed class HtmlTable
{
    private readonly string _title;
    private readonly StringBuilder _rows = new();
    private int _texts;

    public HtmlTable(string title) => _title = title;

    /// <summary>The heads.</summary>
    /// <param name="heads">One a column.</param>
    /// <param name="texts">How many columns at the left hold text rather than numbers.</param>
    public void Heads(IEnumerable<string> heads, int texts)
    {
        _texts = texts;
        _rows.Append("<thead><tr>");
        var column = 0;
        foreach (var head in heads)
        {
            _rows.Append(column++ < texts ? "<th scope=\"col\" class=\"text\">" : "<th scope=\"col\">").Append(WebUtility.HtmlEncode(head)).Append("</th>");
        }

        _rows.Append("</tr></thead>\n<tbody>\n");
    }

    /// <summary>A row with a cell for each head.</summary>
    public void Row(bool isMarked, IEnumerable<string> cells)
    {
        _rows.Append(isMarked ? "<tr class=\"is-best\">" : "<tr>");
        var column = 0;
        foreach (var cell in cells)
        {
            _rows.Append(column++ < _texts ? "<td class=\"text\">" : "<td>").Append(WebUtility.HtmlEncode(cell)).Append("</td>");
        }

        _rows.Append("</tr>\n");
    }

    /// <summary>The card with the table and, below it, notes.</summary>
    public string ToString(IEnumerable<string> notes) =>
        $"<section class=\"card wide plain\" aria-label=\"{WebUtility.HtmlEncode(_title)}\"><div class=\"bar\"><h2>{WebUtility.HtmlEncode(_title)}</h2></div>"
        + $"<div class=\"scroll\" tabindex=\"0\"><table>{_rows}</tbody></table></div>"
        + string.Concat(notes.Select(note => $"<p class=\"note\">{WebUtility.HtmlEncode(note)}</p>")) + "</section>\n";
}
