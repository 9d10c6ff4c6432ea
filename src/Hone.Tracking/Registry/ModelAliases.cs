using System.Globalization;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Registry;

/// <summary>Names that lead to one version of a model each, and can be led to another.</summary>
internal static class ModelAliases
{
    private const int LongestAlias = 255;

    /// <summary>Checks an alias.</summary>
    /// <exception cref="TrackingException">It is too long, has other letters, or reads like a version.</exception>
    public static void Check(string alias)
    {
        Limits.CheckLength(alias, LongestAlias, "Registered model alias name");
        foreach (var c in alias)
        {
            if (!char.IsLetterOrDigit(c) && c is not ('_' or '-'))
            {
                throw TrackingException.Invalid(
                    $"Invalid alias name: '{alias}'. Names may only contain alphanumerics, underscores (_), and dashes (-).");
            }
        }

        if (alias.Equals("latest", StringComparison.OrdinalIgnoreCase))
        {
            throw TrackingException.Invalid("'latest' alias name (case insensitive) is reserved.");
        }

        if (alias[0] is 'v' or 'V' && alias.Length > 1 && alias.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0)
        {
            throw TrackingException.Invalid($"Version alias name '{alias}' is reserved.");
        }
    }

    /// <summary>Leads an alias to a version.</summary>
    public static void Set(TrackingSession session, in ModelVersion version, string alias)
    {
        var insert = session.Kept(
            "INSERT INTO model_aliases (model, alias, version) VALUES (?1, ?2, ?3) ON CONFLICT (model, alias) DO UPDATE SET version = excluded.version");
        insert.Bind(1, version.Model);
        insert.Bind(2, alias);
        insert.Bind(3, version.Version);
        insert.Run();
    }

    /// <summary>Removes an alias, if there is one of that name.</summary>
    public static void Delete(TrackingSession session, long model, string alias)
    {
        var delete = session.Kept("DELETE FROM model_aliases WHERE model = ?1 AND alias = ?2");
        delete.Bind(1, model);
        delete.Bind(2, alias);
        delete.Run();
    }

    /// <summary>The version that an alias leads to.</summary>
    /// <exception cref="TrackingException">There is no such alias.</exception>
    public static ModelVersion Get(TrackingSession session, in RegisteredModel model, string alias)
    {
        var row = session.Kept("SELECT version FROM model_aliases WHERE model = ?1 AND alias = ?2");
        row.Bind(1, model.Key);
        row.Bind(2, alias);
        return row.Step()
            ? ModelVersions.Get(session, model.Name, row.Int64(0).ToString(CultureInfo.InvariantCulture))
            : throw TrackingException.Invalid($"Registered model alias {alias} not found.");
    }
}
