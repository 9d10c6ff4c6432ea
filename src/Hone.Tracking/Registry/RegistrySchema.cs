namespace Hone.Tracking.Registry;

/// <summary>The tables of models, registered and logged, and of what is known of files.</summary>
internal static class RegistrySchema
{
    /// <summary>Takes a store from version 2 to version 3.</summary>
    public const string Script =
        """
        -- last_version: the highest number that was given, so that none is given twice.
        CREATE TABLE registered_models (
          model INTEGER PRIMARY KEY,
          name TEXT NOT NULL UNIQUE,
          description TEXT,
          last_version INTEGER NOT NULL DEFAULT 0,
          creation_time INTEGER NOT NULL,
          last_update_time INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE registered_model_tags (
          model INTEGER NOT NULL REFERENCES registered_models,
          key TEXT NOT NULL,
          value TEXT NOT NULL,
          PRIMARY KEY (model, key)
        ) STRICT, WITHOUT ROWID;

        -- source: as the client named it; location: where the files are. run_id and model_id: what the version was made from, as clients call
        -- it; either may be of another server.
        CREATE TABLE model_versions (
          model INTEGER NOT NULL REFERENCES registered_models,
          version INTEGER NOT NULL,
          stage TEXT NOT NULL DEFAULT 'None' CHECK (stage IN ('None', 'Staging', 'Production', 'Archived')),
          description TEXT,
          source TEXT NOT NULL,
          location TEXT NOT NULL,
          run_id TEXT,
          run_link TEXT,
          model_id TEXT,
          creation_time INTEGER NOT NULL,
          last_update_time INTEGER NOT NULL,
          PRIMARY KEY (model, version)
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX model_versions_by_run ON model_versions (run_id) WHERE run_id IS NOT NULL;
        CREATE INDEX model_versions_by_logged_model ON model_versions (model_id) WHERE model_id IS NOT NULL;

        CREATE TABLE model_version_tags (
          model INTEGER NOT NULL,
          version INTEGER NOT NULL,
          key TEXT NOT NULL,
          value TEXT NOT NULL,
          PRIMARY KEY (model, version, key),
          FOREIGN KEY (model, version) REFERENCES model_versions
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE model_aliases (
          model INTEGER NOT NULL REFERENCES registered_models,
          alias TEXT NOT NULL,
          version INTEGER NOT NULL,
          PRIMARY KEY (model, alias)
        ) STRICT, WITHOUT ROWID;

        -- A logged model's id is m-, then the store's prefix, then its key, as that of a run.
        CREATE TABLE logged_models (
          logged_model INTEGER PRIMARY KEY,
          experiment INTEGER NOT NULL REFERENCES experiments,
          name TEXT NOT NULL,
          model_type TEXT,
          source_run_id TEXT,
          status TEXT NOT NULL CHECK (status IN ('LOGGED_MODEL_PENDING', 'LOGGED_MODEL_READY', 'LOGGED_MODEL_UPLOAD_FAILED')),
          lifecycle_stage TEXT NOT NULL DEFAULT 'active' CHECK (lifecycle_stage IN ('active', 'deleted')),
          creation_time INTEGER NOT NULL,
          last_update_time INTEGER NOT NULL
        ) STRICT;

        CREATE INDEX logged_models_by_experiment ON logged_models (experiment, creation_time);
        CREATE INDEX logged_models_by_run ON logged_models (source_run_id) WHERE source_run_id IS NOT NULL;

        CREATE TABLE logged_model_tags (
          logged_model INTEGER NOT NULL REFERENCES logged_models,
          key TEXT NOT NULL,
          value TEXT NOT NULL,
          PRIMARY KEY (logged_model, key)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE logged_model_params (
          logged_model INTEGER NOT NULL REFERENCES logged_models,
          key TEXT NOT NULL,
          value TEXT NOT NULL,
          PRIMARY KEY (logged_model, key)
        ) STRICT, WITHOUT ROWID;

        -- What runs measured of a model: of each metric, run and data set the last value. value: NULL is NaN. dataset_name and
        -- dataset_digest: empty if none is named.
        CREATE TABLE logged_model_metrics (
          logged_model INTEGER NOT NULL REFERENCES logged_models,
          metric INTEGER NOT NULL REFERENCES metric_names,
          run INTEGER NOT NULL REFERENCES runs,
          dataset_name TEXT NOT NULL,
          dataset_digest TEXT NOT NULL,
          value REAL,
          step INTEGER NOT NULL,
          at INTEGER NOT NULL,
          PRIMARY KEY (logged_model, metric, run, dataset_name, dataset_digest)
        ) STRICT, WITHOUT ROWID;

        -- What was uploaded. size in bytes and written, the file's own time of change, tell whether it still is that file.
        CREATE TABLE artifacts (
          path TEXT PRIMARY KEY,
          size INTEGER NOT NULL,
          written INTEGER NOT NULL,
          sha256 BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;
        """;
}
