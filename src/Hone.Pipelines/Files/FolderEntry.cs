namespace Hone.Pipelines.Files;

/// <summary>One name in a folder.</summary>
/// <param name="Name">The name alone.</param>
/// <param name="Type">The kernel's word for what it is.</param>
internal readonly record struct FolderEntry(string Name, byte Type)
{
    /// <summary>Whether it is a folder, as far as the folder itself tells.</summary>
    public bool IsFolder => Type == 4;

    /// <summary>Whether it is a symbolic link.</summary>
    public bool IsLink => Type == 10;

    /// <summary>Whether it is a regular file.</summary>
    public bool IsFile => Type == 8;

    /// <summary>Whether the file system does not tell, so that the stamp must.</summary>
    public bool IsUnknown => Type == 0;
}
