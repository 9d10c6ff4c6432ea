using System.Text.Json;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Rest;

/// <summary>What a change is made with.</summary>
/// <param name="Store">The connection, in the open transaction.</param>
/// <param name="Now">When the request came, as the store writes times.</param>
internal readonly record struct ChangeSession(TrackingSession Store, long Now);

/// <summary>A change that writes an answer.</summary>
internal sealed class AnsweredChange<T>(T request, Action<T, ChangeSession, Utf8JsonWriter> change, Answer answer, long now) : PendingChange
{
    /// <inheritdoc/>
    public override void Apply(TrackingSession session)
    {
        answer.Begin();
        change(request, new ChangeSession(session, now), answer.Json);
    }
}
