using System.Globalization;
using System.Text;
using Hone.Pipelines.Files;
using Hone.Pipelines.Objects;
using Hone.Pipelines.Repositories;
using Hone.Pipelines.Workspaces;
using Hone.Pipelines.Yaml;

namespace Hone.Pipelines.Verbs;

/// <summary>Takes a file or folder from elsewhere into the repository, and records where it came from.</summary>
public static class ImportUrl
{
    /// <summary>Imports.</summary>
    /// <param name="repository">The repository; its lock is held by the caller.</param>
    /// <param name="url">A path, or an address with <c>http://</c> or <c>https://</c>.</param>
    /// <param name="output">Where it goes, below the root.</param>
    /// <param name="client">Makes the requests.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The files to be kept in Git that changed, below the root.</returns>
    /// <exception cref="PipelineException">There is nothing at the address, or something at the output's path already.</exception>
    public static async Task<IReadOnlyList<string>> RunAsync(
        Repository repository, string url, string output, HttpClient client, CancellationToken cancellationToken = default)
    {
        var full = Path.Combine(repository.Root, output);
        if (Posix.Stat(full) is not null)
        {
            throw new PipelineException($"'{output}' is there already; remove it, or name another output", PipelineFault.WrongInput);
        }

        var isWeb = url.StartsWith("http://", StringComparison.Ordinal) || url.StartsWith("https://", StringComparison.Ordinal);
        var source = isWeb ? url : Path.GetFullPath(url);
        using var staging = StagingFolder.Make(repository, full);
        var made = Path.Combine(staging.Path, "made");
        var etag = isWeb ? await DownloadAsync(client, url, made, cancellationToken) : null;
        if (!isWeb)
        {
            CopyTree(source, made);
        }

        SafeFile.MakeFolders(Path.GetDirectoryName(full)!);
        if (Posix.Rename(made, full) is not 0 and var error)
        {
            throw Posix.Failure("write", full, error);
        }

        var content = new ContentReader(repository, cancellationToken).Keep(output);
        var dependency = isWeb
            ? new YamlMap().With("checksum", etag!).With("size", YamlScalar.Of(content.Size)).With("hash", "checksum").With("path", url)
            : DvcFileRecord(content).With("path", source);
        var root = new YamlMap()
            .With("frozen", YamlScalar.Of(true))
            .With("deps", new YamlList(dependency))
            .With("outs", new YamlList(DvcFileRecord(content).With("path", Path.GetFileName(output))));
        var record = new YamlMap().With("md5", StageHash(root));
        foreach (var entry in root.Entries)
        {
            record[entry.Key.Text] = entry.Value;
        }

        SafeFile.WriteText(full + ".dvc", YamlDocument.Write(record));
        var ignore = repository.HasNoScm ? null : GitIgnoreFile.Add(repository.Root, output);
        return ignore is null ? [output + ".dvc"] : [output + ".dvc", ignore];
    }

    private static YamlMap DvcFileRecord(Content content) => Tracking.DvcFile.Record(content);

    private static async Task<string> DownloadAsync(HttpClient client, string url, string file, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri(url), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (!answer.IsSuccessStatusCode)
            {
                throw new PipelineException($"'{url}' cannot be had: {(int)answer.StatusCode} {answer.ReasonPhrase}");
            }

            await using var target = new FileStream(file, FileMode.CreateNew, FileAccess.Write);
            await answer.Content.CopyToAsync(target, cancellationToken);
            return answer.Headers.ETag?.Tag.Trim('"') ?? answer.Content.Headers.LastModified?.ToString("R", CultureInfo.InvariantCulture) ?? "";
        }
        catch (HttpRequestException unreachable)
        {
            throw new PipelineException($"'{url}' cannot be had: {unreachable.Message}", cause: unreachable);
        }
    }

    private static void CopyTree(string from, string to)
    {
        var stamp = Posix.Stat(from, follow: true) ?? throw new PipelineException($"'{from}' does not exist; name a path or an address with http:// or https://");
        if (!stamp.IsFolder)
        {
            File.Copy(from, to);
            return;
        }

        SafeFile.MakeFolders(to);
        foreach (var entry in FolderReader.Read(from) ?? [])
        {
            CopyTree(from + "/" + entry.Name, to + "/" + entry.Name);
        }
    }

    // The MD5 of the record as Python writes it in JSON, keys sorted, without what may change and mean the same.
    private static string StageHash(YamlMap root)
    {
        var json = new StringBuilder();
        WriteJson(root, json);
        return ObjectId.Of(Encoding.ASCII.GetBytes(json.ToString())).ToString();
    }

    private static void WriteJson(YamlNode node, StringBuilder json)
    {
        switch (node)
        {
            case YamlMap map:
                var entries = map.Entries.Where(entry => entry.Key.Text is not ("frozen" or "size" or "nfiles" or "isexec")).OrderBy(entry => entry.Key.Text, StringComparer.Ordinal);
                json.Append('{');
                json.AppendJoin(", ", entries.Select(entry =>
                {
                    var value = new StringBuilder();
                    WriteJson(entry.Value, value);
                    return $"{PythonText.Quote(entry.Key.Text)}: {value}";
                }));
                json.Append('}');
                break;
            case YamlList list:
                json.Append('[');
                json.AppendJoin(", ", list.Items.Select(item =>
                {
                    var value = new StringBuilder();
                    WriteJson(item, value);
                    return value.ToString();
                }));
                json.Append(']');
                break;
            default:
                json.Append(PythonText.Quote(((YamlScalar)node).Text));
                break;
        }
    }
}
