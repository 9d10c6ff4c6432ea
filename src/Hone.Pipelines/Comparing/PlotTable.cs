using System.Globalization;
using System.Text;
using Hone.Pipelines.Stages;
using Hone.Pipelines.Values;

namespace Hone.Pipelines.Comparing;

/// <summary>A table of a plot: CSV, TSV, or a list of mappings in JSON or YAML.</summary>
internal sealed class PlotTable
{
    private readonly string _file;
    private readonly List<IReadOnlyList<Value>> _rows;

    private PlotTable(string file, IReadOnlyList<string> fields, List<IReadOnlyList<Value>> rows)
    {
        _file = file;
        Fields = fields;
        _rows = rows;
    }

    /// <summary>The names of the columns.</summary>
    public IReadOnlyList<string> Fields { get; }

    /// <summary>Reads a text.</summary>
    public static PlotTable Read(string text, string file, bool hasHeader) => Path.GetExtension(file).ToLowerInvariant() switch
    {
        ".csv" => Separated(text, ',', file, hasHeader),
        ".tsv" => Separated(text, '\t', file, hasHeader),
        ".json" or ".yaml" or ".yml" => OfMappings(ParametersFile.Any(text, file), file),
        _ => throw new PipelineException($"{file}: no table that can be drawn; expected .csv, .tsv, .json or .yaml", PipelineFault.WrongInput),
    };

    /// <summary>The values of a column.</summary>
    public List<Value> Column(string field)
    {
        var place = Fields.ToList().IndexOf(field);
        return place >= 0
            ? [.. _rows.Where(row => place < row.Count).Select(row => row[place])]
            : throw new PipelineException($"{_file}: there is no field '{field}'; there are {string.Join(", ", Fields)}", PipelineFault.WrongInput);
    }

    private static PlotTable Separated(string text, char separator, string file, bool hasHeader)
    {
        var rows = Split(text, separator);
        var width = rows.Count == 0 ? 0 : rows[0].Count;
        IReadOnlyList<string> fields = hasHeader && rows.Count > 0 ? rows[0] : [.. Enumerable.Range(0, width).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        return new PlotTable(file, fields, [.. rows.Skip(hasHeader ? 1 : 0).Select(row => (IReadOnlyList<Value>)[.. row.Select(Cell)])]);
    }

    private static Value Cell(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        ? new RealValue(number)
        : new TextValue(text);

    private static List<List<string>> Split(string text, char separator)
    {
        var rows = new List<List<string>>();
        var row = new List<string>();
        var cell = new StringBuilder();
        var isQuoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (isQuoted)
            {
                if (c == '"' && i + 1 < text.Length && text[i + 1] == '"')
                {
                    cell.Append(text[i++]);
                }
                else if (c == '"')
                {
                    isQuoted = false;
                }
                else
                {
                    cell.Append(c);
                }
            }
            else if (c == '"' && cell.Length == 0)
            {
                isQuoted = true;
            }
            else if (c == separator || c == '\n')
            {
                row.Add(cell.ToString());
                cell.Clear();
                if (c == '\n')
                {
                    rows.Add(row);
                    row = [];
                }
            }
            else if (c != '\r')
            {
                cell.Append(c);
            }
        }

        if (cell.Length > 0 || row.Count > 0)
        {
            row.Add(cell.ToString());
            rows.Add(row);
        }

        rows.RemoveAll(line => line is [""]);
        return rows;
    }

    // The rows are the first list of mappings, wherever in the file it is.
    private static PlotTable OfMappings(Value value, string file)
    {
        var rows = Rows(value) ?? throw new PipelineException($"{file}: no list of mappings to draw", PipelineFault.WrongInput);
        string[] fields = [.. rows.SelectMany(row => row.Keys).Distinct(StringComparer.Ordinal)];
        return new PlotTable(file, fields, [.. rows.Select(row => (IReadOnlyList<Value>)[.. fields.Select(field => row.Find(field) ?? new NothingValue())])]);
    }

    private static List<ValueMap>? Rows(Value value) => value switch
    {
        ValueList list when list.Items.Count > 0 && list.Items.All(item => item is ValueMap) => [.. list.Items.Cast<ValueMap>()],
        ValueMap map => map.Entries.Select(entry => Rows(entry.Value)).FirstOrDefault(rows => rows is not null),
        _ => null,
    };
}
