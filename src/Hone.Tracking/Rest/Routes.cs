using Hone.Tracking.Artifacts;

namespace Hone.Tracking.Rest;

/// <summary>Every address that the server answers.</summary>
internal static class Routes
{
    /// <summary>The routes of a server.</summary>
    /// <param name="files">Where the files of runs and models are kept.</param>
    public static RouteTable All(IArtifactStore files)
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
        ArtifactRoutes.AddTo(routes, files);
        return routes;
    }
}
