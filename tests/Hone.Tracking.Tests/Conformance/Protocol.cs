using System.Text.Json;

namespace Hone.Tracking.Tests.Conformance;

/// <summary>The protocol's published description, as <c>protocol.json</c> has it.</summary>
internal sealed record Protocol
{
    /// <summary>Each message's fields and their types.</summary>
    public required Dictionary<string, Dictionary<string, string>> Messages { get; init; }

    public required List<Endpoint> Endpoints { get; init; }

    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static Protocol Published { get; } = JsonSerializer.Deserialize<Protocol>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Conformance", "protocol.json")), Options)!;

    /// <summary>The endpoint of a method and an address, as <see cref="Endpoint.ToString"/> writes them.</summary>
    public static Endpoint Find(string endpoint) => Published.Endpoints.Single(other => other.ToString() == endpoint);
}

/// <summary>One address with what it takes and answers.</summary>
internal sealed record Endpoint
{
    public required string Method { get; init; }

    public required string Path { get; init; }

    public required Dictionary<string, RequestField> Request { get; init; }

    /// <summary>The answer's fields and their types.</summary>
    public required Dictionary<string, string> Response { get; init; }

    /// <summary>What must be there besides what the fields name.</summary>
    public List<string> Needs { get; init; } = [];

    /// <summary>Whether the answer may hold things that lack what others have, such as experiments without tags.</summary>
    public bool Lax { get; init; }

    public override string ToString() => $"{Method} {Path}";
}

/// <summary>A field of a request.</summary>
internal sealed record RequestField
{
    public string Type { get; init; } = "string";

    public bool Must { get; init; }

    /// <summary>A right value; undefined: none is sent.</summary>
    public JsonElement Is { get; init; }

    /// <summary>Longest text; 0: no limit is told.</summary>
    public int Most { get; init; }

    /// <summary>What becomes of a longer one: <c>refused</c> or <c>cut</c>.</summary>
    public string? Over { get; init; }

    /// <summary>The error for a name that does not exist.</summary>
    public string? Unknown { get; init; }

    /// <summary>The error once the thing is deleted, or <c>ok</c>.</summary>
    public string? Deleted { get; init; }

    /// <summary>A list's largest number of members.</summary>
    public int Members { get; init; }

    /// <summary>The largest number.</summary>
    public long Above { get; init; }

    /// <summary>A field that must not be there without this one.</summary>
    public string? With { get; init; }
}
