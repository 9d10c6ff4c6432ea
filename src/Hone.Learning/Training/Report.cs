using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Hone.Learning.Training;

/// <summary>
/// A line of JSON for a step, as any training program reports it. Numbers that are not finite are written <c>NaN</c>, <c>Infinity</c> and
/// <c>-Infinity</c>, as Python does.
/// </summary>
internal sealed class Report
{
    private readonly StringBuilder _line = new();

    public Report(long step) => _line.Append(CultureInfo.InvariantCulture, $"{{\"step\":{step}");

    public Report Add(string metric, double value)
    {
        _line.Append(CultureInfo.InvariantCulture, $",\"{JsonEncodedText.Encode(metric, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\":{value:R}");
        return this;
    }

    public override string ToString() => _line + "}";
}
