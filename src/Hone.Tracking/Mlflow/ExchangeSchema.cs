namespace Hone.Tracking.Mlflow;

/// <summary>The tables of what came from other stores, and of when runs were deleted.</summary>
internal static class ExchangeSchema
{
    /// <summary>Takes a store from version 4 to version 5.</summary>
    public const string Script =
        """
        -- What another server called an experiment, a run or a logged model, so that clients find it by its old id. key: its key here.
        -- artifact_uri: of a logged model, where its files lie if not in the usual place.
        CREATE TABLE imported (
          kind TEXT NOT NULL CHECK (kind IN ('experiment', 'run', 'model')),
          id TEXT NOT NULL,
          key INTEGER NOT NULL,
          artifact_uri TEXT,
          PRIMARY KEY (kind, id)
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX imported_by_key ON imported (kind, key);

        -- When a run was deleted by itself. One that was deleted with its experiment has the experiment's time.
        CREATE TABLE deleted_runs (
          run INTEGER PRIMARY KEY,
          at INTEGER NOT NULL
        ) STRICT;
        """;
}
