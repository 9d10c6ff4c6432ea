using Hone.Tracking.Artifacts;

namespace Hone.Tracking.Store;

/// <summary>What was copied.</summary>
/// <param name="StoreBytes">Size of the store's copy.</param>
/// <param name="Files">How many files of runs were copied anew.</param>
/// <param name="FileBytes">Their size.</param>
public readonly record struct BackupSize(long StoreBytes, int Files, long FileBytes);

/// <summary>Copies a store while others write to it, and puts a copy back.</summary>
/// <remarks>
/// The copy is of one moment: what was acknowledged before is in it, and nothing of what came after. Nobody waits for it. It holds the
/// hashes of tokens and passwords, so that nobody but its owner may read it.
/// </remarks>
public static class StoreBackup
{
    private const string Unfinished = ".unfinished";

    /// <summary>Copies a store to a file that is not there yet.</summary>
    /// <param name="store">The store.</param>
    /// <param name="file">The copy; it is there when it is whole and was read through.</param>
    /// <param name="cancellationToken">Gives up between the steps.</param>
    /// <exception cref="StudyStoreException">There is no such store, the file is there already, or one of them failed.</exception>
    public static BackupSize Save(string store, string file, CancellationToken cancellationToken = default)
    {
        CheckIsFile(store);
        if (!File.Exists(store))
        {
            throw new StudyStoreException($"There is no store '{store}'. Name one with --store.");
        }

        Copy(store, file, cancellationToken);
        return new BackupSize(new FileInfo(file).Length, 0, 0);
    }

    /// <summary>Makes a store of a copy. The store must not be there yet, so that none is ever lost to an older one.</summary>
    /// <param name="file">The copy.</param>
    /// <param name="store">The store.</param>
    /// <param name="cancellationToken">Gives up between the steps.</param>
    /// <exception cref="StudyStoreException">There is no such copy, it is damaged or of another program, or the store is there already.</exception>
    public static BackupSize Restore(string file, string store, CancellationToken cancellationToken = default)
    {
        CheckIsFile(store);
        if (!File.Exists(file))
        {
            throw new StudyStoreException($"There is no backup '{file}'.");
        }

        foreach (var rest in new[] { store, store + "-wal", store + "-shm" })
        {
            if (File.Exists(rest))
            {
                throw new StudyStoreException($"'{rest}' is there already. End what works with it and move it away first, or name another store with --store.");
            }
        }

        Copy(file, store, cancellationToken);
        using var database = SqliteDatabase.Open(store, create: false);
        StoreSchema.Prepare(database, store);
        return new BackupSize(new FileInfo(store).Length, 0, 0);
    }

    /// <summary>Copies the files of runs to another folder; those that are there with the same size and time are not copied again.</summary>
    /// <param name="from">The folder that has them.</param>
    /// <param name="to">The other folder.</param>
    /// <param name="cancellationToken">Gives up between two files.</param>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static async Task<BackupSize> CopyFilesAsync(string from, string to, CancellationToken cancellationToken = default)
    {
        var (count, bytes) = (0, 0L);
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        foreach (var source in new DirectoryInfo(from).EnumerateFiles("*", options))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var relative = Path.GetRelativePath(from, source.FullName);
            if (relative.Split(Path.DirectorySeparatorChar)[0] == ArtifactPath.Reserved)
            {
                continue;
            }

            var copy = new FileInfo(Path.Combine(to, relative));
            if (copy.Exists && copy.Length == source.Length && copy.LastWriteTimeUtc == source.LastWriteTimeUtc)
            {
                continue;
            }

            try
            {
                await CopyFileAsync(source, copy, cancellationToken);
                (count, bytes) = (count + 1, bytes + source.Length);
            }
            catch (FileNotFoundException)
            {
                // Deleted by a client meanwhile.
            }
        }

        return new BackupSize(0, count, bytes);
    }

    private static void CheckIsFile(string store)
    {
        if (StudyStore.LocalPath(store) != store)
        {
            throw new StudyStoreException(
                $"The store {StudyStore.Shown(store)} is PostgreSQL's. Copy it while it is served with: pg_dump --format custom --file FILE --schema hone DATABASE; "
                + "and put it back with pg_restore.");
        }
    }

    // Files are never changed in place, so that a copy is of one of them; it gets its name when it is whole.
    private static async Task CopyFileAsync(FileInfo source, FileInfo copy, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(copy.DirectoryName!);
        var written = source.LastWriteTimeUtc;
        var unfinished = copy.FullName + Unfinished;
        await using (var input = new FileStream(source.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))
        await using (var output = new FileStream(unfinished, Private(FileMode.Create)))
        {
            await input.CopyToAsync(output, cancellationToken);
            output.Flush(flushToDisk: true);
        }

        File.SetLastWriteTimeUtc(unfinished, written);
        File.Move(unfinished, copy.FullName, overwrite: true);
    }

    private static void Copy(string from, string to, CancellationToken cancellationToken)
    {
        if (File.Exists(to) || Directory.Exists(to))
        {
            throw new StudyStoreException($"'{to}' is there already. Name another file, or move it away.");
        }

        var unfinished = Path.GetFullPath(to) + Unfinished;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(unfinished)!);

            // Made before, so that nobody else can ever read it; SQLite fills an empty file.
            File.Delete(unfinished);
            using (new FileStream(unfinished, Private(FileMode.CreateNew)))
            {
            }

            Fill(from, unfinished);
            cancellationToken.ThrowIfCancellationRequested();
            Check(unfinished);
            using (var written = new FileStream(unfinished, FileMode.Open, FileAccess.ReadWrite))
            {
                written.Flush(flushToDisk: true);
            }

            File.Move(unfinished, to);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StudyStoreException($"The copy '{to}' cannot be written: {failure.Message}", failure);
        }
        finally
        {
            File.Delete(unfinished);
            File.Delete(unfinished + "-journal");
        }
    }

    private static void Fill(string from, string to)
    {
        using var database = SqliteDatabase.Open(from, create: false);
        StoreSchema.CheckOwner(database, from);
        using var copy = database.Prepare("VACUUM INTO ?1");
        copy.Bind(1, to);
        copy.Run();
    }

    private static void Check(string path)
    {
        using var database = SqliteDatabase.Open(path, create: false);
        using var check = database.Prepare("PRAGMA integrity_check");
        if (!check.Step() || check.Text(0) != "ok")
        {
            throw new StudyStoreException($"The copy is damaged: {check.Text(0)}. The store may be: sqlite3 STORE 'PRAGMA integrity_check' tells.");
        }
    }

    private static FileStreamOptions Private(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}
