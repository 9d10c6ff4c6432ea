namespace Hone.Pipelines.Verbs;

/// <summary>What a collection of garbage removed, or would.</summary>
/// <param name="Objects">Objects of the cache.</param>
/// <param name="Bytes">Their sizes together.</param>
/// <param name="RemoteObjects">Objects of the remote.</param>
/// <param name="Used">Objects that are used.</param>
public sealed record GarbageResult(int Objects, long Bytes, int RemoteObjects, int Used);
