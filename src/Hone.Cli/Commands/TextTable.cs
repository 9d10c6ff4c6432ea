using System.Text;

namespace Hone.Cli.Commands;

/// <summary>A table in plain text: columns as wide as what stands in them, two blanks apart.</summary>
internal sealed class TextTable(params IReadOnlyList<string> heads)
{
    private readonly List<IReadOnlyList<string>> _rows = [heads];

    /// <summary>Adds a row with a cell for each head.</summary>
    public void Add(params IReadOnlyList<string> cells) => _rows.Add([.. cells.Select(cell => cell.ReplaceLineEndings(" "))]);

    /// <summary>Writes the table. Columns whose cells all look like numbers stand at the right.</summary>
    public void Write(TextWriter output)
    {
        var widths = heads.Select((_, column) => _rows.Max(row => row[column].Length)).ToArray();
        var right = heads.Select((_, column) => _rows.Skip(1).All(row => row[column].Length == 0 || !char.IsLetter(row[column][0]))).ToArray();
        foreach (var row in _rows)
        {
            var line = new StringBuilder();
            for (var column = 0; column < row.Count; column++)
            {
                line.Append(right[column] ? row[column].PadLeft(widths[column]) : row[column].PadRight(widths[column])).Append("  ");
            }

            output.WriteLine(line.ToString().TrimEnd());
        }
    }

    /// <summary>Writes the table in Markdown.</summary>
    public void WriteMarkdown(TextWriter output)
    {
        for (var row = 0; row < _rows.Count; row++)
        {
            output.WriteLine($"| {string.Join(" | ", _rows[row].Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |");
            if (row == 0)
            {
                output.WriteLine($"|{string.Concat(heads.Select(_ => "---|"))}");
            }
        }
    }
}
