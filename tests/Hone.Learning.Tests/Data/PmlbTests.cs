using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Hone.Learning.Data;

namespace Hone.Learning.Tests.Data;

/// <summary>Against a server of its own on the loopback, which answers as the repository's does.</summary>
public sealed class PmlbTests : IDisposable
{
    private static readonly byte[] Table = Gzip("a\ttarget\n" + string.Concat(Enumerable.Range(0, 4000).Select(i => $"{i}\t{i * 7919 % 1000}\n")));

    private readonly string _cache = Path.Combine(Directory.CreateTempSubdirectory("hone-pmlb").FullName, "pmlb");
    private readonly Server _server = new(Table);

    public void Dispose()
    {
        _server.Dispose();
        Directory.Delete(Path.GetDirectoryName(_cache)!, recursive: true);
    }

    [Fact]
    public void Fetches_a_table_once_and_keeps_it()
    {
        var path = Source().Fetch("tiny");
        var requests = _server.Requests;

        Assert.Equal(Table, File.ReadAllBytes(path));
        Assert.Equal(4000, DataSource.Load<float>(path).Features.Rows);
        Assert.Equal(path, Source().Fetch("tiny"));
        Assert.Equal(requests, _server.Requests);
        Assert.Equal([path], Directory.GetFiles(_cache));
    }

    [Fact]
    public void Goes_on_where_a_download_was_cut_off()
    {
        _server.CutAt = 5000;
        var exception = Assert.Throws<DataException>(() => Source().Fetch("tiny"));
        Assert.StartsWith("pmlb:tiny: ", exception.Message, StringComparison.Ordinal);
        Assert.Equal(5000, new FileInfo(Path.Combine(_cache, "tiny.tsv.gz.part")).Length);

        _server.CutAt = int.MaxValue;
        Assert.Equal(Table, File.ReadAllBytes(Source().Fetch("tiny")));
        Assert.Equal(5000, _server.LastRangeStart);
    }

    [Fact]
    public void Throws_bytes_away_that_are_not_those_promised()
    {
        _server.Damages = true;

        var exception = Assert.Throws<DataException>(() => Source().Fetch("tiny"));

        Assert.Contains("was promised. They were thrown away; try again.", exception.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_cache));
    }

    [Theory]
    [InlineData("nothing", "pmlb:nothing: PMLB has no table of that name. Its names are listed at https://epistasislab.github.io/pmlb.")]
    [InlineData("page", "pmlb:page: the repository's answer is not a Git LFS pointer that states a SHA-256 and a size of at most 4 GiB.")]
    [InlineData("huge", "pmlb:huge: the repository's answer is not a Git LFS pointer that states a SHA-256 and a size of at most 4 GiB.")]
    [InlineData("short", "pmlb:short: the server sends more than the 10 bytes that the repository states.")]
    [InlineData("../up", "pmlb:../up: is not a name of PMLB, which has letters, digits, '_', '-' and '.' only.")]
    public void Says_what_is_wrong(string name, string message) =>
        Assert.Equal(message, Assert.Throws<DataException>(() => Source().Fetch(name)).Message);

    [Fact]
    public void Says_what_to_do_without_a_network()
    {
        _server.Dispose();

        var exception = Assert.Throws<DataException>(() => Source().Fetch("tiny"));

        Assert.StartsWith($"pmlb:tiny: is not in the cache {_cache}, and cannot be fetched: ", exception.Message, StringComparison.Ordinal);
        Assert.EndsWith("Fetch it when online, or put tiny.tsv.gz there.", exception.Message, StringComparison.Ordinal);
    }

    private Pmlb Source() => new(_cache, new Uri(_server.Address, "pointers/"), new Uri(_server.Address, "files/"));

    private static byte[] Gzip(string text)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return compressed.ToArray();
    }

    /// <summary>Answers one request a connection, on a thread of its own.</summary>
    private sealed class Server : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly byte[] _table;

        public Server(byte[] table)
        {
            _table = table;
            _listener.Start();
            Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
            new Thread(Serve) { IsBackground = true }.Start();
        }

        public Uri Address { get; }

        public int Requests { get; private set; }

        public int CutAt { get; set; } = int.MaxValue;

        public bool Damages { get; set; }

        public int LastRangeStart { get; private set; }

        public void Dispose() => _listener.Stop();

        private void Serve()
        {
            try
            {
                while (true)
                {
                    using var client = _listener.AcceptTcpClient();
                    using var stream = client.GetStream();
                    Answer(stream);
                }
            }
            catch (Exception e) when (e is SocketException or IOException or InvalidOperationException)
            {
                // The test is over.
            }
        }

        private void Answer(NetworkStream stream)
        {
            var reader = new StreamReader(stream, Encoding.ASCII);
            var path = (reader.ReadLine() ?? "").Split(' ').ElementAtOrDefault(1) ?? "";
            var from = 0;
            for (var line = reader.ReadLine(); !string.IsNullOrEmpty(line); line = reader.ReadLine())
            {
                if (line.StartsWith("Range: bytes=", StringComparison.OrdinalIgnoreCase))
                {
                    from = LastRangeStart = int.Parse(line["Range: bytes=".Length..].TrimEnd('-'), System.Globalization.CultureInfo.InvariantCulture);
                }
            }

            Requests++;
            var body = path.StartsWith("/files/", StringComparison.Ordinal) ? Bytes() : Encoding.ASCII.GetBytes(Pointer(path));
            var status = body.Length == 0 ? "404 Not Found" : from > 0 ? "206 Partial Content" : "200 OK";
            stream.Write(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: {Math.Max(0, body.Length - from)}\r\nConnection: close\r\n\r\n"));
            stream.Write(body.AsSpan(from, Math.Min(body.Length, Math.Max(from, CutAt)) - from));
        }

        private byte[] Bytes()
        {
            var bytes = _table.ToArray();
            bytes[^20] ^= (byte)(Damages ? 1 : 0);
            return bytes;
        }

        private string Pointer(string path)
        {
            string Of(long size) =>
                $"version https://git-lfs.github.com/spec/v1\noid sha256:{Convert.ToHexStringLower(SHA256.HashData(_table))}\nsize {size}\n";
            return path switch
            {
                "/pointers/tiny/tiny.tsv.gz" => Of(_table.Length),
                "/pointers/short/short.tsv.gz" => Of(10),
                "/pointers/huge/huge.tsv.gz" => Of(1L << 40),
                "/pointers/page/page.tsv.gz" => "<html><p>Sign in</p></html>",
                _ => "",
            };
        }
    }
}
