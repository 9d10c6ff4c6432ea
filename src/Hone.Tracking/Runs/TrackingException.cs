namespace Hone.Tracking.Runs;

/// <summary>Why a request cannot be done.</summary>
internal enum TrackingError
{
    /// <summary>A field is missing, malformed or out of its limits, or says what cannot be.</summary>
    Invalid,

    /// <summary>What is named is not there.</summary>
    NotFound,

    /// <summary>What is to be made is there already.</summary>
    AlreadyExists,

    /// <summary>The thing is not in a state in which this can be done.</summary>
    WrongState,

    /// <summary>The request is no request of this protocol.</summary>
    BadRequest,

    /// <summary>There is no such address.</summary>
    NoSuchEndpoint,

    /// <summary>The caller may not do it.</summary>
    Forbidden,

    /// <summary>The body is larger than can be taken.</summary>
    TooLarge,

    /// <summary>The body is not JSON by its own word.</summary>
    NotJson,

    /// <summary>This server does not do it.</summary>
    NotImplemented,

    /// <summary>The store cannot be reached for now.</summary>
    Unavailable,
}

/// <summary>A request cannot be done. The message is for the client's user.</summary>
internal sealed class TrackingException(TrackingError error, string message) : Exception(message)
{
    /// <summary>Why.</summary>
    public TrackingError Error { get; } = error;

    /// <summary>A field is wrong.</summary>
    public static TrackingException Invalid(string message) => new(TrackingError.Invalid, message);

    /// <summary>What is named is not there.</summary>
    public static TrackingException NotFound(string message) => new(TrackingError.NotFound, message);
}
