using Hone.Tracking.Artifacts;
using Hone.Tracking.Store;

namespace Hone.Tracking.Rest;

/// <summary>Every address that the server answers.</summary>
internal static class Routes
{
    /// <summary>The routes of a server.</summary>
    public static RouteTable All(TrackingServerOptions options)
    {
        var routes = new RouteTable();
        ServerRoutes.AddTo(routes);
        ExperimentRoutes.AddTo(routes);
        RunRoutes.AddTo(routes);
        LogRoutes.AddTo(routes);
        InputRoutes.AddTo(routes);
        SearchRoutes.AddTo(routes);
        HistoryRoutes.AddTo(routes);
        RegisteredModelRoutes.AddTo(routes);
        ModelVersionRoutes.AddTo(routes);
        LoggedModelRoutes.AddTo(routes);
        ArtifactRoutes.AddTo(routes, new ArtifactFolder(options.Artifacts ?? ArtifactFolder.Beside(StudyStore.LocalPath(options.Store))));
        return routes;
    }
}
