namespace Hone.Tracking.Client;

/// <summary>The spools in a folder: those that a process left there are sent by another.</summary>
internal static class SpoolFolder
{
    /// <summary>The spools, in the order in which they were begun.</summary>
    public static IReadOnlyList<string> List(string folder) => Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder, "*" + Spool.Extension).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>Sends what is left over for a server, spool after spool, until it is all sent or the server does not take it.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="connection">The server.</param>
    /// <param name="server">How spools name it.</param>
    /// <param name="notice">Is told what cannot be sent.</param>
    /// <param name="cancellationToken">Gives up; what was acknowledged is not sent again.</param>
    public static async Task<SpoolReplay> ReplayAsync(
        string folder, TrackingConnection connection, string server, Action<string> notice, CancellationToken cancellationToken)
    {
        var batch = new SpoolBatch();
        var replay = new SpoolReplay(0, 0, 0, "");
        foreach (var path in List(folder))
        {
            if (Spool.TryOpen(path) is not { } spool)
            {
                replay = File.Exists(path) ? replay with { InUse = replay.InUse + 1 } : replay;
                continue;
            }

            // What another server is to have is not shown to this one, nor this one's token to that one.
            if (spool.Run.Server != server || replay.Trouble.Length > 0)
            {
                spool.Dispose();
                replay = replay with { Left = replay.Left + 1 };
                continue;
            }

            var trouble = await SendAsync(spool, new SpoolSender(spool, connection, notice, batch), notice, cancellationToken);
            replay = trouble is null ? replay with { Sent = replay.Sent + 1 } : replay with { Left = replay.Left + 1, Trouble = trouble };
        }

        return replay;
    }

    /// <summary>Sends a spool that is left over, and ends its run if its process could not.</summary>
    /// <param name="spool">Removed when it is sent, put aside when it is refused, and closed.</param>
    /// <param name="sender">Sends it.</param>
    /// <param name="notice">Is told what cannot be sent.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null: it is sent, or put aside; otherwise why not.</returns>
    private static async Task<string?> SendAsync(Spool spool, SpoolSender sender, Action<string> notice, CancellationToken cancellationToken)
    {
        using (spool)
        {
            if (spool.Damaged > 0)
            {
                notice($"{spool.Path}: {spool.Damaged} damaged lines are passed over");
            }

            var answer = await sender.SendAsync(cancellationToken);
            if (answer.Kind == AnswerKind.Done && !spool.HasEnd && spool.Run.RunId is null)
            {
                answer = await sender.KillAsync(spool.WrittenAt, cancellationToken);
            }

            switch (answer)
            {
                case { Kind: AnswerKind.Done }:
                    spool.Delete();
                    return null;
                case { Kind: AnswerKind.Refused, IsForbidden: false }:
                    notice(Aside(spool.Run, answer.Message, spool.SetAside()));
                    return null;
                default:
                    return answer.Message;
            }
        }
    }

    /// <summary>What is told of a spool that was put aside.</summary>
    public static string Aside(SpooledRun run, string why, string path) =>
        $"a run is not taken by {run.Server}: {why} What was logged to it is kept in {path}.";
}
