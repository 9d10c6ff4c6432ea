namespace Hone.Pipelines.Repositories;

/// <summary>Where options are kept; a later level goes over an earlier one, option by option.</summary>
public enum ConfigLevel
{
    /// <summary>For all users of the machine.</summary>
    System,

    /// <summary>For the user.</summary>
    Global,

    /// <summary>For everybody who works in the repository: <c>.dvc/config</c>, which is kept in Git.</summary>
    Project,

    /// <summary>For this copy of the repository: <c>.dvc/config.local</c>.</summary>
    Local,
}
