using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Hone.Tracking.Tests.Postgres;

/// <summary>A PostgreSQL server of the tests' own, on a free port of this machine, with its files in a temporary folder and every commit on the disk.</summary>
internal sealed class PostgresCluster : IAsyncDisposable
{
    private static readonly Lazy<Task<PostgresCluster>> OfRun = new(StartOfRunAsync);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private const string Empty =
        """
        DO $$
        DECLARE name text;
        BEGIN
          FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'hone' AND tablename NOT IN ('store', 'version') LOOP
            EXECUTE 'DELETE FROM hone.' || name;
          END LOOP;
          FOR name IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'hone' LOOP
            EXECUTE 'ALTER SEQUENCE hone.' || name || ' RESTART';
          END LOOP;
        END $$
        """;

    private readonly ConcurrentBag<string> _idle = [];
    private readonly string _folder;
    private readonly int _port;
    private int _databases;
    private Process? _server;

    private PostgresCluster(string folder, int port)
    {
        _folder = folder;
        _port = port;
    }

    /// <summary>The one that all tests of a run share; it ends with the run.</summary>
    public static Task<PostgresCluster> SharedAsync() => OfRun.Value;

    /// <summary>Starts one that a test may kill.</summary>
    public static async Task<PostgresCluster> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("hone-postgres-").FullName;
        var cluster = new PostgresCluster(folder, FreePort());
        try
        {
            if (AsServer.Length > 0)
            {
                await RunAsync("chown", "postgres", folder);
            }

            await RunAsync([.. AsServer, Binary("initdb"), "-D", Path.Combine(folder, "data"), "-U", "hone", "-A", "trust", "-E", "UTF8", "--locale", "C.UTF-8", "-N"]);
            await cluster.StartServerAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The address of an empty database, as <c>--store</c> takes it.</summary>
    public async Task<string> TakeAsync()
    {
        if (!_idle.TryTake(out var store))
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"store{Interlocked.Increment(ref _databases)}");
            await SqlAsync(AddressOf("postgres"), $"CREATE DATABASE {name} TEMPLATE template0");
            store = AddressOf(name);
        }

        return store;
    }

    /// <summary>Gives a database back. Its tables are kept, since making them takes longer than most tests, and emptied.</summary>
    public async Task ReturnAsync(string store)
    {
        await SqlAsync(store, Empty);
        _idle.Add(store);
    }

    /// <summary>Runs SQL in a database of this cluster; the first column of each row.</summary>
    public async Task<List<string>> SqlAsync(string store, string sql)
    {
        await using var connection = new NpgsqlConnection(
            string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Username=hone;Database={new Uri(store).AbsolutePath[1..]};Pooling=false"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(Convert.ToString(reader.GetValue(0), CultureInfo.InvariantCulture)!);
        }

        return rows;
    }

    /// <summary>Kills the server as it is.</summary>
    public async Task KillAsync()
    {
        _server!.Kill();
        await _server.WaitForExitAsync();
        _server.Dispose();
        _server = null;
    }

    /// <summary>Starts the server again after it was killed.</summary>
    public async Task StartServerAsync()
    {
        // The processes that served the connections of a killed server end a moment later, and until then keep the next one from starting.
        while (!await TryStartAsync())
        {
            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await KillAsync();
        }

        await DeleteAsync();
    }

    // The server refuses to run as root.
    private static string[] AsServer => Environment.UserName == "root" ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"] : [];

    private string AddressOf(string database) => string.Create(CultureInfo.InvariantCulture, $"postgres://hone@127.0.0.1:{_port}/{database}");

    private static async Task<PostgresCluster> StartOfRunAsync()
    {
        var cluster = await StartAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => cluster.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return cluster;
    }

    private async Task<bool> TryStartAsync()
    {
        string[] words =
        [
            .. AsServer, Binary("postgres"), "-D", Path.Combine(_folder, "data"), "-k", _folder, "-c", string.Create(CultureInfo.InvariantCulture, $"port={_port}"),
            "-c", "listen_addresses=127.0.0.1", "-c", "fsync=on", "-c", "synchronous_commit=on", "-c", "max_connections=200", "-c", "shared_buffers=32MB",
        ];
        var start = new ProcessStartInfo(words[0], words[1..]) { RedirectStandardError = true, WorkingDirectory = "/" };
        var server = Process.Start(start)!;
        var said = new List<string>();
        while (await server.StandardError.ReadLineAsync() is { } line)
        {
            said.Add(line);
            if (line.Contains("ready to accept connections", StringComparison.Ordinal))
            {
                _ = server.StandardError.ReadToEndAsync();
                _server = server;
                return true;
            }
        }

        server.Dispose();
        return said.Exists(line => line.Contains("still in use", StringComparison.Ordinal) || line.Contains("postmaster.pid", StringComparison.Ordinal))
            ? false
            : throw new InvalidOperationException(string.Join('\n', said));
    }

    // Processes that outlive the server by a moment still write into the folder.
    private async Task DeleteAsync()
    {
        for (var attempt = 1; Directory.Exists(_folder); attempt++)
        {
            try
            {
                Directory.Delete(_folder, recursive: true);
            }
            catch (IOException) when (attempt < 100)
            {
                await Task.Delay(Pause, TimeProvider.System);
            }
        }
    }

    private static string Binary(string name) =>
        (Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [])
            .Order(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin", name)).LastOrDefault(File.Exists)
        ?? throw new InvalidOperationException("PostgreSQL is not installed: apt-get install postgresql");

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static async Task RunAsync(params string[] words)
    {
        var start = new ProcessStartInfo(words[0], words[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await output;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', words)}: {errors}");
        }
    }
}
