using System.Globalization;
using System.Text.Json;

namespace Hone.Tracking.Client;

/// <summary>Sends what stands in a spool to the server, in order. One call at a time.</summary>
/// <remarks>
/// A batch counts as sent when it was acknowledged. One whose answer was lost is sent again, with the same times: servers with a database keep
/// a metric's value once, and parameters, tags, files and the end of a run are what they were.
/// </remarks>
/// <param name="spool">The spool.</param>
/// <param name="connection">The server.</param>
/// <param name="notice">Is told what the server does not take.</param>
/// <param name="batch">Memory to work in, which several may share that work in turn.</param>
internal sealed class SpoolSender(Spool spool, TrackingConnection connection, Action<string> notice, SpoolBatch batch)
{
    private const string ProxyScheme = "mlflow-artifacts:";
    private readonly RunOpening _opening = new(spool, connection);
    private int _dropped;

    /// <summary>The spool.</summary>
    public Spool Spool => spool;

    /// <summary>Makes the run on the server, if that has not been done.</summary>
    public async Task<ServerAnswer> OpenAsync(CancellationToken cancellationToken) =>
        spool.Known is null ? await _opening.OpenAsync(cancellationToken) : ServerAnswer.Done;

    /// <summary>Sends all that is there.</summary>
    /// <returns>Done: the server has it all. Otherwise why it does not take the rest, now or ever.</returns>
    public async Task<ServerAnswer> SendAsync(CancellationToken cancellationToken)
    {
        var opened = await OpenAsync(cancellationToken);
        if (opened.Kind != AnswerKind.Done)
        {
            return opened;
        }

        while (true)
        {
            batch.Read(spool);
            if (batch.Bytes == 0)
            {
                return ServerAnswer.Done;
            }

            var answer = batch.Other switch
            {
                LineKind.File => await SendFileAsync(cancellationToken),
                LineKind.End => await SendEndAsync(cancellationToken),
                _ => await SendAsync(0, batch.Count, cancellationToken),
            };
            if (answer.Kind != AnswerKind.Done)
            {
                return answer;
            }

            spool.Acknowledge(batch.Bytes, isWorthALine: batch.Count > 0);
        }
    }

    /// <summary>Tells the server that a run is over whose process ended without a word.</summary>
    public async Task<ServerAnswer> KillAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        var answer = await EndAsync(new SpooledEnd("KILLED", at.ToUnixTimeMilliseconds()), cancellationToken);
        return answer.IsWrongRequest ? ServerAnswer.Done : answer;
    }

    // What is refused is halved until what is wrong stands alone: that is dropped, with the reason, and the rest is kept.
    private async Task<ServerAnswer> SendAsync(int from, int to, CancellationToken cancellationToken)
    {
        if (from == to)
        {
            return ServerAnswer.Done;
        }

        var answer = await connection.PostAsync("runs/log-batch", batch.Body(spool.Known!.RunId, from, to), cancellationToken);
        if (!answer.IsWrongRequest)
        {
            return answer;
        }

        if (from == 0 && to == batch.Count && await GoneAsync(answer, cancellationToken) is { } gone)
        {
            return gone;
        }

        if (to - from == 1)
        {
            Drop(batch.Show(from), answer.Message);
            return ServerAnswer.Done;
        }

        var middle = (from + to) / 2;
        var first = await SendAsync(from, middle, cancellationToken);
        return first.Kind == AnswerKind.Done ? await SendAsync(middle, to, cancellationToken) : first;
    }

    // Whether it is the run itself that takes nothing: it has been deleted, say. Null: it is not.
    private async Task<ServerAnswer?> GoneAsync(ServerAnswer refusal, CancellationToken cancellationToken)
    {
        var answer = await connection.GetAsync($"runs/get?run_id={Uri.EscapeDataString(spool.Known!.RunId)}", cancellationToken);
        if (answer.Kind != AnswerKind.Done)
        {
            return answer;
        }

        var isDeleted = answer.Body.ValueKind == JsonValueKind.Object && answer.Body.TryGetProperty("run", out var run)
            && run.TryGetProperty("info", out var info) && info.TryGetProperty("lifecycle_stage", out var stage) && stage.ValueEquals("deleted"u8);
        return isDeleted ? ServerAnswer.Refused(refusal.Message) : null;
    }

    private async Task<ServerAnswer> SendFileAsync(CancellationToken cancellationToken)
    {
        var file = JsonSerializer.Deserialize(batch.OtherJson, SpoolJson.Default.SpooledFile)!;
        var copy = Path.Combine(spool.Files, file.Copy);
        if (Root() is not { } root)
        {
            Drop(file.Path, $"the files of the run lie at {spool.Known!.ArtifactUri}, to where there is no way through this server");
            return ServerAnswer.Done;
        }

        try
        {
            await using var bytes = new FileStream(copy, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: true);
            var answer = await connection.PutAsync(AddressOf(root, file.Path), bytes, cancellationToken);
            if (answer.IsWrongRequest)
            {
                Drop(file.Path, answer.Message);
            }
            else if (answer.Kind != AnswerKind.Done)
            {
                return answer;
            }
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            Drop(file.Path, "its copy is gone");
        }

        File.Delete(copy);
        return ServerAnswer.Done;
    }

    private async Task<ServerAnswer> SendEndAsync(CancellationToken cancellationToken)
    {
        var answer = await EndAsync(JsonSerializer.Deserialize(batch.OtherJson, SpoolJson.Default.SpooledEnd)!, cancellationToken);
        if (!answer.IsWrongRequest)
        {
            return answer;
        }

        // Another program ends it: a trial's tuner, say.
        Drop("the end of the run", answer.Message);
        return ServerAnswer.Done;
    }

    private Task<ServerAnswer> EndAsync(SpooledEnd end, CancellationToken cancellationToken) => connection.PostAsync(
        "runs/update",
        RunOpening.Json(json =>
        {
            json.WriteString("run_id"u8, spool.Known!.RunId);
            json.WriteString("status"u8, end.Status);
            if (end.EndTime > 0)
            {
                json.WriteNumber("end_time"u8, end.EndTime);
            }
        }),
        cancellationToken);

    // Where the run's files lie below the server's proxy. What lies with another server, as in mlflow-artifacts://OTHER/…, is not sent there:
    // it would be shown this one's token.
    private string? Root()
    {
        var uri = spool.Known!.ArtifactUri;
        if (!uri.StartsWith(ProxyScheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var root = uri[ProxyScheme.Length..];
        if (!root.StartsWith("//", StringComparison.Ordinal))
        {
            return root;
        }

        var end = root.IndexOf('/', 2) is > 0 and var slash ? slash : root.Length;
        return root[2..end].Equals(connection.Address.Server.Authority, StringComparison.OrdinalIgnoreCase) ? root[end..] : null;
    }

    private Uri AddressOf(string root, string path)
    {
        var segments = $"{root.Trim('/')}/{path}".Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.EscapeDataString);
        return new Uri($"{connection.Address.Text}/api/2.0/mlflow-artifacts/artifacts/{string.Join('/', segments)}");
    }

    private void Drop(string what, string why)
    {
        const int Told = 20;
        _dropped++;
        if (_dropped <= Told)
        {
            var more = _dropped == Told ? " Further ones are not told." : "";
            notice(string.Create(CultureInfo.InvariantCulture, $"run {spool.Known!.RunId}: not taken by {connection.Address}: {what}: {why}{more}"));
        }
    }
}
