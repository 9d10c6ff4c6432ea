// Trains a logistic regression on made-up points and logs it to MLflow: parameters, losses after each pass over the data, and the model, which
// it registers. MLFLOW_TRACKING_URI says where the server is. Run it by itself with:
//
//     npm install && node train.mjs --learning-rate 0.1
import { parseArgs } from 'node:util'
import MLflow from 'mlflow'

const { values: options } = parseArgs({
  options: {
    'learning-rate': { type: 'string', default: '0.1' },
    l2: { type: 'string', default: '0.001' },
    epochs: { type: 'string', default: '10' },
  },
})
const learningRate = Number(options['learning-rate'])
const l2 = Number(options.l2)
const epochs = Number(options.epochs)

const endpoint = process.env.MLFLOW_TRACKING_URI ?? 'http://127.0.0.1:5000'
const { Runs } = new MLflow({ endpoint })

// Two clouds of points in five dimensions, the same at every start.
const points = (count, seed) => {
  let state = seed
  const uniform = () => (state = (state * 48271) % 2147483647) / 2147483647
  return Array.from({ length: count }, () => {
    const label = uniform() < 0.5 ? 0 : 1
    return { label, x: Array.from({ length: 5 }, (_, i) => uniform() + uniform() - 1 + (label ? 0.4 : -0.4) / (i + 1)) }
  })
}

const predict = (weights, x) => 1 / (1 + Math.exp(-x.reduce((sum, value, i) => sum + value * weights[i], weights[5])))
const loss = (weights, data) =>
  data.reduce((sum, { x, label }) => sum - Math.log(Math.max(1e-12, label ? predict(weights, x) : 1 - predict(weights, x))), 0) / data.length

// What the client from npm has no method for.
const post = async (path, body) => {
  const response = await fetch(`${endpoint}/api/2.0/mlflow/${path}`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
  })
  const answer = await response.json()
  if (!response.ok && answer.error_code !== 'RESOURCE_ALREADY_EXISTS') {
    throw new Error(`${path}: ${answer.message}`)
  }
  return answer
}

const upload = async (artifactUri, path, text) => {
  const folder = artifactUri.replace(/^mlflow-artifacts:\/*/, '')
  const response = await fetch(`${endpoint}/api/2.0/mlflow-artifacts/artifacts/${folder}/${path}`, { method: 'PUT', body: text })
  if (!response.ok) {
    throw new Error(`${path}: ${await response.text()}`)
  }
}

const { run: { info } } = await Runs.create({
  experiment_id: process.env.MLFLOW_EXPERIMENT_ID ?? '0',
  user_id: process.env.USER ?? '',
  start_time: Date.now(),
  tags: [{ key: 'mlflow.source.name', value: 'train.mjs' }],
})
const run_id = info.run_id
await Runs.logBatch({
  run_id,
  params: [
    { key: 'learning_rate', value: String(learningRate) },
    { key: 'l2', value: String(l2) },
    { key: 'epochs', value: String(epochs) },
  ],
})

const training = points(400, 1)
const validation = points(200, 2)
const weights = [0, 0, 0, 0, 0, 0]
for (let epoch = 1; epoch <= epochs; epoch++) {
  for (const { x, label } of training) {
    const error = predict(weights, x) - label
    x.forEach((value, i) => { weights[i] -= learningRate * (error * value + l2 * weights[i]) })
    weights[5] -= learningRate * error
  }
  const timestamp = Date.now()
  await Runs.logBatch({ run_id, metrics: [{ key: 'training_loss', value: loss(weights, training), timestamp, step: epoch }] })
  await Runs.logBatch({ run_id, metrics: [{ key: 'validation_loss', value: loss(weights, validation), timestamp, step: epoch }] })
}

await upload(info.artifact_uri, 'model/weights.json', JSON.stringify({ weights }))
await post('registered-models/create', { name: 'points' })
await post('model-versions/create', { name: 'points', source: `${info.artifact_uri}/model`, run_id })
await Runs.update({ run_id, status: 'FINISHED', end_time: Date.now() })
