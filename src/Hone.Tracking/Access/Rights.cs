using System.Globalization;
using Hone.Tracking.Artifacts;
using Hone.Tracking.Filters;
using Hone.Tracking.Registry;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Access;

/// <summary>What the caller of a request may do, as the store says at the moment of the request.</summary>
/// <remarks>The default one may do everything: it is that of a server which asks nobody who they are.</remarks>
/// <param name="caller">Whom the request comes from; null: who may do everything.</param>
/// <param name="session">The connection that answers the request, so that rights and answer are of one moment.</param>
internal readonly struct Rights(Caller? caller, TrackingSession session)
{
    /// <summary>Asks for a role for everything.</summary>
    /// <exception cref="TrackingException">The caller has it not.</exception>
    public void Demand(Role role)
    {
        if (!IsUnlimited)
        {
            Compare(Default(), role, "this server", "");
        }
    }

    /// <summary>Asks for a role for an experiment.</summary>
    /// <exception cref="TrackingException">The caller has it not.</exception>
    public void DemandExperiment(long experiment, Role role)
    {
        if (!IsUnlimited)
        {
            CompareExperiment(experiment, role, Named(string.Create(CultureInfo.InvariantCulture, $"experiment {experiment}")));
        }
    }

    /// <summary>Asks for a role for the experiment of an id; what is none is for the route to refuse.</summary>
    /// <exception cref="TrackingException">The caller has it not.</exception>
    public void DemandExperiment(string id, Role role)
    {
        if (IsUnlimited)
        {
            return;
        }

        if (Experiments.KeyOf(session, id) is { } key)
        {
            DemandExperiment(key, role);
        }
        else
        {
            Demand(Role.Reader);
        }
    }

    /// <summary>Asks for a role for the experiment of a name.</summary>
    /// <exception cref="TrackingException">The caller has it not.</exception>
    public void DemandExperimentNamed(string name, Role role)
    {
        if (IsUnlimited)
        {
            return;
        }

        if (Experiments.Find(session, name) is { } experiment)
        {
            DemandExperiment(experiment.Key, role);
        }
        else
        {
            Demand(Role.Reader);
        }
    }

    /// <summary>Asks for a role for the experiment of a run.</summary>
    /// <exception cref="TrackingException">The caller has it not.</exception>
    public void DemandRun(string id, Role role)
    {
        if (IsUnlimited)
        {
            return;
        }

        var run = TrackedRuns.KeyOf(session, id);
        if (run < 0)
        {
            Demand(Role.Reader);
            return;
        }

        CompareExperiment(RunIds.ExperimentOf(run), role, Named($"run {id}"));
    }

    /// <summary>Asks for a role for the experiment of a logged model.</summary>
    /// <exception cref="TrackingException">The caller has it not.</exception>
    public void DemandLoggedModel(string id, Role role)
    {
        if (IsUnlimited)
        {
            return;
        }

        var row = session.Kept("SELECT experiment FROM logged_models WHERE logged_model = ?1");
        row.Bind(1, LoggedModels.KeyOf(session, id));
        long? experiment = row.Step() ? row.Int64(0) : null;
        row.Reset();
        var about = Named($"logged model {id}");
        if (experiment is { } key)
        {
            CompareExperiment(key, role, about);
        }
        else
        {
            Demand(Role.Reader);
        }
    }

    /// <summary>Asks for a role for a registered model.</summary>
    /// <exception cref="TrackingException">The caller has it not.</exception>
    public void DemandModel(string name, Role role)
    {
        if (IsUnlimited)
        {
            return;
        }

        var about = Named($"model {name}");
        if (RegisteredModels.Find(session, name) is { } model)
        {
            Compare(Of(ObjectKind.Model, model.Key), role, about, $" --model '{name}'");
        }
        else
        {
            Demand(Role.Reader);
        }
    }

    /// <summary>Asks for a role for every experiment whose files lie at a path or on the way to it; where none does, for the role admin for everything.</summary>
    /// <exception cref="TrackingException">The caller has it not, or the path is none.</exception>
    public void DemandPath(string given, Role role)
    {
        if (IsUnlimited)
        {
            return;
        }

        var path = ArtifactPath.Parse(given);
        var about = Named($"file {path}");
        var owners = PathOwners.Of(session, path);
        if (owners.Count == 0)
        {
            Demand(Role.Admin);
        }

        foreach (var owner in owners)
        {
            CompareExperiment(owner, role, about);
        }
    }

    /// <summary>Asks for the role reader for what the source of a model version is: a run, a model, or files of this server.</summary>
    /// <exception cref="TrackingException">The caller has it not.</exception>
    public void DemandSource(string source)
    {
        if (PathOwners.IsOwn(source))
        {
            DemandPath(ArtifactLocation.PathOf(source), Role.Reader);
        }
        else if (Behind(source, "runs:/") is [var run, ..])
        {
            DemandRun(run, Role.Reader);
        }
        else if (Behind(source, "models:/") is [var model, .. var version])
        {
            if (version.Length == 0)
            {
                DemandLoggedModel(model, Role.Reader);
            }
            else
            {
                DemandModel(model, Role.Reader);
            }
        }
    }

    /// <summary>Asks that the request comes from this machine, or for the role admin for everything.</summary>
    /// <exception cref="TrackingException">Neither is so.</exception>
    public void DemandMachineOrAdmin()
    {
        if (caller is null or { IsLocal: true })
        {
            return;
        }

        // Everybody who is served without a name is no admin.
        if (IsUnlimited)
        {
            throw new TrackingException(TrackingError.Forbidden, "This is told to this machine alone, or to an admin: make one with hone users add NAME --role admin.");
        }

        Demand(Role.Admin);
    }

    /// <summary>Whether an experiment may be read.</summary>
    public bool MayRead(long experiment) => IsUnlimited || Of(ObjectKind.Experiment, experiment) >= Role.Reader;

    /// <summary>Refuses whose name no longer counts, or was never said where it must be.</summary>
    /// <exception cref="TrackingException">The caller must say who they are.</exception>
    public void DemandIdentity()
    {
        if (!IsUnlimited)
        {
            Default();
        }
    }

    /// <summary>Adds to a search's conditions that only what may be read is found.</summary>
    /// <param name="sql">The text, in the middle of its conditions.</param>
    /// <param name="kind">What is looked for.</param>
    /// <param name="column">The column of its key.</param>
    public void AddReadable(SqlText sql, ObjectKind kind, string column)
    {
        if (!IsUnlimited)
        {
            var role = Default();
            sql.Add(" AND coalesce((SELECT a.role FROM user_roles a WHERE a.user_id = ").Bind(caller!.Identity!.Key).Add(" AND a.kind = ").Bind((long)kind)
                .Add($" AND a.object = {column}), ").Bind((long)role).Add(") >= ").Bind((long)Role.Reader);
        }
    }

    /// <summary>Makes the caller the admin of what was just made.</summary>
    public void Own(ObjectKind kind, long key)
    {
        if (caller is not null)
        {
            Users.Own(session, kind, key, caller.Identity);
        }
    }

    // Nobody is asked, or the gate let somebody in without a name.
    private bool IsUnlimited => caller is null || caller.Identity is null;

    private string Named(string about) => caller!.Object = about;

    private Role Default()
    {
        var row = session.Kept("SELECT role FROM users WHERE user_id = ?1 AND stamp = ?2");
        return Read(row);
    }

    private Role Of(ObjectKind kind, long key)
    {
        var row = session.Kept(
            """
            SELECT coalesce(a.role, u.role) FROM users u LEFT JOIN user_roles a ON a.user_id = u.user_id AND a.kind = ?3 AND a.object = ?4
            WHERE u.user_id = ?1 AND u.stamp = ?2
            """);
        row.Bind(3, (long)kind);
        row.Bind(4, key);
        return Read(row);
    }

    private Role Read(Store.Statement row)
    {
        row.Bind(1, caller!.Identity!.Key);
        row.Bind(2, caller.Identity.Stamp);
        var role = row.Step() ? (Role)row.Int64(0) : throw Unnamed();
        row.Reset();
        return role;
    }

    private void CompareExperiment(long key, Role wanted, string about) =>
        Compare(Of(ObjectKind.Experiment, key), wanted, about, string.Create(CultureInfo.InvariantCulture, $" --experiment {key}"));

    private void Compare(Role role, Role wanted, string about, string place)
    {
        if (role < wanted)
        {
            var name = caller!.Identity!.Name;
            throw new TrackingException(TrackingError.Forbidden, string.Create(
                CultureInfo.InvariantCulture,
                $"Permission denied: '{name}' has the role {Word(role)} for {about}, and this needs {Word(wanted)}. Ask an admin for: hone users grant {name} {Word(wanted)}{place}"));
        }
    }

    private static string[] Behind(string source, string scheme) =>
        source.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? source[scheme.Length..].TrimStart('/').Split('/', '@') : [];

    private static string Word(Role role) => role.ToString().ToLowerInvariant();

    /// <summary>The caller must say who they are.</summary>
    public static TrackingException Unnamed() => new(
        TrackingError.Unauthenticated,
        "This server asks who is there. Set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD; an admin makes both with hone users.");
}
