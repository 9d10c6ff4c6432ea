namespace Hone.Tracking.Access;

/// <summary>What a user may do with an experiment or a registered model; each role may do what those before it may.</summary>
public enum Role
{
    /// <summary>Nothing: not even that it is there is told.</summary>
    None,

    /// <summary>Read and search.</summary>
    Reader,

    /// <summary>Log, make and change; as the role for everything, also make experiments and registered models.</summary>
    Writer,

    /// <summary>Delete and restore too; as the role for everything, also read <c>/metrics</c> and files of no experiment.</summary>
    Admin,
}
