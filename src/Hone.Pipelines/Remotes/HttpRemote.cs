using System.Net;
using System.Runtime.CompilerServices;

namespace Hone.Pipelines.Remotes;

/// <summary>A web server as a remote, to read from only.</summary>
/// <param name="address">Its address, up to where keys begin.</param>
/// <param name="client">Makes the requests; the caller owns it.</param>
/// <param name="headers">What every request carries, e.g. who asks; null for nothing.</param>
public sealed class HttpRemote(Uri address, HttpClient client, IReadOnlyDictionary<string, string>? headers = null) : IRemote
{
    /// <inheritdoc/>
    public string Address => address.ToString();

    /// <inheritdoc/>
    public bool CanWrite => false;

    /// <inheritdoc/>
    public int KeysPerAnswer => 0;

    /// <inheritdoc/>
    public async ValueTask<bool> HasAsync(string key, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, AddressOf(key));
        using var answer = await SendAsync(request, cancellationToken);
        return answer.StatusCode == HttpStatusCode.OK || (answer.StatusCode == HttpStatusCode.NotFound ? false : throw Refused(key, answer));
    }

    /// <inheritdoc/>
    public ValueTask UploadAsync(string key, string file, CancellationToken cancellationToken) => throw ReadOnly();

    /// <inheritdoc/>
    public async ValueTask<bool> DownloadAsync(string key, string file, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, AddressOf(key));
        using var answer = await SendAsync(request, cancellationToken);
        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }

        if (!answer.IsSuccessStatusCode)
        {
            throw Refused(key, answer);
        }

        try
        {
            await using var target = new FileStream(file, FileMode.CreateNew, FileAccess.Write);
            await answer.Content.CopyToAsync(target, cancellationToken);
            return true;
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException)
        {
            File.Delete(file);
            throw new PipelineException($"'{AddressOf(key)}' broke off: {broken.Message}. Run the command again; what was fetched stays", cause: broken);
        }
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(string key, CancellationToken cancellationToken) => throw ReadOnly();

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> KeysAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        cancellationToken.ThrowIfCancellationRequested();
        yield break;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        foreach (var (name, value) in headers ?? new Dictionary<string, string>())
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        try
        {
            return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException || (unreachable is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new PipelineException($"the remote '{Address}' does not answer: {unreachable.Message}", cause: unreachable);
        }
    }

    private Uri AddressOf(string key) => new($"{address.ToString().TrimEnd('/')}/{key}");

    private PipelineException Refused(string key, HttpResponseMessage answer) =>
        new($"the remote '{Address}' refuses '{key}': {(int)answer.StatusCode} {answer.ReasonPhrase}");

    private PipelineException ReadOnly() => new($"the remote '{Address}' can only be read; push to another one", PipelineFault.WrongInput);
}
