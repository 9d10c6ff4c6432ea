using System.Text.Json;
using Hone.Tracking.Access;
using Hone.Tracking.Tests.Rest;
using Hone.Tracking.Tests.Store;

namespace Hone.Tracking.Tests.Access;

/// <summary>A search finds what its asker may read, page after page.</summary>
public abstract class VisibleTests(StoreKind kind) : IAsyncLifetime
{
    private const int Count = 12;
    private readonly List<string> _experiments = [];
    private TeamServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TeamServer.StartAsync(kind: kind);
        _server.Add("ann", Role.None);
        _server.Add("ben", Role.Reader);
        for (var i = 0; i < Count; i++)
        {
            _experiments.Add((await _server.AnswerAsync("root", "POST", "experiments/create", new { name = $"e{i:00}" })).Text("experiment_id")!);
            await _server.AnswerAsync("root", "POST", "runs/create", new { experiment_id = _experiments[i], run_name = $"r{i:00}", start_time = i });
            await _server.AnswerAsync("root", "POST", "logged-models", new { experiment_id = _experiments[i], name = $"l{i:00}" });
            await _server.AnswerAsync("root", "POST", "registered-models/create", new { name = $"m{i:00}" });
            await _server.AnswerAsync("root", "POST", "model-versions/create", new { name = $"m{i:00}", source = "s3://bucket/x" });
            if (i % 3 == 0)
            {
                // Every third one is the first user's alone.
                _server.Users.Grant("ann", Role.Reader, ObjectKind.Experiment, $"e{i:00}");
                _server.Users.Grant("ann", Role.Writer, ObjectKind.Model, $"m{i:00}");
                _server.Users.Grant("ben", Role.None, ObjectKind.Experiment, $"e{i:00}");
                _server.Users.Grant("ben", Role.None, ObjectKind.Model, $"m{i:00}");
            }
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("ann", "00 03 06 09")]
    [InlineData("ben", "01 02 04 05 07 08 10 11")]
    [InlineData("root", "00 01 02 03 04 05 06 07 08 09 10 11")]
    public async Task In_pages_of_any_size(string user, string expected)
    {
        foreach (var size in new[] { 1, 3, 100 })
        {
            Assert.Equal(expected, await PagesAsync(user, "POST", "experiments/search", "experiments", "name", size, new() { ["filter"] = "name LIKE 'e%'" }));
            Assert.Equal(expected, await PagesAsync(user, "POST", "runs/search", "runs", "info.run_name", size, new() { ["experiment_ids"] = _experiments }));
            Assert.Equal(expected, await PagesAsync(user, "POST", "logged-models/search", "models", "info.name", size, new() { ["experiment_ids"] = _experiments }));
            Assert.Equal(expected, await PagesAsync(user, "GET", "registered-models/search", "registered_models", "name", size, []));
            Assert.Equal(expected, await PagesAsync(user, "GET", "model-versions/search", "model_versions", "name", size, []));
        }
    }

    // The numbers of what is found, in order, over all pages.
    private async Task<string> PagesAsync(string user, string method, string path, string list, string name, int size, Dictionary<string, object> fields)
    {
        var found = new List<string>();
        string? token = null;
        do
        {
            fields["max_results"] = size;
            fields["page_token"] = token ?? "";
            var query = method == "GET" ? "?" + string.Join('&', fields.Select(field => $"{field.Key}={Uri.EscapeDataString(field.Value.ToString()!)}")) : "";
            var answer = await _server.AnswerAsync(user, method, path + query, method == "GET" ? null : JsonSerializer.Serialize(fields));
            if (answer.Has(list))
            {
                found.AddRange(answer.At(list).EnumerateArray().Select(item => item.Text(name)![1..]));
            }

            token = answer.Has("next_page_token") ? answer.Text("next_page_token") : null;
            Assert.True(token is null || !answer.Has(list) || answer.At(list).GetArrayLength() == size, "a page is as long as it was asked to be");
        }
        while (!string.IsNullOrEmpty(token));
        return string.Join(' ', found.Order(StringComparer.Ordinal));
    }
}

public sealed class SqliteVisibleTests() : VisibleTests(StoreKind.Sqlite);

/// <summary>The same over PostgreSQL.</summary>
public sealed class PostgresVisibleTests() : VisibleTests(StoreKind.Postgres);
