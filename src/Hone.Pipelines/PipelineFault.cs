namespace Hone.Pipelines;

/// <summary>Kinds of trouble, each with an exit code of its own.</summary>
public enum PipelineFault
{
    /// <summary>The work failed: exit code 1.</summary>
    Failed = 1,

    /// <summary>A file or an argument is wrong, and nothing was changed: exit code 2.</summary>
    WrongInput = 2,
}
