namespace Hone.Learning.Networks;

/// <summary>A description of a network cannot be built, or what was fed to the network does not go with it. The message says which layer.</summary>
public sealed class NetworkException : Exception
{
    /// <param name="message">What is wrong, at which layer, and what to do.</param>
    public NetworkException(string message)
        : base(message) { }
}
