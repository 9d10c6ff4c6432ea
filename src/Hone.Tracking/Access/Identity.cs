namespace Hone.Tracking.Access;

/// <summary>Who somebody proved to be.</summary>
/// <param name="Key">The user's key.</param>
/// <param name="Name">The user's name.</param>
/// <param name="Stamp">The user's stamp at that time; with another one it must be proved again.</param>
internal sealed record Identity(long Key, string Name, string Stamp);
