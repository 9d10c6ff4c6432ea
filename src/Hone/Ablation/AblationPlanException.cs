namespace Hone.Ablation;

/// <summary>A plan that cannot be carried out.</summary>
public sealed class AblationPlanException(string message) : Exception(message);
