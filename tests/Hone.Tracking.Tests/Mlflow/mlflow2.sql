CREATE TABLE experiments (experiment_id INTEGER NOT NULL, name VARCHAR(256) NOT NULL, artifact_location VARCHAR(256), lifecycle_stage VARCHAR(32), creation_time BIGINT, last_update_time BIGINT, CONSTRAINT experiment_pk PRIMARY KEY (experiment_id), UNIQUE (name));
CREATE TABLE experiment_tags ("key" VARCHAR(250) NOT NULL, value VARCHAR(5000), experiment_id INTEGER NOT NULL, CONSTRAINT experiment_tag_pk PRIMARY KEY ("key", experiment_id));
CREATE TABLE runs (run_uuid VARCHAR(32) NOT NULL, name VARCHAR(250), source_type VARCHAR(20), source_name VARCHAR(500), entry_point_name VARCHAR(50), user_id VARCHAR(256), status VARCHAR(9), start_time BIGINT, end_time BIGINT, source_version VARCHAR(50), lifecycle_stage VARCHAR(20), artifact_uri VARCHAR(200), experiment_id INTEGER, deleted_time BIGINT, CONSTRAINT run_pk PRIMARY KEY (run_uuid));
CREATE TABLE metrics ("key" VARCHAR(250) NOT NULL, value FLOAT NOT NULL, timestamp BIGINT NOT NULL, run_uuid VARCHAR(32) NOT NULL, step BIGINT DEFAULT '0' NOT NULL, is_nan BOOLEAN DEFAULT '0' NOT NULL, CONSTRAINT metric_pk PRIMARY KEY ("key", timestamp, step, run_uuid, value, is_nan));
CREATE TABLE latest_metrics ("key" VARCHAR(250) NOT NULL, value FLOAT NOT NULL, timestamp BIGINT, step BIGINT NOT NULL, is_nan BOOLEAN NOT NULL, run_uuid VARCHAR(32) NOT NULL, CONSTRAINT latest_metric_pk PRIMARY KEY ("key", run_uuid));
CREATE TABLE params ("key" VARCHAR(250) NOT NULL, value VARCHAR(8000) NOT NULL, run_uuid VARCHAR(32) NOT NULL, CONSTRAINT param_pk PRIMARY KEY ("key", run_uuid));
CREATE TABLE tags ("key" VARCHAR(250) NOT NULL, value VARCHAR(8000), run_uuid VARCHAR(32) NOT NULL, CONSTRAINT tag_pk PRIMARY KEY ("key", run_uuid));
CREATE TABLE datasets (dataset_uuid VARCHAR(36) NOT NULL, experiment_id INTEGER NOT NULL, name VARCHAR(500) NOT NULL, digest VARCHAR(36) NOT NULL, dataset_source_type VARCHAR(36) NOT NULL, dataset_source TEXT NOT NULL, dataset_schema TEXT, dataset_profile TEXT, CONSTRAINT dataset_pk PRIMARY KEY (experiment_id, name, digest));
CREATE TABLE inputs (input_uuid VARCHAR(36) NOT NULL, source_type VARCHAR(36) NOT NULL, source_id VARCHAR(36) NOT NULL, destination_type VARCHAR(36) NOT NULL, destination_id VARCHAR(36) NOT NULL, CONSTRAINT inputs_pk PRIMARY KEY (source_type, source_id, destination_type, destination_id));
CREATE TABLE input_tags (input_uuid VARCHAR(36) NOT NULL, name VARCHAR(255) NOT NULL, value VARCHAR(500) NOT NULL, CONSTRAINT input_tags_pk PRIMARY KEY (input_uuid, name));
CREATE TABLE registered_models (name VARCHAR(256) NOT NULL, creation_time BIGINT, last_updated_time BIGINT, description VARCHAR(5000), CONSTRAINT registered_model_pk PRIMARY KEY (name));
CREATE TABLE registered_model_tags ("key" VARCHAR(250) NOT NULL, value VARCHAR(5000), name VARCHAR(256) NOT NULL, CONSTRAINT registered_model_tag_pk PRIMARY KEY ("key", name));
CREATE TABLE registered_model_aliases (alias VARCHAR(256) NOT NULL, version INTEGER NOT NULL, name VARCHAR(256) NOT NULL, CONSTRAINT registered_model_alias_pk PRIMARY KEY (name, alias));
CREATE TABLE model_versions (name VARCHAR(256) NOT NULL, version INTEGER NOT NULL, creation_time BIGINT, last_updated_time BIGINT, description VARCHAR(5000), user_id VARCHAR(256), current_stage VARCHAR(20), source VARCHAR(500), run_id VARCHAR(32), status VARCHAR(20), status_message VARCHAR(500), run_link VARCHAR(500), storage_location VARCHAR(500), CONSTRAINT model_version_pk PRIMARY KEY (name, version));
CREATE TABLE model_version_tags ("key" VARCHAR(250) NOT NULL, value VARCHAR(5000), name VARCHAR(256) NOT NULL, version INTEGER NOT NULL, CONSTRAINT model_version_tag_pk PRIMARY KEY ("key", name, version));
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));

INSERT INTO alembic_version VALUES ('4465047574b1');
INSERT INTO experiments VALUES (0, 'Default', 'mlflow-artifacts:/0', 'active', 1700000000000, 1700000000000), (3, 'churn', 's3://bucket/3', 'active', 1700000000001, 1700000000002), (4, 'old', 's3://bucket/4', 'deleted', 1, 2);
INSERT INTO experiment_tags VALUES ('team', 'red', 3);
INSERT INTO runs VALUES
  ('0a1b2c3d4e5f60718293a4b5c6d7e8f9', 'quick-lathe', 'LOCAL', 'train.py', '', 'ann', 'FINISHED', 1700000000500, 1700000009000, '', 'active', 's3://bucket/3/0a1b/artifacts', 3, NULL),
  ('ffffffffffffffffffffffffffffffff', NULL, 'LOCAL', '', '', NULL, 'KILLED', 1700000000500, NULL, '', 'deleted', 's3://bucket/3/ffff/artifacts', 3, 1700000010000);
INSERT INTO metrics VALUES
  ('loss', 0.5, 1700000001000, '0a1b2c3d4e5f60718293a4b5c6d7e8f9', 1, 0), ('loss', 0, 1700000002000, '0a1b2c3d4e5f60718293a4b5c6d7e8f9', 2, 1),
  ('loss', 1.7976931348623157e308, 1700000003000, '0a1b2c3d4e5f60718293a4b5c6d7e8f9', 3, 0), ('loss', -1.7976931348623157e308, 1700000004000, '0a1b2c3d4e5f60718293a4b5c6d7e8f9', 4, 0);
INSERT INTO params VALUES ('depth', '3', '0a1b2c3d4e5f60718293a4b5c6d7e8f9');
INSERT INTO tags VALUES ('mlflow.user', 'ann', '0a1b2c3d4e5f60718293a4b5c6d7e8f9'), ('mlflow.runName', 'named', 'ffffffffffffffffffffffffffffffff');
INSERT INTO datasets VALUES ('d1', 3, 'customers', '12ab', 's3', '{}', NULL, '{"num_rows": 10}');
INSERT INTO inputs VALUES ('i1', 'DATASET', 'd1', 'RUN', '0a1b2c3d4e5f60718293a4b5c6d7e8f9'), ('i2', 'DATASET', 'gone', 'RUN', '0a1b2c3d4e5f60718293a4b5c6d7e8f9');
INSERT INTO input_tags VALUES ('i1', 'mlflow.data.context', 'training');
INSERT INTO registered_models VALUES ('churn-net', 1700000006000, 1700000007000, 'who leaves');
INSERT INTO registered_model_tags VALUES ('owner', 'ann', 'churn-net');
INSERT INTO registered_model_aliases VALUES ('champion', 2, 'churn-net');
INSERT INTO model_versions VALUES
  ('churn-net', 1, 1, 1, NULL, NULL, 'Deleted_Internal', 'REDACTED-SOURCE-PATH', 'REDACTED-RUN-ID', 'READY', NULL, NULL, NULL),
  ('churn-net', 2, 1700000006500, 1700000006600, 'better', NULL, 'Production', 's3://bucket/3/0a1b/artifacts/model', '0a1b2c3d4e5f60718293a4b5c6d7e8f9', 'READY', NULL, '', 's3://bucket/3/0a1b/artifacts/model');
INSERT INTO model_version_tags VALUES ('checked', 'yes', 'churn-net', 2);
