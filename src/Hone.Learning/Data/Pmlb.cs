using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace Hone.Learning.Data;

/// <summary>
/// Fetches tables of the Penn Machine Learning Benchmarks (Romano et al. 2022) once and keeps them. What is fetched is checked against the
/// SHA-256 that the repository states; a download that was cut off goes on where it stopped. A table in the cache needs no network.
/// </summary>
public sealed class Pmlb
{
    private const long LargestBytes = 4L << 30;
    private const int LargestPointer = 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _cache;
    private readonly Uri _pointers;
    private readonly Uri _files;

    /// <param name="cache">Folder to keep tables in; made when needed.</param>
    /// <param name="pointers">Where the repository's files are as they lie in it, Git LFS pointers that state size and SHA-256.</param>
    /// <param name="files">Where the tables themselves are.</param>
    public Pmlb(string cache, Uri pointers, Uri files)
    {
        ArgumentException.ThrowIfNullOrEmpty(cache);
        ArgumentNullException.ThrowIfNull(pointers);
        ArgumentNullException.ThrowIfNull(files);
        _cache = cache;
        _pointers = pointers;
        _files = files;
    }

    /// <summary>
    /// The real one. It keeps tables in <c>HONE_CACHE</c> or the user's cache folder; <c>HONE_PMLB</c> names a mirror that serves the
    /// pointers under <c>pointers/</c> and the tables under <c>files/</c>.
    /// </summary>
    public static Pmlb Default()
    {
        var mirror = Environment.GetEnvironmentVariable("HONE_PMLB");
        return new Pmlb(
            Path.Combine(DataSource.CacheFolder, "pmlb"),
            Address("/pointers/", "https://raw.githubusercontent.com/EpistasisLab/pmlb/master/datasets/"),
            Address("/files/", "https://media.githubusercontent.com/media/EpistasisLab/pmlb/master/datasets/"));

        Uri Address(string part, string original) => new(mirror is { Length: > 0 } ? mirror.TrimEnd('/') + part : original);
    }

    /// <summary>The path of a table in the cache, fetched if it is not there.</summary>
    /// <param name="name">Such as <c>529_pollen</c>.</param>
    /// <exception cref="DataException">There is no such table, the network or disk failed, or the bytes are not those promised.</exception>
    public string Fetch(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.') || name.StartsWith('.'))
        {
            throw new DataException($"pmlb:{name}: is not a name of PMLB, which has letters, digits, '_', '-' and '.' only.");
        }

        var path = Path.Combine(_cache, name + ".tsv.gz");
        if (File.Exists(path))
        {
            return path;
        }

        try
        {
            Directory.CreateDirectory(_cache);
            using var client = new HttpClient { Timeout = Patience };
            client.DefaultRequestHeaders.UserAgent.ParseAdd("hone/1");
            var (hash, size) = FetchPointer(client, name);
            Download(client, name, path + ".part", size);
            Check(name, path + ".part", hash);
            File.Move(path + ".part", path, overwrite: true);
            return path;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            throw new DataException(
                $"pmlb:{name}: is not in the cache {_cache}, and cannot be fetched: {e.Message} Fetch it when online, or put {name}.tsv.gz there.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"pmlb:{name}: the download failed: {e.Message} Try again: it goes on where it stopped.", e);
        }
    }

    private (string Hash, long Size) FetchPointer(HttpClient client, string name)
    {
        using var response = Send(client, new Uri(_pointers, $"{name}/{name}.tsv.gz"), from: 0);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            throw new DataException($"pmlb:{name}: PMLB has no table of that name. Its names are listed at https://epistasislab.github.io/pmlb.");
        }

        response.EnsureSuccessStatusCode();
        using var stream = response.Content.ReadAsStream();
        var bytes = new byte[LargestPointer];
        var text = System.Text.Encoding.ASCII.GetString(bytes, 0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
        var lines = text.Split('\n').Select(line => line.Trim().Split(' ')).Where(line => line.Length == 2).ToDictionary(line => line[0], line => line[1]);
        if (lines.TryGetValue("oid", out var oid) && oid.StartsWith("sha256:", StringComparison.Ordinal) && oid.Length == 7 + 64
            && lines.TryGetValue("size", out var sizeText)
            && long.TryParse(sizeText, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size <= LargestBytes)
        {
            return (oid[7..], size);
        }

        throw new DataException($"pmlb:{name}: the repository's answer is not a Git LFS pointer that states a SHA-256 and a size of at most 4 GiB.");
    }

    private void Download(HttpClient client, string name, string part, long size)
    {
        using var file = new FileStream(part, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
        if (file.Length > size)
        {
            file.SetLength(0);
        }

        if (file.Length == size)
        {
            return;
        }

        using var response = Send(client, new Uri(_files, $"{name}/{name}.tsv.gz"), file.Length);
        response.EnsureSuccessStatusCode();
        if (response.StatusCode != HttpStatusCode.PartialContent)
        {
            // The server cannot go on in the middle.
            file.SetLength(0);
        }

        file.Seek(0, SeekOrigin.End);
        using var stream = response.Content.ReadAsStream();
        var buffer = new byte[1 << 16];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            if (file.Length + read > size)
            {
                throw new DataException($"pmlb:{name}: the server sends more than the {size} bytes that the repository states.");
            }

            file.Write(buffer, 0, read);
        }

        if (file.Length < size)
        {
            throw new IOException($"{file.Length} of {size} bytes came.");
        }
    }

    private static HttpResponseMessage Send(HttpClient client, Uri address, long from)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (from > 0)
        {
            request.Headers.Range = new RangeHeaderValue(from, null);
        }

        return client.Send(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static void Check(string name, string part, string hash)
    {
        string actual;
        using (var file = File.OpenRead(part))
        {
            actual = Convert.ToHexStringLower(SHA256.HashData(file));
        }

        if (actual != hash)
        {
            File.Delete(part);
            throw new DataException($"pmlb:{name}: the bytes that came have the SHA-256 {actual}, and {hash} was promised. They were thrown away; try again.");
        }
    }
}
