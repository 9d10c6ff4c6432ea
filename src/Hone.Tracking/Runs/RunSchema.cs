namespace Hone.Tracking.Runs;

/// <summary>The tables of runs that are no trials: what clients log over the network.</summary>
internal static class RunSchema
{
    /// <summary>Takes a store from version 2 to version 3.</summary>
    public const string Script =
        """
        -- History of the runs that are no trials; those have theirs in metrics, where it is the journal. The key is the order in which a
        -- history is read, and turns away what is logged twice. value: a number, or the text 'NaN', which sorts after all numbers.
        CREATE TABLE run_metrics (
          run INTEGER NOT NULL REFERENCES runs,
          metric INTEGER NOT NULL REFERENCES metric_names,
          at INTEGER NOT NULL,
          step INTEGER NOT NULL,
          value ANY NOT NULL,
          PRIMARY KEY (run, metric, at, step, value)
        ) STRICT, WITHOUT ROWID;

        -- Searches run along these. Trials are not in them: a tuner's commit stays as small as it was, and a study is searched by its key.
        CREATE INDEX runs_by_start ON runs (run >> 32, start_time DESC, run) WHERE trial IS NULL;
        CREATE INDEX latest_metrics_by_value ON latest_metrics (run >> 32, metric, value, run) WHERE run & 0x80000000;

        CREATE TABLE datasets (
          dataset INTEGER PRIMARY KEY,
          experiment INTEGER NOT NULL REFERENCES experiments,
          name TEXT NOT NULL,
          digest TEXT NOT NULL,
          source_type TEXT NOT NULL,
          source TEXT NOT NULL,
          schema TEXT,
          profile TEXT,
          UNIQUE (experiment, name, digest)
        ) STRICT;

        CREATE TABLE run_datasets (
          run INTEGER NOT NULL REFERENCES runs,
          dataset INTEGER NOT NULL REFERENCES datasets,
          position INTEGER NOT NULL,
          PRIMARY KEY (run, dataset)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE run_dataset_tags (
          run INTEGER NOT NULL,
          dataset INTEGER NOT NULL,
          key TEXT NOT NULL,
          value TEXT NOT NULL,
          PRIMARY KEY (run, dataset, key),
          FOREIGN KEY (run, dataset) REFERENCES run_datasets
        ) STRICT, WITHOUT ROWID;

        -- Models that a run read or wrote. step: of a model that was written; NULL of one that was read.
        CREATE TABLE run_models (
          run INTEGER NOT NULL REFERENCES runs,
          model_id TEXT NOT NULL,
          is_output INTEGER NOT NULL,
          step INTEGER,
          PRIMARY KEY (run, is_output, model_id)
        ) STRICT, WITHOUT ROWID;
        """;
}
