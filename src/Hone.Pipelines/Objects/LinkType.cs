namespace Hone.Pipelines.Objects;

/// <summary>How a file of the workspace gets the content of an object.</summary>
public enum LinkType
{
    /// <summary>Shares the blocks until one of both is changed; only some file systems can.</summary>
    Reflink,

    /// <summary>Is the object under another name, and cannot be written.</summary>
    Hardlink,

    /// <summary>Points to the object, and cannot be written.</summary>
    Symlink,

    /// <summary>Has its own bytes.</summary>
    Copy,
}
