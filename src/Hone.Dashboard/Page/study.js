// The study as the page holds it: raw columns as written by the report, and what every chart asks of them.
export const study = JSON.parse(document.getElementById('study').textContent);
export const states = ['Waiting', 'Running', 'Complete', 'Stopped', 'Failed', 'Vetoed'];
export const trials = study.trials;
export const count = trials.number.length;
export const rows = Array.from({ length: count }, (_, row) => row);
export const best = study.best.length ? study.best[0] : -1;

// A number, or null for what is missing or not finite: the charts draw only numbers.
export const finite = value => (typeof value === 'number' ? value : null);
export const state = row => states[trials.state[row]];
export const reason = row => study.reasons[trials.reason[row]];

const withUnit = (label, unit) => (unit ? `${label} (${unit})` : label);

const objectives = study.objectives.map((objective, k) => ({
  key: `objective:${k}`, kind: 'objective', label: objective.label, unit: study.metrics[objective.metric].unit,
  title: withUnit(study.metrics[objective.metric].system && objective.label === study.metrics[objective.metric].name
    ? study.metrics[objective.metric].label : objective.label, study.metrics[objective.metric].unit),
  minimize: objective.minimize, data: trials.values[k],
}));

const parameters = study.parameters.map((parameter, i) => ({
  key: `parameter:${i}`, kind: 'parameter', label: parameter.name, title: parameter.name, unit: '', log: parameter.log,
  low: parameter.low, high: parameter.high, categories: parameter.categories, data: trials.parameters[i],
}));

const metrics = study.metrics.map((metric, i) => ({
  key: `metric:${i}`, index: i, kind: 'metric', system: metric.system, label: metric.label, title: withUnit(metric.label, metric.unit),
  unit: metric.unit, data: trials.metrics[i],
}));

export const columns = { objectives, parameters, metrics };

// Curves are kept as step distances; a step is their sum so far.
export function curvesOf(metric) {
  return study.curves[metric].map(flat => {
    const points = [];
    let step = 0;
    for (let i = 1; i < flat.length; i += 2) {
      step += flat[i];
      points.push([step, flat[i + 1]]);
    }

    return { row: flat[0], points };
  });
}

export function quantile(sorted, share) {
  const at = (sorted.length - 1) * share;
  const low = Math.floor(at);
  return sorted[low] + (sorted[Math.min(low + 1, sorted.length - 1)] - sorted[low]) * (at - low);
}

// The range of an axis that far values do not flatten: the quartiles and three of their distances to either side.
export function calmRange(values) {
  const sorted = values.filter(v => v !== null).sort((a, b) => a - b);
  if (!sorted.length) {
    return null;
  }

  const [low, high] = [sorted[0], sorted[sorted.length - 1]];
  const [q1, q3] = [quantile(sorted, 0.25), quantile(sorted, 0.75)];
  const reach = 3 * (q3 - q1);
  const calm = [Math.max(low, q1 - reach), Math.min(high, q3 + reach)];
  const outside = sorted.filter(v => v < calm[0] || v > calm[1]).length;
  const flattened = reach > 0 && high - low > 2.5 * (calm[1] - calm[0]) && outside <= 0.05 * sorted.length;
  return { low, high, calmLow: calm[0], calmHigh: calm[1], flattened, positive: low > 0 };
}
