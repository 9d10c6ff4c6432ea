using System.Text.Json;
using Hone.Tracking.Runs;
using Microsoft.AspNetCore.Http;

namespace Hone.Tracking.Rest;

/// <summary>How the protocol says that a request cannot be done.</summary>
internal static class Errors
{
    /// <summary>Sends an error as <c>{"error_code": NAME, "message": TEXT}</c> with its status.</summary>
    public static async ValueTask SendAsync(HttpContext context, TrackingError? error, string message)
    {
        var (status, code) = error switch
        {
            TrackingError.Invalid => (400, "INVALID_PARAMETER_VALUE"),
            TrackingError.NotFound => (404, "RESOURCE_DOES_NOT_EXIST"),
            TrackingError.AlreadyExists => (400, "RESOURCE_ALREADY_EXISTS"),
            TrackingError.WrongState => (500, "INVALID_STATE"),
            TrackingError.BadRequest => (400, "BAD_REQUEST"),
            TrackingError.NoSuchEndpoint => (404, "ENDPOINT_NOT_FOUND"),
            TrackingError.Forbidden => (403, "PERMISSION_DENIED"),
            TrackingError.TooLarge => (413, "BAD_REQUEST"),
            TrackingError.NotJson => (400, "INVALID_PARAMETER_VALUE"),
            TrackingError.NotImplemented => (501, "NOT_IMPLEMENTED"),
            TrackingError.Unavailable => (503, "TEMPORARILY_UNAVAILABLE"),
            _ => (500, "INTERNAL_ERROR"),
        };
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("error_code"u8, code);
            json.WriteString("message"u8, message);
            json.WriteEndObject();
        }

        context.Response.ContentLength = bytes.Length;
        await context.Response.BodyWriter.WriteAsync(bytes.GetBuffer().AsMemory(0, (int)bytes.Length), context.RequestAborted);
    }
}
