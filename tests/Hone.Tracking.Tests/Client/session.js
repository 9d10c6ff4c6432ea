// What a program does with the client of Node.js from npm, against the server whose address it is given. The last line is what it was answered.
const MLflow = require('mlflow')

const main = async (endpoint) => {
  const { Experiments, Runs, Metrics, Artifacts } = new MLflow({ endpoint })
  const { experiment_id } = await Experiments.create({ name: 'from node ☃' })
  await Experiments.update({ experiment_id, new_name: 'renamed' })
  await Experiments.delete({ experiment_id })
  await Experiments.restore({ experiment_id })
  const { experiment } = await Experiments.get({ experiment_id })

  const tags = [{ key: 'mlflow.source.name', value: 'session.js' }]
  const { run } = await Runs.create({ experiment_id, user_id: 'node', start_time: 1700000000000, tags })
  const run_id = run.info.run_id
  await Runs.logMetric({ run_id, key: 'loss', value: 0.5, timestamp: 1700000000001, step: 1 })
  await Runs.logBatch({
    run_id,
    metrics: [{ key: 'loss', value: 0.25, timestamp: 1700000000002, step: 2 }],
    params: [{ key: 'rate', value: '0.1' }],
    tags: [{ key: 'kept', value: 'yes' }],
  })
  await Runs.logParameter({ run_id, key: 'depth', value: '3' })
  await Runs.setTag({ run_id, key: 'gone', value: 'soon' })
  await Runs.deleteTag({ run_id, key: 'gone' })
  await Runs.update({ run_id, status: 'FINISHED', end_time: 1700000000003 })
  await Runs.delete({ run_id })
  const { runs: deleted } = await Runs.search({ experiment_ids: [experiment_id], run_view_type: 'DELETED_ONLY' })
  await Runs.restore({ run_id })
  const { runs } = await Runs.search({
    experiment_ids: [experiment_id], filter: "metrics.loss < 0.3 AND params.depth = '3'", run_view_type: 'ACTIVE_ONLY', order_by: ['metrics.loss ASC'],
  })
  const { metrics } = await Metrics.getHistory({ run_id, metric_key: 'loss' })

  await fetch(`${endpoint}/api/2.0/mlflow-artifacts/artifacts/${experiment_id}/${run_id}/artifacts/model/weights.bin`, { method: 'PUT', body: 'weights' })
  const { files } = await Artifacts.list({ run_id })
  const { files: below } = await Artifacts.list({ run_id, path: 'model' })
  const refusal = await Runs.get({ run_id: 'none' }).catch((error) => error.message)
  return { experiment, run: (await Runs.get({ run_id })).run, deleted: deleted.length, found: runs.length, history: metrics, files, below, refusal }
}

main(process.argv[2]).then((answers) => console.log(JSON.stringify(answers)), (error) => {
  console.error(error)
  process.exitCode = 1
})
