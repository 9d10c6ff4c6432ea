using System.Globalization;
using System.Text.Json;
using Hone.Tracking.Filters;
using Hone.Tracking.Registry;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Rest;

/// <summary>The addresses under <c>model-versions/</c>.</summary>
internal static class ModelVersionRoutes
{
    private const int Usual = 10_000;
    private const int Most = 200_000;

    /// <summary>Adds the routes.</summary>
    public static void AddTo(RouteTable routes)
    {
        routes.Add("POST", "model-versions/create", new Change(Create));
        routes.Add("GET", "model-versions/get", new Question(Get));
        routes.Add("PATCH", "model-versions/update", new Change(Update));
        routes.Add("DELETE", "model-versions/delete", new Change(Delete));
        routes.Add("GET", "model-versions/search", new Question(Search));
        routes.Add("GET", "model-versions/get-download-uri", new Question(GetDownloadUri));
        routes.Add("POST", "model-versions/transition-stage", new Change(TransitionStage));
        routes.Add("POST", "model-versions/set-tag", new Change(SetTag));
        routes.Add("DELETE", "model-versions/delete-tag", new Change(DeleteTag));
    }

    /// <summary>The version that a request names.</summary>
    /// <exception cref="TrackingException">A field is missing, or there is none such.</exception>
    public static ModelVersion Of(RestRequest request, TrackingSession session) =>
        ModelVersions.Get(session, request.Required("name"), request.Required("version"));

    private static void Create(RestRequest request, ChangeSession session, Utf8JsonWriter answer)
    {
        var name = request.Required("name");
        var source = RegistryLimits.Address(request.Required("source"), "Source")!;
        var runLink = RegistryLimits.Address(request.Text("run_link"), "Run link");
        var description = RegistryLimits.Description(request.Text("description"));
        var tags = request.Objects("tags").Select(tag => RegistryLimits.Tag(tag.Required("key"), tag.Text("value"))).ToList();
        var modelId = Given(request.Text("model_id"));
        var model = RegisteredModels.Get(session.Store, name);
        var (location, runId) = ModelSource.Follow(session.Store, source, Given(request.Text("run_id")));
        var number = ModelVersions.Create(session.Store, new ModelVersion
        {
            Model = model.Key,
            Name = name,
            Version = 0,
            Stage = "None",
            Description = description,
            Source = source,
            Location = location,
            RunId = runId,
            RunLink = runLink,
            ModelId = modelId,
            Created = session.Now,
            Updated = session.Now,
        });
        tags.ForEach(tag => ModelVersions.SetTag(session.Store, model.Key, number, tag.Key, tag.Value));
        RegistryJson.WriteField(answer, session.Store, ModelVersions.Get(session.Store, name, number.ToString(CultureInfo.InvariantCulture)));
    }

    private static void Get(RestRequest request, TrackingSession session, Utf8JsonWriter answer) =>
        RegistryJson.WriteField(answer, session, Of(request, session));

    private static void Update(RestRequest request, ChangeSession session, Utf8JsonWriter answer)
    {
        var description = RegistryLimits.Description(request.Text("description"));
        var version = Of(request, session.Store);
        ModelVersions.Describe(session.Store, version, description, session.Now);
        RegisteredModels.Touch(session.Store, version.Model, session.Now);
        RegistryJson.WriteField(answer, session.Store, Of(request, session.Store));
    }

    private static void Delete(RestRequest request, ChangeSession session, Utf8JsonWriter answer) =>
        ModelVersions.Delete(session.Store, Of(request, session.Store), session.Now);

    private static void Search(RestRequest request, TrackingSession session, Utf8JsonWriter answer)
    {
        var most = request.MaxResults(Usual, Most);
        var offset = SearchRoutes.Offset(request);
        var found = ModelVersionSearch.Find(session, Filter.Parse(request.Text("filter")), SearchRoutes.Orders(request), most + 1, offset, request.Rights(session));
        SearchRoutes.WriteList(answer, "model_versions"u8, found, most, (json, version) => RegistryJson.Write(json, session, version));
        SearchRoutes.WriteNext(answer, found.Count, most, offset);
    }

    private static void GetDownloadUri(RestRequest request, TrackingSession session, Utf8JsonWriter answer) =>
        answer.WriteString("artifact_uri"u8, Of(request, session).Location);

    private static void TransitionStage(RestRequest request, ChangeSession session, Utf8JsonWriter answer)
    {
        var stage = Stages.Parse(request.Required("stage"));
        var archivesOthers = request.Truth("archive_existing_versions") ?? false;
        if (archivesOthers)
        {
            Stages.CheckArchives(stage);
        }

        ModelVersions.Move(session.Store, Of(request, session.Store), stage, archivesOthers, session.Now);
        RegistryJson.WriteField(answer, session.Store, Of(request, session.Store));
    }

    private static void SetTag(RestRequest request, ChangeSession session, Utf8JsonWriter answer)
    {
        var (key, value) = RegistryLimits.Tag(request.Required("key"), request.Text("value"));
        var version = Of(request, session.Store);
        ModelVersions.SetTag(session.Store, version.Model, version.Version, key, value);
    }

    private static void DeleteTag(RestRequest request, ChangeSession session, Utf8JsonWriter answer)
    {
        var key = request.Required("key");
        ModelVersions.DeleteTag(session.Store, Of(request, session.Store), key);
    }

    // Clients send an empty text where they have none.
    private static string? Given(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
