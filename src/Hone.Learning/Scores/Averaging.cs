namespace Hone.Learning.Scores;

/// <summary>How a score of one class against the others becomes one number for all classes.</summary>
public enum Averaging
{
    /// <summary>The score of class 1, the positive one, of two.</summary>
    Binary,

    /// <summary>The plain mean over the classes that occur among the labels or the predictions.</summary>
    Macro,

    /// <summary>The score of the counts of all classes added up; for precision, recall and F1 that is the accuracy.</summary>
    Micro,

    /// <summary>The mean over the classes, each weighted by how often it is the true one.</summary>
    Weighted,
}
