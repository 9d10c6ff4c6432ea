namespace Hone.Tracking.Rest;

/// <summary>Where a server's certificate is.</summary>
/// <param name="Path">A PEM file with the certificate and those above it, or a PFX file with all of it.</param>
/// <param name="KeyPath">The PEM file of the key; null: it is in the file of the certificate.</param>
/// <param name="Password">The password of a PFX file, or of an encrypted key; null: there is none.</param>
public sealed record CertificateFiles(string Path, string? KeyPath = null, string? Password = null)
{
    /// <summary>The record without its password.</summary>
    public override string ToString() => $"{Path}{(KeyPath is null ? "" : $" with {KeyPath}")}";
}
