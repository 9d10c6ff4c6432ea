using System.Text.Json;
using Hone.Tracking.Access;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Rest;

/// <summary>What a change is made with.</summary>
/// <param name="Store">The connection, in the open transaction.</param>
/// <param name="Now">When the request came, as the store writes times.</param>
/// <param name="Caller">Whom the request comes from; null: who may do everything.</param>
internal readonly record struct ChangeSession(TrackingSession Store, long Now, Caller? Caller = null)
{
    /// <summary>What the caller may do, as the store says in the open transaction.</summary>
    public Rights Rights => new(Caller, Store);
}

/// <summary>A change that writes an answer.</summary>
internal sealed class AnsweredChange<T>(T request, Action<T, ChangeSession, Utf8JsonWriter> change, Answer answer, long now, Caller? caller = null) : PendingChange
{
    /// <inheritdoc/>
    public override void Apply(TrackingSession session)
    {
        answer.Begin();
        change(request, new ChangeSession(session, now, caller), answer.Json);
    }
}
