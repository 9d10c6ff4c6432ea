using System.Globalization;
using Hone.Tracking.Store;
using Npgsql;

namespace Hone.Tracking.Postgres;

/// <summary>A store in a PostgreSQL database: <c>postgres://USER@HOST:PORT/DATABASE</c>, also <c>postgresql://</c>.</summary>
/// <remarks>
/// A password may stand after the user's name; better it comes from <c>PGPASSWORD</c> or <c>~/.pgpass</c>. What follows a question mark are
/// settings by libpq's or Npgsql's names, e.g. <c>?sslmode=require</c>, or <c>?host=/run/postgresql</c> for a socket of this machine.
/// </remarks>
internal sealed class PostgresAddress : StoreAddress
{
    private static readonly string[] Schemes = ["postgres://", "postgresql://"];

    private readonly NpgsqlConnectionStringBuilder _settings;
    private readonly string _shown;

    private PostgresAddress(NpgsqlConnectionStringBuilder settings)
    {
        _settings = settings;
        _shown = string.Create(
            CultureInfo.InvariantCulture,
            $"postgres://{(settings.Username is { Length: > 0 } user ? $"{user}@" : "")}{settings.Host}:{settings.Port}/{settings.Database}");
    }

    /// <inheritdoc/>
    public override bool Exists
    {
        get
        {
            using var database = PostgresDatabase.Open(_settings.ConnectionString, _shown);
            return PostgresSchema.Version(database) is not null;
        }
    }

    /// <summary>Whether what <c>--store</c> names is an address of PostgreSQL.</summary>
    public static bool IsOne(string store) => Array.Exists(Schemes, scheme => store.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads an address.</summary>
    /// <exception cref="StudyStoreException">It cannot be read. The message has no password in it.</exception>
    public static new PostgresAddress Parse(string store)
    {
        if (!Uri.TryCreate(store, UriKind.Absolute, out var uri) || uri.AbsolutePath.Length < 2)
        {
            throw new StudyStoreException(
                "The store's address cannot be read; expected postgres://USER@HOST:PORT/DATABASE. Letters such as @, / and % in a part of it are "
                + "written as %40, %2F and %25.");
        }

        var user = uri.UserInfo.Split(':', 2);
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host.Length == 0 ? "localhost" : Uri.UnescapeDataString(uri.Host),
            Port = uri.Port < 0 ? 5432 : uri.Port,
            Database = Uri.UnescapeDataString(uri.AbsolutePath[1..]),
            Username = Uri.UnescapeDataString(user[0]) is { Length: > 0 } name ? name : null,
            Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
            ApplicationName = "hone",

            // A connection is kept by its owner; the statements of the program are prepared when they come for the second time.
            Pooling = false,
            MaxAutoPrepare = 200,
            AutoPrepareMinUsages = 2,
            Timeout = 15,
            CommandTimeout = 60,
            SearchPath = PostgresSchema.Name,
            KeepAlive = 0,
            TcpKeepAlive = true,
        };
        AddSettings(settings, uri.Query);
        return new PostgresAddress(settings);
    }

    /// <inheritdoc/>
    public override Database Make()
    {
        var database = PostgresDatabase.Open(_settings.ConnectionString, _shown);
        try
        {
            PostgresSchema.Prepare(database, _shown);
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override Database Connect() => PostgresDatabase.Open(_settings.ConnectionString, _shown);

    /// <inheritdoc/>
    public override string ToString() => _shown;

    private static void AddSettings(NpgsqlConnectionStringBuilder settings, string query)
    {
        foreach (var part in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = part.Split('=', 2);
            var name = Uri.UnescapeDataString(pair[0]);
            try
            {
                settings[NpgsqlName(name)] = Uri.UnescapeDataString(pair.Length > 1 ? pair[1] : "");
            }
            catch (Exception wrong) when (wrong is ArgumentException or KeyNotFoundException or FormatException or InvalidCastException)
            {
                throw new StudyStoreException($"The store's address has a setting '{name}' that is unknown or has a wrong value.", wrong);
            }
        }
    }

    private static string NpgsqlName(string name) => name switch
    {
        "user" => "Username",
        "dbname" => "Database",
        "sslmode" => "SSL Mode",
        "sslrootcert" => "Root Certificate",
        "sslcert" => "SSL Certificate",
        "sslkey" => "SSL Key",
        "passfile" => "Passfile",
        "application_name" => "Application Name",
        "connect_timeout" => "Timeout",
        _ => name,
    };
}
