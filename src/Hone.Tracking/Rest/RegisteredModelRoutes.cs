using System.Text.Json;
using Hone.Tracking.Access;
using Hone.Tracking.Filters;
using Hone.Tracking.Registry;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Rest;

/// <summary>The addresses under <c>registered-models/</c>.</summary>
internal static class RegisteredModelRoutes
{
    private const int Usual = 100;
    private const int Most = 1_000;

    /// <summary>Adds the routes.</summary>
    public static void AddTo(RouteTable routes)
    {
        routes.Add("POST", "registered-models/create", new Change(Create));
        routes.Add("GET", "registered-models/get", new Question(Get));
        routes.Add("POST", "registered-models/rename", new Change(Rename));
        routes.Add("PATCH", "registered-models/update", new Change(Update));
        routes.Add("DELETE", "registered-models/delete", new Change(Delete));
        routes.Add("GET", "registered-models/search", new Question(Search));

        // What clients before version 2 ask by.
        routes.Add("GET", "registered-models/list", new Question(Search));
        routes.Add("POST", "registered-models/get-latest-versions", new Question(GetLatestVersions));
        routes.Add("GET", "registered-models/get-latest-versions", new Question(GetLatestVersions));
        routes.Add("POST", "registered-models/set-tag", new Change(SetTag));
        routes.Add("DELETE", "registered-models/delete-tag", new Change(DeleteTag));
        routes.Add("POST", "registered-models/alias", new Change(SetAlias));
        routes.Add("GET", "registered-models/alias", new Question(GetByAlias));
        routes.Add("DELETE", "registered-models/alias", new Change(DeleteAlias));
    }

    private static void Create(RestRequest request, ChangeSession session, Utf8JsonWriter answer)
    {
        var name = RegistryLimits.ModelName(request.Required("name"));
        var description = RegistryLimits.Description(request.Text("description"));
        var tags = request.Objects("tags").Select(tag => RegistryLimits.Tag(tag.Required("key"), tag.Text("value"))).ToList();
        var model = RegisteredModels.Create(session.Store, name, description, session.Now);
        tags.ForEach(tag => RegisteredModels.SetTag(session.Store, model.Key, tag.Key, tag.Value));
        session.Rights.Own(ObjectKind.Model, model.Key);
        RegistryJson.WriteField(answer, session.Store, model);
    }

    private static void Get(RestRequest request, TrackingSession session, Utf8JsonWriter answer) =>
        RegistryJson.WriteField(answer, session, Of(request, session));

    private static void Rename(RestRequest request, ChangeSession session, Utf8JsonWriter answer)
    {
        var name = request.Required("name");
        var newName = RegistryLimits.ModelName(request.Required("new_name"));
        RegisteredModels.Rename(session.Store, RegisteredModels.Get(session.Store, name), newName, session.Now);
        RegistryJson.WriteField(answer, session.Store, RegisteredModels.Get(session.Store, newName));
    }

    private static void Update(RestRequest request, ChangeSession session, Utf8JsonWriter answer)
    {
        var description = RegistryLimits.Description(request.Text("description"));
        RegisteredModels.Describe(session.Store, Of(request, session.Store).Key, description, session.Now);
        RegistryJson.WriteField(answer, session.Store, Of(request, session.Store));
    }

    private static void Delete(RestRequest request, ChangeSession session, Utf8JsonWriter answer) =>
        RegisteredModels.Delete(session.Store, Of(request, session.Store).Key);

    private static void Search(RestRequest request, TrackingSession session, Utf8JsonWriter answer)
    {
        var most = request.MaxResults(Usual, Most);
        var offset = SearchRoutes.Offset(request);
        var found = RegisteredModelSearch.Find(session, Filter.Parse(request.Text("filter")), SearchRoutes.Orders(request), most + 1, offset, request.Rights(session));
        SearchRoutes.WriteList(answer, "registered_models"u8, found, most, (json, model) => RegistryJson.Write(json, session, model));
        SearchRoutes.WriteNext(answer, found.Count, most, offset);
    }

    private static void GetLatestVersions(RestRequest request, TrackingSession session, Utf8JsonWriter answer)
    {
        var stages = request.Texts("stages").ConvertAll(Stages.Parse);
        var latest = ModelVersions.Latest(session, Of(request, session).Key);
        RegistryJson.WriteList(answer, "model_versions"u8, session, latest.FindAll(version => stages.Count == 0 || stages.Contains(version.Stage)));
    }

    private static void SetTag(RestRequest request, ChangeSession session, Utf8JsonWriter answer)
    {
        var (key, value) = RegistryLimits.Tag(request.Required("key"), request.Text("value"));
        var model = Of(request, session.Store);
        RegisteredModels.SetTag(session.Store, model.Key, key, value);
    }

    private static void DeleteTag(RestRequest request, ChangeSession session, Utf8JsonWriter answer)
    {
        var key = request.Required("key");
        RegisteredModels.DeleteTag(session.Store, Of(request, session.Store).Key, key);
    }

    private static void SetAlias(RestRequest request, ChangeSession session, Utf8JsonWriter answer)
    {
        var name = request.Required("name");
        var alias = request.Required("alias");
        var version = request.Required("version");
        ModelAliases.Check(alias);
        ModelAliases.Set(session.Store, ModelVersions.Get(session.Store, name, version), alias);
    }

    private static void GetByAlias(RestRequest request, TrackingSession session, Utf8JsonWriter answer)
    {
        var alias = request.Required("alias");
        RegistryJson.WriteField(answer, session, ModelAliases.Get(session, Of(request, session), alias));
    }

    private static void DeleteAlias(RestRequest request, ChangeSession session, Utf8JsonWriter answer)
    {
        var alias = request.Required("alias");
        ModelAliases.Delete(session.Store, Of(request, session.Store).Key, alias);
    }

    private static RegisteredModel Of(RestRequest request, TrackingSession session) => RegisteredModels.Get(session, request.Required("name"));
}
