namespace Hone.Tracking.Access;

/// <summary>What a user can have a role of their own for.</summary>
public enum ObjectKind
{
    /// <summary>An experiment with its runs, logged models and files.</summary>
    Experiment,

    /// <summary>A registered model with its versions.</summary>
    Model,
}
