using System.Text.Json;

namespace Hone.Tracking.Tests.Rest;

public sealed class ExperimentTests : IAsyncLifetime
{
    private RestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RestServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_new_store_has_the_default_experiment()
    {
        var experiment = (await _server.GetAsync("experiments/get?experiment_id=0")).GetProperty("experiment");

        Assert.Equal("Default", experiment.GetProperty("name").GetString());
        Assert.Equal("mlflow-artifacts:/0", experiment.GetProperty("artifact_location").GetString());
        Assert.Equal("active", experiment.GetProperty("lifecycle_stage").GetString());
        Assert.Equal(JsonValueKind.Number, experiment.GetProperty("creation_time").ValueKind);
        Assert.False(experiment.TryGetProperty("tags", out _));
    }

    [Fact]
    public async Task An_experiment_is_made_with_its_tags_and_found_by_name_and_by_id()
    {
        var made = await _server.PostAsync("experiments/create", new { name = "Größe ☃", tags = new[] { new { key = "team", value = "a" } } });
        var id = made.GetProperty("experiment_id").GetString();

        var byName = await _server.GetAsync($"experiments/get-by-name?experiment_name={Uri.EscapeDataString("Größe ☃")}");
        var byId = await _server.GetAsync($"experiments/get?experiment_id={id}");

        Assert.Equal(id, byName.GetProperty("experiment").GetProperty("experiment_id").GetString());
        Assert.Equal("Größe ☃", byId.GetProperty("experiment").GetProperty("name").GetString());
        Assert.Equal("""[{"key":"team","value":"a"}]""", byId.GetProperty("experiment").GetProperty("tags").GetRawText());
    }
}
