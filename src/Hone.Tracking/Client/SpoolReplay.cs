namespace Hone.Tracking.Client;

/// <summary>What became of the spools that earlier processes left.</summary>
/// <param name="Sent">How many runs the server has as a whole now.</param>
/// <param name="Left">How many are still there: the server did not take them, or they are another server's.</param>
/// <param name="InUse">How many belong to processes that run.</param>
/// <param name="Trouble">Why not all were sent; empty if they were.</param>
public sealed record SpoolReplay(int Sent, int Left, int InUse, string Trouble);
