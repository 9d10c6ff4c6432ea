namespace Hone.Learning.Scores;

/// <summary>How well a model does on a set of examples.</summary>
/// <param name="Loss">Mean of the loss that it was trained with, without penalty.</param>
/// <param name="Accuracy">Share of the examples put into their class, from 0 to 1; null when numbers are predicted.</param>
/// <param name="RootMeanSquaredError">In the target's unit; null when classes are predicted.</param>
public readonly record struct Evaluation(double Loss, double? Accuracy, double? RootMeanSquaredError);
