using System.Text.Json;

namespace Hone.Tracking.Client;

/// <summary>What came of a request.</summary>
internal enum AnswerKind
{
    /// <summary>It was done.</summary>
    Done,

    /// <summary>It may go better another time: the server is not there, is busy or broken.</summary>
    TryAgain,

    /// <summary>It will go no better: the server does not want it.</summary>
    Refused,
}

/// <summary>An answer of a server, or why there was none.</summary>
/// <param name="Kind">What came of the request.</param>
/// <param name="Status">The HTTP status; 0 if there was none.</param>
/// <param name="Code">The protocol's code of an error, or an empty text.</param>
/// <param name="Message">What went wrong, in words; empty if nothing did.</param>
internal sealed record ServerAnswer(AnswerKind Kind, int Status, string Code, string Message)
{
    private const string InvalidState = "INVALID_STATE";

    /// <summary>It was done, and there is nothing to read.</summary>
    public static ServerAnswer Done { get; } = new(AnswerKind.Done, 200, "", "");

    /// <summary>What was answered, where it was done.</summary>
    public JsonElement Body { get; init; }

    /// <summary>How long the server asks to be left alone; null: it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether what was asked for is not there.</summary>
    public bool IsMissing => Code == "RESOURCE_DOES_NOT_EXIST";

    /// <summary>Whether what was to be made is there.</summary>
    public bool Exists => Code == "RESOURCE_ALREADY_EXISTS";

    /// <summary>Whether the server does not know the caller, or lets it do less than this.</summary>
    public bool IsForbidden => Status is 401 or 403;

    /// <summary>Whether something in the request is wrong, rather than what it is about.</summary>
    public bool IsWrongRequest => Kind == AnswerKind.Refused && Status is 400 or 413 or 422;

    /// <summary>There was no answer.</summary>
    public static ServerAnswer None(string why) => new(AnswerKind.TryAgain, 0, "", why);

    /// <summary>The server does not do it.</summary>
    public static ServerAnswer Refused(string why) => new(AnswerKind.Refused, 0, "", why);

    /// <summary>Reads an answer.</summary>
    public static ServerAnswer Read(int status, ReadOnlySpan<byte> bytes, TimeSpan? retryAfter)
    {
        var body = Parse(bytes);
        if (status is >= 200 and < 300)
        {
            // Something else than a tracking server answers 200 too: a proxy's page, say.
            return body.ValueKind == JsonValueKind.Object ? Done with { Status = status, Body = body }
                : bytes.IsEmpty ? None("The answer was empty.") with { Status = status }
                : new ServerAnswer(AnswerKind.Refused, status, "", "What answers there is no tracking server: its answer is not JSON.");
        }

        var code = Text(body, "error_code");
        var message = Text(body, "message") is { Length: > 0 } told ? told : $"HTTP status {status}";
        var isPassing = status is 408 or 425 or 429 || (status >= 500 && status != 501 && code != InvalidState);
        return new ServerAnswer(isPassing ? AnswerKind.TryAgain : AnswerKind.Refused, status, code, message) { RetryAfter = retryAfter };
    }

    private static JsonElement Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonElement.Parse(bytes);
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private static string Text(JsonElement body, string name) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : "";
}
