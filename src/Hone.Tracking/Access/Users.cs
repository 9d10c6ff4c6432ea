using Hone.Tracking.Runs;
using Hone.Tracking.Store;

namespace Hone.Tracking.Access;

/// <summary>A user's row.</summary>
/// <param name="Key">The key.</param>
/// <param name="Name">The name.</param>
/// <param name="Role">The role for everything that there is no other for.</param>
/// <param name="Stamp">Another one with each new token or password.</param>
/// <param name="Password">What is kept of the password; null: there is none.</param>
/// <param name="Token">What is kept of the token; null: there is none.</param>
/// <param name="Created">When the user was added, as the store writes times.</param>
internal sealed record UserRow(long Key, string Name, Role Role, string Stamp, string? Password, string? Token, long Created);

/// <summary>The users of a store and their roles.</summary>
internal static class Users
{
    private const string Select = "SELECT user_id, name, role, stamp, password, token, creation_time FROM users";

    /// <summary>Whether there are any.</summary>
    public static bool Any(TrackingSession session)
    {
        var row = session.Kept("SELECT user_id FROM users LIMIT 1");
        var any = row.Step();
        row.Reset();
        return any;
    }

    /// <summary>The user of a name; null if there is none.</summary>
    public static UserRow? Find(TrackingSession session, string name) => Single(session, $"{Select} WHERE name = ?1", name);

    /// <summary>The user of a token, by what is kept of it; null if there is none.</summary>
    public static UserRow? FindByToken(TrackingSession session, string hash) => Single(session, $"{Select} WHERE token = ?1", hash);

    /// <summary>All users, by name.</summary>
    public static List<UserRow> List(TrackingSession session)
    {
        var rows = session.Kept($"{Select} ORDER BY name");
        var users = new List<UserRow>();
        while (rows.Step())
        {
            users.Add(Current(rows));
        }

        return users;
    }

    /// <summary>Adds a user, who has neither token nor password yet.</summary>
    public static void Add(TrackingSession session, string name, Role role, long now)
    {
        var insert = session.Kept("INSERT INTO users (name, role, stamp, creation_time) VALUES (?1, ?2, ?3, ?4)");
        insert.Bind(1, name);
        insert.Bind(2, (long)role);
        insert.Bind(3, Secrets.NewStamp());
        insert.Bind(4, now);
        insert.Run();
    }

    /// <summary>Removes a user with the roles.</summary>
    public static void Remove(TrackingSession session, long user)
    {
        Run(session, "DELETE FROM user_roles WHERE user_id = ?1", user);
        Run(session, "DELETE FROM users WHERE user_id = ?1", user);
    }

    /// <summary>Sets a user's password and token. What was proved before must be proved anew.</summary>
    public static void Set(TrackingSession session, long user, string? password, string? token)
    {
        var update = session.Kept("UPDATE users SET password = ?2, token = ?3, stamp = ?4 WHERE user_id = ?1");
        update.Bind(1, user);
        update.Bind(2, password);
        update.Bind(3, token);
        update.Bind(4, Secrets.NewStamp());
        update.Run();
    }

    /// <summary>Sets the role for everything that there is no other for.</summary>
    public static void SetRole(TrackingSession session, long user, Role role)
    {
        var update = session.Kept("UPDATE users SET role = ?2 WHERE user_id = ?1");
        update.Bind(1, user);
        update.Bind(2, (long)role);
        update.Run();
    }

    /// <summary>Sets the role for one thing.</summary>
    public static void Grant(TrackingSession session, long user, ObjectKind kind, long key, Role role)
    {
        Revoke(session, user, kind, key);
        var insert = session.Kept("INSERT INTO user_roles (user_id, kind, object, role) VALUES (?1, ?2, ?3, ?4)");
        Bind(insert, user, kind, key);
        insert.Bind(4, (long)role);
        insert.Run();
    }

    /// <summary>Takes the role for one thing away, so that the one for everything counts again.</summary>
    public static void Revoke(TrackingSession session, long user, ObjectKind kind, long key)
    {
        var delete = session.Kept("DELETE FROM user_roles WHERE user_id = ?1 AND kind = ?2 AND object = ?3");
        Bind(delete, user, kind, key);
        delete.Run();
    }

    /// <summary>Makes somebody the admin of what was just made; nobody else has a role of their own for it.</summary>
    /// <remarks>The key may have been another's that is gone; whoever had a role for that one has none for this.</remarks>
    public static void Own(TrackingSession session, ObjectKind kind, long key, Identity? owner)
    {
        var delete = session.Kept("DELETE FROM user_roles WHERE kind = ?1 AND object = ?2");
        delete.Bind(1, (long)kind);
        delete.Bind(2, key);
        delete.Run();
        if (owner is not null)
        {
            Grant(session, owner.Key, kind, key, Role.Admin);
        }
    }

    /// <summary>The roles of a user for single things.</summary>
    public static List<(ObjectKind Kind, long Key, Role Role)> Roles(TrackingSession session, long user)
    {
        var rows = session.Kept("SELECT kind, object, role FROM user_roles WHERE user_id = ?1 ORDER BY kind, object");
        rows.Bind(1, user);
        var roles = new List<(ObjectKind, long, Role)>();
        while (rows.Step())
        {
            roles.Add(((ObjectKind)rows.Int64(0), rows.Int64(1), (Role)rows.Int64(2)));
        }

        return roles;
    }

    private static void Bind(Statement statement, long user, ObjectKind kind, long key)
    {
        statement.Bind(1, user);
        statement.Bind(2, (long)kind);
        statement.Bind(3, key);
    }

    private static void Run(TrackingSession session, string sql, long user)
    {
        var statement = session.Kept(sql);
        statement.Bind(1, user);
        statement.Run();
    }

    private static UserRow? Single(TrackingSession session, string sql, string value)
    {
        var row = session.Kept(sql);
        row.Bind(1, value);
        var user = row.Step() ? Current(row) : null;
        row.Reset();
        return user;
    }

    private static UserRow Current(Statement row) =>
        new(row.Int64(0), row.Text(1)!, (Role)row.Int64(2), row.Text(3)!, row.Text(4), row.Text(5), row.Int64(6));
}
