using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Hone.Tracking.Rest;
using Hone.Tracking.Tests.Store;

namespace Hone.Tracking.Tests.Rest;

public sealed class CertificateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_server_with_a_certificate_speaks_https_alone()
    {
        using var made = Make("first");
        var options = Options(Write(made));
        await using var server = await TrackingServer.StartAsync(options, TimeProvider.System);

        Assert.Equal("https", server.Address.Scheme);
        Assert.Equal("CN=first", await SubjectAsync(server.Address));
        using var http = new HttpClient(Trusting()) { BaseAddress = server.Address };
        Assert.Equal("OK", await http.GetStringAsync("/health"));
        Assert.Contains("Default", await http.GetStringAsync("/api/2.0/mlflow/experiments/get?experiment_id=0"), StringComparison.Ordinal);
        using var plain = new HttpClient();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => plain.GetAsync(new UriBuilder(server.Address) { Scheme = "http" }.Uri));
    }

    [Fact]
    public async Task One_that_is_renewed_is_used_without_a_restart_and_a_broken_one_is_not()
    {
        using var first = Make("first");
        using var second = Make("second");
        var files = Write(first);
        await using var server = await TrackingServer.StartAsync(Options(files), TimeProvider.System);
        var renewed = File.GetLastWriteTimeUtc(files.Path).AddSeconds(2);

        Assert.Equal("CN=first", await SubjectAsync(server.Address));
        File.WriteAllText(files.Path, "-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n");
        File.SetLastWriteTimeUtc(files.Path, renewed);
        Assert.Equal("CN=first", await SubjectAsync(server.Address));
        Write(second);
        File.SetLastWriteTimeUtc(files.Path, renewed.AddSeconds(2));
        Assert.Equal("CN=second", await SubjectAsync(server.Address));
    }

    [Fact]
    public async Task A_pfx_file_does_as_well_with_its_password()
    {
        using var made = Make("packed");
        var path = Path.Combine(_folder.Path, "server.pfx");
        await File.WriteAllBytesAsync(path, made.Export(X509ContentType.Pkcs12, "its password"));

        var wrong = await Assert.ThrowsAsync<TrackingServerException>(
            () => TrackingServer.StartAsync(Options(new CertificateFiles(path, Password: "another one")), TimeProvider.System));
        Assert.StartsWith($"The certificate {path} cannot be used: ", wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("another one", wrong.ToString(), StringComparison.Ordinal);
        await using var server = await TrackingServer.StartAsync(Options(new CertificateFiles(path, Password: "its password")), TimeProvider.System);
        Assert.Equal("CN=packed", await SubjectAsync(server.Address));
    }

    [Fact]
    public async Task Those_above_it_are_sent_along()
    {
        using var top = Make("top", isAuthority: true);
        using var middle = Make("middle", above: top, isAuthority: true);
        using var own = Make("own", above: middle);
        var files = Write(own);
        await File.AppendAllTextAsync(files.Path, "\n" + middle.ExportCertificatePem());
        await using var server = await TrackingServer.StartAsync(Options(files), TimeProvider.System);

        using var connection = new TcpClient();
        await connection.ConnectAsync(server.Address.Host, server.Address.Port);
        var sent = new List<string>();
        await using var stream = new SslStream(connection.GetStream(), false, (_, _, chain, _) =>
        {
            sent.AddRange(chain!.ChainPolicy.ExtraStore.Select(certificate => certificate.Subject));
            return true;
        });
        await stream.AuthenticateAsClientAsync("localhost");

        Assert.Contains("CN=middle", sent);
    }

    [Theory]
    [InlineData("none.pem", null)]
    [InlineData("server.pem", "none.pem")]
    [InlineData("server.pem", "server.pem")]
    public async Task Files_that_are_no_certificate_with_its_key_are_told(string certificate, string? key)
    {
        using var made = Make("first");
        Write(made);
        var files = new CertificateFiles(Path.Combine(_folder.Path, certificate), key is null ? null : Path.Combine(_folder.Path, key));

        var wrong = await Assert.ThrowsAsync<TrackingServerException>(() => TrackingServer.StartAsync(Options(files), TimeProvider.System));

        Assert.StartsWith($"The certificate {files} cannot be used: ", wrong.Message, StringComparison.Ordinal);
    }

    private static X509Certificate2 Make(string name, X509Certificate2? above = null, bool isAuthority = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        var (from, to) = (TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        if (above is null)
        {
            return request.CreateSelfSigned(from, to);
        }

        using var signed = request.Create(above, from, to.AddHours(isAuthority ? -1 : -2), [1, 2, 3]);
        return signed.CopyWithPrivateKey(key);
    }

    private static SocketsHttpHandler Trusting() => new() { SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=first" } };

    private static async Task<string> SubjectAsync(Uri address)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(address.Host, address.Port);
        await using var stream = new SslStream(connection.GetStream(), false, (_, certificate, _, _) => certificate is not null);
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", EnabledSslProtocols = SslProtocols.None });
        return stream.RemoteCertificate!.Subject;
    }

    private CertificateFiles Write(X509Certificate2 certificate)
    {
        var files = new CertificateFiles(Path.Combine(_folder.Path, "server.pem"), Path.Combine(_folder.Path, "server.key"));
        using var key = certificate.GetECDsaPrivateKey()!;
        File.WriteAllText(files.KeyPath!, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(files.Path, certificate.ExportCertificatePem());
        return files;
    }

    private TrackingServerOptions Options(CertificateFiles files) => new() { Store = _folder.Store, Port = 0, Certificate = files };
}
