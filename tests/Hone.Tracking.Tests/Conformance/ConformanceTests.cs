using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Tracking.Tests.Rest;

namespace Hone.Tracking.Tests.Conformance;

/// <summary>Each endpoint of the protocol's published description, asked over HTTP.</summary>
public sealed class ConformanceTests(ProtocolWorld world) : IClassFixture<ProtocolWorld>
{
    private const int Invalid = 400;
    private static readonly string[] Prefixes = ["/api/2.0/mlflow/", "/ajax-api/2.0/mlflow/"];

    public static TheoryData<string> Endpoints => [.. Protocol.Published.Endpoints.Select(endpoint => endpoint.ToString())];

    public static TheoryData<string, string> Required => Fields((_, part) => part.Must);

    public static TheoryData<string, string> Bounded => Fields((_, part) => part.Most > 0);

    public static TheoryData<string, string> Numbered => Fields((_, part) => part.Members > 0 || part.Above > 0);

    public static TheoryData<string, string> Naming => Fields((_, part) => part.Unknown is not null);

    public static TheoryData<string, string> Deletable => Fields((_, part) => part.Deleted is not null);

    public static TheoryData<string, string> Typed => Fields((endpoint, part) =>
        endpoint.Method != "GET" || part.Type is "int" or "bool" or "double");

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task An_endpoint_answers_with_the_documented_fields_under_both_prefixes(string name)
    {
        var endpoint = Protocol.Find(name);
        foreach (var prefix in Prefixes)
        {
            var (status, answer) = await AskAsync(endpoint, await world.RequestAsync(endpoint), prefix);

            Assert.True(status == 200, $"{prefix}: {status} {answer.GetRawText()}");
            CheckFields(answer, endpoint.Response, endpoint.Lax, name);
        }
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task An_endpoint_passes_over_fields_that_it_does_not_know(string name)
    {
        var endpoint = Protocol.Find(name);
        var request = await world.RequestAsync(endpoint);
        request["a_field_of_the_future"] = endpoint.Method == "GET" ? "1" : new JsonObject { ["a"] = new JsonArray(1, "b", null) };

        var (status, answer) = await AskAsync(endpoint, request);

        Assert.True(status == 200, $"{status} {answer.GetRawText()}");
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task An_endpoint_takes_fields_that_are_null_as_absent(string name)
    {
        var endpoint = Protocol.Find(name);
        if (endpoint.Method == "GET")
        {
            // A query has no null.
            return;
        }

        var request = await world.RequestAsync(endpoint);
        foreach (var (field, described) in endpoint.Request.Where(field => !field.Value.Must))
        {
            request[field] = null;
        }

        var (status, answer) = await AskAsync(endpoint, request);

        Assert.True(status == 200, $"{status} {answer.GetRawText()}");
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task An_endpoint_answers_no_other_method(string name)
    {
        var endpoint = Protocol.Find(name);
        var path = Path(endpoint, await world.RequestAsync(endpoint));

        var refusal = await world.Server.RefusalAsync(HttpMethod.Put, path, new { });

        Assert.Equal((404, "ENDPOINT_NOT_FOUND"), (refusal.Status, refusal.Code));
    }

    [Theory]
    [MemberData(nameof(Required))]
    public async Task A_required_field_is_asked_for_by_its_name(string name, string field)
    {
        var endpoint = Protocol.Find(name);
        if (IsInPath(endpoint, field))
        {
            // Without it the address is another one.
            return;
        }

        var request = await world.RequestAsync(endpoint);
        request.Remove(field);

        var (status, answer) = await AskAsync(endpoint, request);

        Assert.Equal((Invalid, "INVALID_PARAMETER_VALUE"), (status, answer.Text("error_code")));
        Assert.True(Says(answer, field), answer.Text("message"));
    }

    [Theory]
    [MemberData(nameof(Typed))]
    public async Task A_field_of_another_type_is_refused(string name, string field)
    {
        var endpoint = Protocol.Find(name);
        if (IsInPath(endpoint, field))
        {
            return;
        }

        foreach (var wrong in OfOtherTypes(endpoint, endpoint.Request[field].Type))
        {
            var request = await world.RequestAsync(endpoint);
            request[field] = wrong.DeepClone();

            var (status, answer) = await AskAsync(endpoint, request);

            Assert.True(
                status == Invalid && answer.Text("error_code") is "INVALID_PARAMETER_VALUE" or "BAD_REQUEST",
                $"{wrong.ToJsonString()}: {status} {answer.GetRawText()}");
        }
    }

    [Theory]
    [MemberData(nameof(Bounded))]
    public async Task A_text_of_the_longest_length_is_taken_and_a_longer_one_is_refused_or_cut(string name, string field)
    {
        var endpoint = Protocol.Find(name);
        var described = endpoint.Request[field];
        foreach (var length in new[] { described.Most, described.Most + 1 })
        {
            var request = await world.RequestAsync(endpoint);
            request[field] = LongText(field, length);

            var (status, answer) = await AskAsync(endpoint, request);

            var expected = length > described.Most && described.Over == "refused" ? Invalid : 200;
            Assert.True(status == expected, $"{length}: {status} {answer.GetRawText()}");
            if (expected == Invalid)
            {
                Assert.Equal("INVALID_PARAMETER_VALUE", answer.Text("error_code"));
                Assert.Contains(described.Most.ToString(CultureInfo.InvariantCulture), answer.Text("message"), StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Numbered))]
    public async Task More_than_the_largest_number_is_refused(string name, string field)
    {
        var endpoint = Protocol.Find(name);
        var described = endpoint.Request[field];
        foreach (var more in new[] { 0, 1 })
        {
            var request = await world.RequestAsync(endpoint);
            request[field] = described.Above > 0 ? described.Above + more : Members(field, described.Members + more);
            foreach (var (other, _) in endpoint.Request.Where(other => other.Value.Members > 0 && other.Key != field))
            {
                request.Remove(other);
            }

            var (status, answer) = await AskAsync(endpoint, request);

            Assert.True(status == (more == 0 ? 200 : Invalid), $"{status} {answer.GetRawText()}");
        }
    }

    [Theory]
    [MemberData(nameof(Naming))]
    public async Task What_does_not_exist_is_told_by_its_error(string name, string field)
    {
        var endpoint = Protocol.Find(name);
        var expected = endpoint.Request[field].Unknown!;
        var request = await world.RequestAsync(endpoint);
        request[field] = endpoint.Request[field].Type.EndsWith('*') ? new JsonArray("987654321") : "987654321";

        var (status, answer) = await AskAsync(endpoint, request);

        Assert.Equal((Status(expected), expected), (status, answer.Text("error_code")));
    }

    [Theory]
    [MemberData(nameof(Deletable))]
    public async Task What_is_deleted_is_told_by_its_error(string name, string field)
    {
        var endpoint = Protocol.Find(name);
        var expected = endpoint.Request[field].Deleted!;

        var (status, answer) = await AskAsync(endpoint, await world.RequestAsync(endpoint, isDeleted: field));

        Assert.True(status == Status(expected), $"{status} {answer.GetRawText()}");
        if (expected != "ok")
        {
            Assert.Equal(expected, answer.Text("error_code"));
        }
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task A_body_that_is_no_object_of_json_is_refused(string name)
    {
        var endpoint = Protocol.Find(name);
        if (endpoint.Method == "GET")
        {
            return;
        }

        var path = Path(endpoint, await world.RequestAsync(endpoint));
        foreach (var body in new[] { "[]", "1", "\"a\"", "{", "{\"a\":}", "null", "{} {}", "{\"run_id\": tru}" })
        {
            var refusal = await world.Server.RefusalAsync(new HttpMethod(endpoint.Method), path, body);

            Assert.True(refusal is (Invalid, "BAD_REQUEST" or "INVALID_PARAMETER_VALUE", _), $"{body}: {refusal}");
        }
    }

    private static TheoryData<string, string> Fields(Func<Endpoint, RequestField, bool> isMeant)
    {
        var data = new TheoryData<string, string>();
        foreach (var endpoint in Protocol.Published.Endpoints)
        {
            foreach (var (name, field) in endpoint.Request.Where(field => isMeant(endpoint, field.Value)))
            {
                data.Add(endpoint.ToString(), name);
            }
        }

        return data;
    }

    private async Task<(int Status, JsonElement Answer)> AskAsync(Endpoint endpoint, JsonObject request, string? prefix = null)
    {
        var path = (prefix ?? Prefixes[0]) + Path(endpoint, request)[Prefixes[0].Length..];
        var isGet = endpoint.Method == "GET";
        var (status, answer) = await world.Server.SendAsync(new HttpMethod(endpoint.Method), isGet ? path + Query(endpoint, request) : path, isGet ? null : request.ToJsonString());
        return ((int)status, answer);
    }

    private static string Path(Endpoint endpoint, JsonObject request) => Prefixes[0] + string.Join('/', endpoint.Path.Split('/').Select(segment =>
        segment.StartsWith('{') ? Uri.EscapeDataString(request[segment[1..^1]]!.ToString()) : segment));

    private static string Query(Endpoint endpoint, JsonObject request) => "?" + string.Join('&', request.Where(field => !IsInPath(endpoint, field.Key)).SelectMany(field =>
        (field.Value as JsonArray ?? [field.Value!.DeepClone()]).Select(value => $"{field.Key}={Uri.EscapeDataString(value!.ToString())}")));

    private static bool IsInPath(Endpoint endpoint, string field) => endpoint.Path.Contains($"{{{field}}}", StringComparison.Ordinal);

    // A message may name a key by what it is of.
    private static bool Says(JsonElement answer, string field) =>
        answer.Text("message") is { } message && (message.Contains(field, StringComparison.Ordinal) || field == "key" && message.Contains("name", StringComparison.Ordinal));

    private static IEnumerable<JsonNode> OfOtherTypes(Endpoint endpoint, string type)
    {
        if (endpoint.Method == "GET")
        {
            return [JsonValue.Create("some")];
        }

        return type switch
        {
            "string" => [new JsonObject(), new JsonArray(1), JsonValue.Create(true)],
            "int" => [JsonValue.Create("some"), JsonValue.Create(1.5), JsonValue.Create(true), new JsonObject(), new JsonArray()],
            "double" => [JsonValue.Create("some"), JsonValue.Create(false), new JsonObject(), new JsonArray()],
            "bool" => [JsonValue.Create("some"), new JsonObject(), new JsonArray()],
            "string*" => [JsonValue.Create("some"), JsonValue.Create(1), new JsonObject(), new JsonArray(new JsonObject())],
            _ => [JsonValue.Create("some"), JsonValue.Create(1), new JsonObject(), new JsonArray(1), new JsonArray(new JsonArray())],
        };
    }

    private static string LongText(string field, int length)
    {
        var text = Guid.NewGuid().ToString("N");
        return field is "source" or "run_link" ? "s3://bucket/" + new string('x', length - 12) : text[..Math.Min(text.Length, length)] + new string('x', Math.Max(0, length - text.Length));
    }

    private static JsonArray Members(string field, int count) => new([.. Enumerable.Range(0, count).Select(i => (JsonNode)(field == "metrics"
        ? new JsonObject { ["key"] = "m", ["value"] = i, ["timestamp"] = 1, ["step"] = i }
        : new JsonObject { ["key"] = $"k{i}", ["value"] = "v" }))]);

    private static int Status(string code) => code switch
    {
        "ok" => 200,
        "RESOURCE_DOES_NOT_EXIST" => 404,
        "INVALID_STATE" => 500,
        _ => Invalid,
    };

    private static void CheckFields(JsonElement answer, Dictionary<string, string> fields, bool isLax, string where)
    {
        foreach (var (name, type) in fields)
        {
            if (answer.TryGetProperty(name, out var value))
            {
                CheckType(value, type.TrimEnd('?'), isLax, $"{where}.{name}");
            }
            else
            {
                Assert.True(type.EndsWith('?') || isLax && type.EndsWith('*'), $"{where} lacks {name}: {answer.GetRawText()}");
            }
        }

        foreach (var field in answer.EnumerateObject())
        {
            Assert.True(fields.ContainsKey(field.Name), $"{where} has {field.Name}, which is not documented");
        }
    }

    private static void CheckType(JsonElement value, string type, bool isLax, string where)
    {
        if (type.EndsWith('*'))
        {
            Assert.True(value.ValueKind == JsonValueKind.Array, $"{where} is {value.GetRawText()}, and no list");
            foreach (var item in value.EnumerateArray())
            {
                CheckType(item, type[..^1], isLax, where);
            }

            return;
        }

        var isRight = type switch
        {
            "string" => value.ValueKind == JsonValueKind.String,
            "int" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
            "double" => value.ValueKind == JsonValueKind.Number || value.ValueKind == JsonValueKind.String && value.GetString() is "NaN" or "Infinity" or "-Infinity",
            "bool" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            _ => value.ValueKind == JsonValueKind.Object,
        };
        Assert.True(isRight, $"{where} is {value.GetRawText()}, and no {type}");
        if (Protocol.Published.Messages.TryGetValue(type, out var fields))
        {
            CheckFields(value, fields, isLax, where);
        }
    }
}
