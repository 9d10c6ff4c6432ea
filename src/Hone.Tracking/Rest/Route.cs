using System.Buffers;
using System.Text.Json;
using Hone.Tracking.Access;
using Hone.Tracking.Runs;
using Hone.Tracking.Telemetry;
using Microsoft.AspNetCore.Http;

namespace Hone.Tracking.Rest;

/// <summary>Answers the requests of one address and method.</summary>
internal abstract class Route
{
    /// <summary>What it asks of its callers; an admin's role for everything unless the table of rights says otherwise.</summary>
    public Need Need { get; set; } = Need.Everything;

    /// <summary>How often it was asked, and how long it took.</summary>
    public RouteMeter Meter { get; set; } = RouteMeter.Unrouted;

    /// <summary>Answers a request, or throws before the first byte of the answer.</summary>
    /// <param name="context">The request.</param>
    /// <param name="path">What stands for the names in the route's braces; null for a route without any.</param>
    /// <param name="store">The store.</param>
    /// <exception cref="TrackingException">It cannot be done.</exception>
    public abstract ValueTask AnswerAsync(HttpContext context, Dictionary<string, string>? path, TrackingStore store);

    /// <summary>Refuses a caller who may not do what a request asks.</summary>
    protected void Authorize(RestRequest request, TrackingSession session) => Need.Check(request, session);

    /// <summary>The same for a route that has no connection at hand.</summary>
    protected void Authorize(RestRequest request, TrackingStore store)
    {
        if (request.Caller is null)
        {
            return;
        }

        var session = store.Readers.Rent();
        try
        {
            Need.Check(request, session);
        }
        finally
        {
            store.Readers.Return(session);
        }
    }

    /// <summary>Writes down that it was done, if that is to be; before the caller is told.</summary>
    protected void NoteDone(Caller? caller)
    {
        if (caller is { Identity: not null } && Need.Action is { } action)
        {
            caller.Note(action, AuditEntry.Done);
        }
    }

    /// <summary>Sends the JSON of an answer, or what is left of one that was sent in pieces.</summary>
    protected static async ValueTask SendAsync(HttpContext context, Answer answer)
    {
        answer.End();
        var response = context.Response;
        if (!response.HasStarted)
        {
            response.ContentType = "application/json";
            response.ContentLength = answer.Written.Length;
        }

        await response.BodyWriter.WriteAsync(answer.Written, context.RequestAborted);
        answer.Return();
    }

    /// <summary>Reads the fields of a request, wherever they stand, and does something with them while they last.</summary>
    protected static async ValueTask WithFieldsAsync(HttpContext context, Dictionary<string, string>? path, Func<RestRequest, ValueTask> act)
    {
        if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
        {
            await act(new RestRequest(context.Request.Query, default, path) { Caller = Caller.Of(context) });
            return;
        }

        var body = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
        try
        {
            using var document = Parse(body.Bytes);
            await act(new RestRequest(null, document?.RootElement ?? default, path) { Caller = Caller.Of(context) });
        }
        finally
        {
            body.Release();
        }
    }

    private static JsonDocument? Parse(in ReadOnlySequence<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return null;
        }

        try
        {
            var document = JsonDocument.Parse(bytes);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document : throw NotObject();
        }
        catch (JsonException wrong)
        {
            throw new TrackingException(TrackingError.BadRequest, $"The body of the request is not JSON: {wrong.Message}");
        }
    }

    private static TrackingException NotObject() => new(TrackingError.BadRequest, "The body of the request must be a JSON object.");
}

/// <summary>Answers a question from the store as it is at one moment.</summary>
/// <param name="question">Writes the answer's fields.</param>
internal sealed class Question(Action<RestRequest, TrackingSession, Utf8JsonWriter> question) : Route
{
    /// <inheritdoc/>
    public override ValueTask AnswerAsync(HttpContext context, Dictionary<string, string>? path, TrackingStore store) =>
        WithFieldsAsync(context, path, request => AnswerAsync(context, request, store));

    private async ValueTask AnswerAsync(HttpContext context, RestRequest request, TrackingStore store)
    {
        var answer = Answer.Rent();
        var session = store.Readers.Rent();
        try
        {
            Authorize(request, session);
            question(request, session, answer.Json);
        }
        finally
        {
            store.Readers.Return(session);
        }

        await SendAsync(context, answer);
    }
}

/// <summary>Makes a change, and answers when it is durable.</summary>
/// <param name="change">Makes the change on the writer's thread and writes the answer's fields; refuses before it changes anything.</param>
internal sealed class Change(Action<RestRequest, ChangeSession, Utf8JsonWriter> change) : Route
{
    /// <inheritdoc/>
    public override ValueTask AnswerAsync(HttpContext context, Dictionary<string, string>? path, TrackingStore store) =>
        WithFieldsAsync(context, path, async request =>
        {
            var answer = Answer.Rent();
            await store.Writer.RunAsync(new AnsweredChange<RestRequest>(request, Apply, answer, store.Now, request.Caller));
            NoteDone(request.Caller);
            await SendAsync(context, answer);
        });

    // In the transaction of the change, so that a right that was just taken away is none.
    private void Apply(RestRequest request, ChangeSession session, Utf8JsonWriter answer)
    {
        Authorize(request, session.Store);
        change(request, session, answer);
    }
}

/// <summary>Makes a change whose request is read before its turn comes: for what is sent thousands of times a second.</summary>
/// <param name="read">Reads the body, on the request's thread.</param>
/// <param name="change">Asks what the caller may do, makes the change on the writer's thread and writes the answer's fields.</param>
internal class ReadChange<T>(Func<ReadOnlySequence<byte>, T> read, Action<T, ChangeSession, Utf8JsonWriter> change) : Route
{
    private static readonly ReadOnlySequence<byte> NoFields = new("{}"u8.ToArray());

    /// <inheritdoc/>
    public sealed override async ValueTask AnswerAsync(HttpContext context, Dictionary<string, string>? path, TrackingStore store)
    {
        var body = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
        T fields;
        try
        {
            fields = read(body.Bytes.IsEmpty ? NoFields : body.Bytes);
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            // The latter is of a name of a field with half a surrogate pair in it.
            throw new TrackingException(TrackingError.BadRequest, $"The body of the request is not JSON: {wrong.Message}");
        }
        finally
        {
            body.Release();
        }

        await MakeAsync(context, fields, store);
    }

    /// <summary>Makes the change and answers.</summary>
    protected virtual async ValueTask MakeAsync(HttpContext context, T fields, TrackingStore store)
    {
        var answer = Answer.Rent();
        await store.Writer.RunAsync(new AnsweredChange<T>(fields, change, answer, store.Now, Caller.Of(context)));
        await SendAsync(context, answer);
    }
}
