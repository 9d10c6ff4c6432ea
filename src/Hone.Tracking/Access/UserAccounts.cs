using System.Globalization;
using Hone.Tracking.Registry;
using Hone.Tracking.Runs;
using Hone.Tracking.Store;

namespace Hone.Tracking.Access;

/// <summary>A user as others see them.</summary>
/// <param name="Name">The name.</param>
/// <param name="Role">The role for everything that <paramref name="Roles"/> has no other for.</param>
/// <param name="Roles">The roles for single experiments and models.</param>
/// <param name="HasToken">Whether a token was made.</param>
/// <param name="HasPassword">Whether there is a password.</param>
/// <param name="Created">When the user was added, in UTC.</param>
public sealed record UserAccount(
    string Name, Role Role, IReadOnlyList<ObjectRole> Roles, bool HasToken, bool HasPassword, DateTimeOffset Created);

/// <summary>A user's role for one thing.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Its name.</param>
/// <param name="Role">The role.</param>
public readonly record struct ObjectRole(ObjectKind Kind, string Name, Role Role);

/// <summary>The users of a store, as an admin of the machine keeps them: whoever may write the store's file may do so.</summary>
/// <remarks>A server over the same store heeds every change at once. All is written to the audit log.</remarks>
public sealed class UserAccounts : IAsyncDisposable
{
    private const int MostNameLength = 100;
    private const int LeastPasswordLength = 12;
    private readonly Database _anchor;
    private readonly TrackingSession _session;
    private readonly TimeProvider _time;
    private readonly AuditLog _audit;

    private UserAccounts(Database anchor, TrackingSession session, TimeProvider time, AuditLog audit)
    {
        _anchor = anchor;
        _session = session;
        _time = time;
        _audit = audit;
    }

    /// <summary>Opens the users of a store; makes the store if it is not there.</summary>
    /// <param name="store">The store's file, or the address of its database.</param>
    /// <param name="time">The clock.</param>
    /// <param name="audit">Where changes are written down.</param>
    /// <param name="cancellationToken">Gives up the opening.</param>
    /// <exception cref="StudyStoreException">It cannot be made, read or written.</exception>
    public static Task<UserAccounts> OpenAsync(string store, TimeProvider time, AuditLog audit, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var address = StoreAddress.Parse(store);
        var anchor = address.Make();
        try
        {
            return Task.FromResult(new UserAccounts(anchor, TrackingSession.Open(address), time, audit));
        }
        catch
        {
            anchor.Dispose();
            throw;
        }
    }

    /// <summary>Adds a user.</summary>
    /// <param name="name">The name: letters, digits and <c>. _ @ + -</c>, at most 100, since it stands before a colon in a header.</param>
    /// <param name="role">The role for everything.</param>
    /// <param name="password">A password of at least 12 characters; null: none.</param>
    /// <returns>The user's token, which is not kept and cannot be told again.</returns>
    /// <exception cref="UserException">The name is taken or none, or the password is too short.</exception>
    public string Add(string name, Role role, string? password = null)
    {
        if (name.Length is 0 or > MostNameLength || name.Any(c => !char.IsLetterOrDigit(c) && !"._@+-".Contains(c, StringComparison.Ordinal)))
        {
            throw new UserException($"'{name}' is no name of a user; expected letters, digits and . _ @ + -, at most {MostNameLength}");
        }

        var (kept, token) = (Kept(password), Secrets.NewToken());
        Change("add user", name, Word(role), () =>
        {
            if (Users.Find(_session, name) is not null)
            {
                throw new UserException($"there is a user '{name}' already");
            }

            Users.Add(_session, name, role, StoreTime.ToStore(_time.GetUtcNow()));
            Users.Set(_session, Users.Find(_session, name)!.Key, kept, Secrets.OfToken(token));
        });
        return token;
    }

    /// <summary>Removes a user, whose token and password no longer count.</summary>
    /// <exception cref="UserException">There is none such.</exception>
    public void Remove(string name) => Change("remove user", name, null, () => Users.Remove(_session, Of(name).Key));

    /// <summary>Gives a user another token; the one before no longer counts.</summary>
    /// <returns>The token, which is not kept and cannot be told again.</returns>
    /// <exception cref="UserException">There is no such user.</exception>
    public string NewToken(string name)
    {
        var token = Secrets.NewToken();
        Change("new token", name, null, () => Users.Set(_session, Of(name).Key, Of(name).Password, Secrets.OfToken(token)));
        return token;
    }

    /// <summary>Gives a user a password, or another one.</summary>
    /// <exception cref="UserException">There is no such user, or the password is too short.</exception>
    public void SetPassword(string name, string password)
    {
        var kept = Kept(password);
        Change("new password", name, null, () => Users.Set(_session, Of(name).Key, kept, Of(name).Token));
    }

    /// <summary>Gives a user a role for everything that there is no other for.</summary>
    /// <exception cref="UserException">There is no such user.</exception>
    public void Grant(string name, Role role) => Change("grant", name, Word(role), () => Users.SetRole(_session, Of(name).Key, role));

    /// <summary>Gives a user a role for one experiment or model.</summary>
    /// <param name="name">The user.</param>
    /// <param name="role">The role; <see cref="Role.None"/> keeps the user out.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="thing">Its name, or the id of an experiment.</param>
    /// <exception cref="UserException">There is no such user, experiment or model.</exception>
    public void Grant(string name, Role role, ObjectKind kind, string thing) => Change(
        "grant", name, $"{Word(role)} for {Word(kind)} {thing}", () => Users.Grant(_session, Of(name).Key, kind, KeyOf(kind, thing), role));

    /// <summary>Takes a user's role for one experiment or model away, so that the one for everything counts.</summary>
    /// <exception cref="UserException">There is no such user, experiment or model.</exception>
    public void Revoke(string name, ObjectKind kind, string thing) => Change(
        "revoke", name, $"{Word(kind)} {thing}", () => Users.Revoke(_session, Of(name).Key, kind, KeyOf(kind, thing)));

    /// <summary>All users, by name.</summary>
    public IReadOnlyList<UserAccount> List() => Users.List(_session).ConvertAll(user => new UserAccount(
        user.Name,
        user.Role,
        Users.Roles(_session, user.Key).ConvertAll(role => new ObjectRole(role.Kind, NameOf(role.Kind, role.Key), role.Role)),
        user.Token is not null,
        user.Password is not null,
        StoreTime.FromStore(user.Created)));

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _session.Dispose();
        _anchor.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Change(string action, string user, string? detail, Action change)
    {
        _session.Database.Begin(Transaction.Write);
        try
        {
            change();
            _session.Database.Commit();
        }
        catch
        {
            _session.Database.Rollback();
            throw;
        }

        _audit.Write(new AuditEntry(Environment.UserName, null, action, detail is null ? $"user {user}" : $"user {user}: {detail}", AuditEntry.Done), isLasting: true);
    }

    private UserRow Of(string name)
    {
        if (Users.Find(_session, name) is { } user)
        {
            return user;
        }

        var names = Users.List(_session).ConvertAll(other => other.Name);
        var hint = names.Count == 0 ? "; there is none yet: hone users add NAME"
            : Spelling.Nearest(name, names) is { } nearest ? $"; did you mean '{nearest}'?" : "";
        throw new UserException($"there is no user '{name}'{hint}");
    }

    private long KeyOf(ObjectKind kind, string thing)
    {
        if (kind == ObjectKind.Model)
        {
            return RegisteredModels.Find(_session, thing)?.Key ?? throw new UserException($"there is no registered model '{thing}'");
        }

        var byId = long.TryParse(thing, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? Experiments.Find(_session, id) : null;
        return (Experiments.Find(_session, thing) ?? byId)?.Key ?? throw new UserException($"there is no experiment '{thing}'; expected a name or an id");
    }

    private string NameOf(ObjectKind kind, long key)
    {
        var row = _session.Kept(kind == ObjectKind.Model ? "SELECT name FROM registered_models WHERE model = ?1" : "SELECT name FROM experiments WHERE experiment = ?1");
        row.Bind(1, key);
        var name = row.Step() ? row.Text(0)! : string.Create(CultureInfo.InvariantCulture, $"{key} (gone)");
        row.Reset();
        return name;
    }

    private static string? Kept(string? password) => password switch
    {
        null => null,
        { Length: < LeastPasswordLength } => throw new UserException($"the password is too short; expected at least {LeastPasswordLength} characters"),
        _ when Secrets.IsToken(password) => throw new UserException("a password cannot begin like a token"),
        _ => Secrets.OfPassword(password),
    };

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
