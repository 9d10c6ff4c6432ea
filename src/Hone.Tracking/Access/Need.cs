using Hone.Tracking.Rest;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Access;

/// <summary>What a route asks of its caller.</summary>
internal sealed class Need
{
    private readonly Action<RestRequest, Rights> _check;
    private readonly string[] _told;

    private Need(Action<RestRequest, Rights> check, string? action, string[] told)
    {
        _check = check;
        Action = action;
        _told = told;
    }

    /// <summary>Nothing: everybody is told whether the server is there.</summary>
    public static Need Nothing { get; } = new((_, _) => { }, null, []) { IsForAnybody = true };

    /// <summary>That the request comes from this machine, or from an admin of everything.</summary>
    public static Need MachineOrAdmin { get; } = new((_, rights) => rights.DemandMachineOrAdmin(), null, []) { IsForMachine = true };

    /// <summary>That the caller said who they are: what the route finds is theirs to see, or the route asks for more by itself.</summary>
    public static Need Identity { get; } = new((_, rights) => rights.DemandIdentity(), null, []);

    /// <summary>The role admin for everything: of a route that declares nothing.</summary>
    public static Need Everything { get; } = new((_, rights) => rights.Demand(Role.Admin), null, []);

    /// <summary>What is written down when it was done; null: nothing is.</summary>
    public string? Action { get; }

    /// <summary>Whether nobody is asked.</summary>
    public bool IsForAnybody { get; private init; }

    /// <summary>Whether this machine is not asked.</summary>
    public bool IsForMachine { get; private init; }

    /// <summary>What one thing that a request names asks.</summary>
    /// <param name="check">Refuses who may not.</param>
    public static Need Of(Action<RestRequest, Rights> check) => new(check, null, []);

    /// <summary>The same, and that it is written down when it was done.</summary>
    /// <param name="action">What it is called there.</param>
    /// <param name="told">Fields of the request that are written down with the object.</param>
    public Need Audited(string action, params string[] told) => new(_check, action, told);

    /// <summary>Refuses who may not.</summary>
    /// <exception cref="TrackingException">The caller may not, or must say who they are, or a field is missing.</exception>
    public void Check(RestRequest request, TrackingSession session)
    {
        if (request.Caller is not { } caller)
        {
            return;
        }

        // A change may be tried again.
        caller.Object = null;
        _check(request, new Rights(caller, session));
        foreach (var field in _told)
        {
            if (request.Text(field) is { } text)
            {
                caller.Object = caller.Object is null ? $"{field} {text}" : $"{caller.Object}, {field} {text}";
            }
        }
    }
}
