namespace Hone.Pipelines;

/// <summary>Something about data or a pipeline that stops a command. The message says what is wrong, where, and what to do.</summary>
public sealed class PipelineException : Exception
{
    /// <summary>Says what is wrong.</summary>
    /// <param name="message">For the user: a sentence without the program's name.</param>
    /// <param name="kind">What the shell is told.</param>
    /// <param name="cause">What it came from.</param>
    public PipelineException(string message, PipelineFault kind = PipelineFault.Failed, Exception? cause = null)
        : base(message, cause) => Kind = kind;

    /// <summary>What kind of trouble it is; the exit code follows from it.</summary>
    public PipelineFault Kind { get; }
}
