namespace Hone.Tracking.Access;

/// <summary>The tables of users and of what they may do.</summary>
internal static class AccessSchema
{
    /// <summary>Takes a store from version 4 to version 5.</summary>
    public const string Script =
        """
        -- role: a number of Role, for everything that user_roles has no other of. stamp: another one with each new token
        -- or password. password: how, salt and hash. token: SHA-256 of it in hexadecimal.
        CREATE TABLE users (
          user_id INTEGER PRIMARY KEY,
          name TEXT NOT NULL UNIQUE,
          role INTEGER NOT NULL,
          stamp TEXT NOT NULL,
          password TEXT,
          token TEXT UNIQUE,
          creation_time INTEGER NOT NULL
        ) STRICT;

        -- kind: 0 an experiment, 1 a registered model; object: its key.
        CREATE TABLE user_roles (
          user_id INTEGER NOT NULL REFERENCES users,
          kind INTEGER NOT NULL,
          object INTEGER NOT NULL,
          role INTEGER NOT NULL,
          PRIMARY KEY (user_id, kind, object)
        ) STRICT;
        """;
}
