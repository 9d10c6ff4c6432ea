using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace Hone.Tracking.Rest;

/// <summary>A server's certificate, read anew when its files change, so that one that is renewed needs no restart.</summary>
internal sealed class ServerCertificate
{
    private readonly CertificateFiles _files;
    private readonly ILogger _log;
    private readonly object _gate = new();

    // All under the gate.
    private SslStreamCertificateContext _context;
    private (DateTime Certificate, DateTime Key) _written;

    private ServerCertificate(CertificateFiles files, ILogger log)
    {
        _files = files;
        _log = log;
        _written = Written();
        _context = Load();
    }

    /// <summary>Reads the files.</summary>
    /// <exception cref="TrackingServerException">They are no certificate with its key.</exception>
    public static ServerCertificate Open(CertificateFiles files, ILogger log)
    {
        try
        {
            return new ServerCertificate(files, log);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new TrackingServerException($"The certificate {files} cannot be used: {wrong.Message}", wrong);
        }
    }

    /// <summary>The certificate with those above it. One that was replaced by something unreadable stays in use, and that is told.</summary>
    public SslStreamCertificateContext Current()
    {
        lock (_gate)
        {
            var written = Written();
            if (written != _written)
            {
                try
                {
                    _context = Load();
                    _log.CertificateRead(_files.Path);
                }
                catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or CryptographicException)
                {
                    _log.CertificateKept(wrong, _files.Path);
                }

                // A file that is read in the middle of its writing is read again when it is whole.
                _written = written;
            }

            return _context;
        }
    }

    private (DateTime Certificate, DateTime Key) Written() =>
        (File.GetLastWriteTimeUtc(_files.Path), _files.KeyPath is null ? default : File.GetLastWriteTimeUtc(_files.KeyPath));

    private SslStreamCertificateContext Load()
    {
        var all = new X509Certificate2Collection();
        X509Certificate2 own;
        if (IsPem(_files.Path))
        {
            var key = _files.KeyPath ?? _files.Path;
            own = _files.Password is null
                ? X509Certificate2.CreateFromPemFile(_files.Path, key)
                : X509Certificate2.CreateFromEncryptedPemFile(_files.Path, _files.Password, key);
            all.ImportFromPemFile(_files.Path);
        }
        else
        {
            all = X509CertificateLoader.LoadPkcs12CollectionFromFile(_files.Path, _files.Password);
            own = all.FirstOrDefault(certificate => certificate.HasPrivateKey) ?? throw new CryptographicException("it has no private key");
        }

        if (OperatingSystem.IsWindows())
        {
            // Windows takes no key that is in memory alone.
            own = X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pkcs12), null);
        }

        var above = new X509Certificate2Collection(all.Where(certificate => certificate.Thumbprint != own.Thumbprint).ToArray());
        return SslStreamCertificateContext.Create(own, above, offline: true);
    }

    private static bool IsPem(string path) => File.ReadLines(path).Any(line => line.StartsWith("-----BEGIN ", StringComparison.Ordinal));
}
