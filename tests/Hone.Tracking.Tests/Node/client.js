// What a program in Node does with MLflow's client: prints what it read back as one line of JSON.
const MLflow = require("mlflow");

console.log = () => {}; // The client tells every body it sends.

async function main() {
  const client = new MLflow({ endpoint: process.argv[2] });
  const { experiment_id } = await client.Experiments.create({ name: "from node" });
  const { run } = await client.Runs.create({ experiment_id, start_time: 1700000000000, tags: [{ key: "mlflow.user", value: "me" }] });
  const run_id = run.info.run_id;
  await client.Runs.logParameter({ run_id, key: "rate", value: "0.1" });
  for (let step = 0; step < 3; step++) {
    await client.Runs.logMetric({ run_id, key: "loss", value: 1 / (step + 1), timestamp: 1700000000000 + step, step });
  }
  await client.Runs.logBatch({
    run_id,
    metrics: [{ key: "accuracy", value: 0.5, timestamp: 1700000000000, step: 0 }],
    params: [{ key: "model", value: "linear" }],
    tags: [{ key: "team", value: "☃" }],
  });
  await client.Runs.setTag({ run_id, key: "gone", value: "1" });
  await client.Runs.deleteTag({ run_id, key: "gone" });
  await client.Runs.update({ run_id, status: "FINISHED", end_time: 1700000001000 });
  const found = await client.Runs.search({ experiment_ids: [experiment_id], filter: "metrics.loss < 0.5", order_by: ["metrics.loss DESC"] });
  const history = await client.Metrics.getHistory({ run_id, metric_key: "loss" });
  const missing = await client.Runs.get({ run_id: "0".repeat(32) }).catch((error) => error.message);
  await client.Runs.delete({ run_id });
  await client.Runs.restore({ run_id });
  await client.Experiments.delete({ experiment_id });
  await client.Experiments.restore({ experiment_id });
  const { experiment } = await client.Experiments.get({ experiment_id });
  process.stdout.write(JSON.stringify({ run: found.runs[0], steps: history.metrics.map((point) => point.step), missing, stage: experiment.lifecycle_stage }));
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
