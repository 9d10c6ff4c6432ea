using Hone.Pipelines.Files;

namespace Hone.Pipelines.Values;

/// <summary>Orders texts by code point, as Python does; by UTF-16 units U+1F600 would stand before U+FB00.</summary>
internal sealed class CodePointOrder : IComparer<string>
{
    private CodePointOrder()
    {
    }

    /// <summary>The only one.</summary>
    public static CodePointOrder Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y) => PathText.Compare(x, y);
}
