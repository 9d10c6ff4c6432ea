using System.Buffers;
using System.Text;
using System.Text.Json;
using Hone.Trials;

namespace Hone.Workers.Processes;

/// <summary>Reads reports as training programs print and send them: <c>{"step": 100, "validation_loss": 0.41}</c>.</summary>
/// <remarks>
/// JSON, and the literals <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c> that Python writes. A truth value is 0 or 1, and the texts
/// "nan" and "inf" (with a sign, in any case) are numbers.
/// </remarks>
internal static class ReportParser
{
    /// <summary>What every report contains.</summary>
    public static ReadOnlySpan<byte> Key => "\"step\""u8;

    /// <summary>Whether a line may be a report: a cheap look, for programs that print a lot.</summary>
    public static bool MayBeReport(ReadOnlySpan<byte> line)
    {
        var text = line.TrimStart(" \t"u8);
        return !text.IsEmpty && text[0] == (byte)'{' && text.IndexOf(Key) >= 0;
    }

    /// <summary>Reads one object.</summary>
    /// <returns>The report, or null and the problem; null without a problem if it is no object with a step.</returns>
    public static Report? Parse(ReadOnlySpan<byte> text, out string? problem)
    {
        var reports = Read(text, allowArray: false, out problem);
        return reports is { Count: 1 } ? reports[0] : null;
    }

    /// <summary>Reads one object or an array of objects. Null: nothing was taken, because of the problem.</summary>
    public static List<Report>? ParseAll(ReadOnlySpan<byte> text, out string? problem)
    {
        var reports = Read(text, allowArray: true, out problem);
        problem ??= reports is null ? "expected an object with the key \"step\", or an array of them" : null;
        return problem is null ? reports : null;
    }

    private static List<Report>? Read(ReadOnlySpan<byte> text, bool allowArray, out string? problem)
    {
        try
        {
            return ReadStrict(text, allowArray, out problem);
        }
        catch (Exception e) when (IsMalformed(e))
        {
            var plain = QuoteLiterals(text);
            if (plain is null)
            {
                problem = allowArray ? $"not JSON: {e.Message}" : null;
                return null;
            }

            try
            {
                return ReadStrict(plain, allowArray, out problem);
            }
            catch (Exception again) when (IsMalformed(again))
            {
                problem = allowArray ? $"not JSON: {again.Message}" : null;
                return null;
            }
        }
    }

    // The reader's word for text that is not UTF-8 is InvalidOperationException.
    private static bool IsMalformed(Exception e) => e is JsonException or InvalidOperationException;

    private static List<Report>? ReadStrict(ReadOnlySpan<byte> text, bool allowArray, out string? problem)
    {
        problem = null;
        var reports = new List<Report>(1);
        var json = new Utf8JsonReader(text);
        json.Read();
        var isArray = json.TokenType == JsonTokenType.StartArray;
        if (isArray && allowArray)
        {
            json.Read();
        }

        while (json.TokenType == JsonTokenType.StartObject)
        {
            var report = ReadObject(ref json, ref problem);
            if (report is null)
            {
                return null;
            }

            reports.Add(report);
            if (!json.Read())
            {
                return reports;
            }
        }

        return isArray && allowArray && json.TokenType == JsonTokenType.EndArray && !json.Read() ? reports : null;
    }

    private static Report? ReadObject(ref Utf8JsonReader json, ref string? problem)
    {
        var values = new List<MetricValue>();
        long? step = null;
        var ignored = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isStep = json.ValueTextEquals("step"u8);
            var name = isStep ? "step" : json.GetString()!;
            json.Read();
            if (isStep)
            {
                step = Step(ref json, ref problem);
            }
            else if (Number(ref json) is { } number)
            {
                values.Add(new MetricValue(name, number));
            }
            else
            {
                ignored = true;
            }

            json.Skip();
        }

        return step is { } known && problem is null ? new Report(known, values, ignored) : null;
    }

    private static long? Step(ref Utf8JsonReader json, ref string? problem)
    {
        var written = json.TokenType == JsonTokenType.Number ? Encoding.UTF8.GetString(json.ValueSpan) : json.TokenType.ToString();
        if (json.TokenType == JsonTokenType.Number)
        {
            if (json.TryGetInt64(out var step) && step >= 0)
            {
                return step;
            }

            // 2^53: beyond it not every whole number is a double.
            if (json.TryGetDouble(out var number) && number >= 0 && number <= 1L << 53 && number == Math.Floor(number))
            {
                return (long)number;
            }
        }

        problem ??= $"a step is a whole number from 0, not {written}";
        return null;
    }

    private static double? Number(ref Utf8JsonReader json) => json.TokenType switch
    {
        JsonTokenType.Number => json.TryGetDouble(out var number) ? number : null,
        JsonTokenType.True => 1,
        JsonTokenType.False => 0,
        JsonTokenType.String => Special(json.GetString()!),
        _ => null,
    };

    private static double? Special(string text)
    {
        var unsigned = text.TrimStart('+', '-').ToUpperInvariant();
        var sign = text.StartsWith('-') ? -1 : 1;
        return unsigned switch
        {
            "NAN" => double.NaN,
            "INF" or "INFINITY" => sign * double.PositiveInfinity,
            _ => null,
        };
    }

    // Puts the literals that JSON lacks into quotation marks; null if there are none outside of texts.
    private static byte[]? QuoteLiterals(ReadOnlySpan<byte> text)
    {
        var result = new ArrayBufferWriter<byte>(text.Length + 16);
        var inText = false;
        var found = false;
        for (var i = 0; i < text.Length; i++)
        {
            var length = inText ? 0 : LiteralLength(text[i..]);
            if (length > 0)
            {
                result.Write("\""u8);
                result.Write(text.Slice(i, length));
                result.Write("\""u8);
                i += length - 1;
                found = true;
                continue;
            }

            if (inText && text[i] == (byte)'\\' && i + 1 < text.Length)
            {
                result.Write(text.Slice(i++, 2));
                continue;
            }

            inText ^= text[i] == (byte)'"';
            result.Write(text.Slice(i, 1));
        }

        return found ? result.WrittenSpan.ToArray() : null;
    }

    private static int LiteralLength(ReadOnlySpan<byte> text) =>
        text.StartsWith("NaN"u8) ? 3
        : text.StartsWith("Infinity"u8) ? 8
        : text.StartsWith("-Infinity"u8) ? 9
        : text.StartsWith("-NaN"u8) ? 4
        : 0;
}
