namespace Hone.Tracking.Access;

/// <summary>One thing that was done, or refused.</summary>
/// <param name="User">Who; null: nobody said.</param>
/// <param name="Address">Where from; null: from this machine's command line.</param>
/// <param name="Action">What, e.g. <c>delete experiment</c>.</param>
/// <param name="Object">To what, e.g. <c>experiment 3</c>; null: that was not known.</param>
/// <param name="Outcome"><c>done</c>, or why not.</param>
public sealed record AuditEntry(string? User, string? Address, string Action, string? Object, string Outcome)
{
    /// <summary>The outcome of what was done.</summary>
    public const string Done = "done";
}
