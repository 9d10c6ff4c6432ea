// Which models are told apart: the critical difference diagram, and the scores of each.
import { tip } from '../dom.js';
import { axis, base } from '../theme.js';
import { number, shorten, tick } from '../words.js';
import { answers, ends } from './answers.js';

const models = answers.models ?? [];
const blocks = answers.blocks ?? [];
const runs = answers.runs ?? [];
const half = Math.ceil(models.length / 2);
const step = { level: 26, run: 13 };
const sides = width => Math.max(96, Math.min(240, width * 0.26));
// Names of variants often differ at their ends.
const squeeze = (text, most) => (text.length > most ? `${text.slice(0, Math.ceil((most - 1) / 2))}…${text.slice(-Math.floor((most - 1) / 2))}` : text);
const letters = pixels => Math.max(6, Math.floor(pixels / 7.4));

// Best ranks to the left, each with a line to its name: the left half's names at the left, so that no two lines cross.
function place(index) {
  return index < half ? { left: true, level: index } : { left: false, level: models.length - 1 - index };
}

// What stands at the pixels of the plot: an elbow with its name for a model, a bar for models that are not told apart.
const parts = colors => (params, api) => {
  const { x, y, width } = params.coordSys;
  const [kind, index] = [api.value(0), api.value(1)];
  const at = rank => api.coord([rank, 0])[0];
  const stroke = (color, lineWidth) => ({ stroke: color, lineWidth, fill: 'none' });
  const text = (words, more) => ({ type: 'text', style: { text: words, fill: colors.ink, font: '13px system-ui, sans-serif', verticalAlign: 'middle', ...more } });
  if (kind === 1) {
    const height = y + 12 + index * step.run;
    return {
      type: 'line', style: { ...stroke(colors.accent, 5), lineCap: 'round', opacity: 0.75 },
      shape: { x1: at(models[runs[index][0]].rank) - 3, x2: at(models[runs[index][1]].rank) + 3, y1: height, y2: height },
    };
  }

  if (kind === 2) {
    const [from, to, height] = [x, x + Math.min(width, at(1 + answers.critical) - at(1)), y - 44];
    return {
      type: 'group',
      children: [
        { type: 'line', style: stroke(colors.soft, 1.5), shape: { x1: from, x2: to, y1: height, y2: height } },
        ...[from, to].map(end => ({ type: 'line', style: stroke(colors.soft, 1.5), shape: { x1: end, x2: end, y1: height - 5, y2: height + 5 } })),
        text(`critical difference ${number(answers.critical)}${answers.critical > models.length - 1 ? ', wider than the axis' : ''}`, { x: from, y: height - 14, fill: colors.soft, align: 'left' }),
      ],
    };
  }

  const { left, level } = place(index);
  const model = models[index];
  const height = y + 20 + runs.length * step.run + level * step.level;
  const edge = left ? x - 8 : x + width + 8;
  const rank = at(model.rank);
  return {
    type: 'group',
    children: [
      { type: 'polyline', style: stroke(colors.faint, 1.2), shape: { points: [[rank, y], [rank, height], [edge, height]] } },
      { type: 'circle', style: { fill: colors.ink }, shape: { cx: rank, cy: y, r: 4 } },
      text(`${squeeze(model.name, letters(sides(params.coordSys.width + 2 * x) - 82))}  ${model.rank.toFixed(2)}`, { x: left ? edge - 5 : edge + 5, y: height, align: left ? 'right' : 'left' }),
    ],
  };
};

export const critical = {
  id: 'critical', title: 'Mean ranks and critical difference', wide: true, choices: [],
  empty: () => (models.length && models[0].rank !== null ? null : 'There is one score a model: nothing can be ranked.'),
  height: () => 108 + runs.length * step.run + half * step.level,
  minWidth: () => 520,
  draw(colors, _, __, width) {
    return {
      note: `1 is best. ${runs.length ? 'Bars join models that Nemenyi’s test does not tell apart' : 'All models are told apart by Nemenyi’s test'} at ${answers.alpha}; `
        + 'the table below judges pairs one by one.',
      option: {
        ...base(colors),
        tooltip: {
          ...base(colors).tooltip, trigger: 'item',
          formatter: p => {
            if (p.value[0] !== 0) {
              return p.value[0] === 1 ? tip('not told apart', models.slice(runs[p.value[1]][0], runs[p.value[1]][1] + 1).map(m => [m.name, m.rank.toFixed(3)])) : '';
            }

            const model = models[p.value[1]];
            return tip(model.name, [['mean rank', number(model.rank)], ['blocks', number(model.scores.length)]]);
          },
        },
        grid: { left: sides(width), right: sides(width), top: 78, bottom: 12 },
        xAxis: axis(colors, {
          type: 'value', position: 'top', min: 1, max: models.length, interval: models.length > 20 ? 5 : 1, splitLine: { show: false },
          axisTick: { show: true, lineStyle: { color: colors.rule } }, axisLine: { show: true, onZero: false, lineStyle: { color: colors.soft } },
        }),
        yAxis: { type: 'value', min: 0, max: 1, show: false, inverse: true },
        series: [{
          type: 'custom', renderItem: parts(colors), clip: false, coordinateSystem: 'cartesian2d', encode: { x: -1, y: -1 },
          data: [[2, 0], ...models.map((_, i) => [0, i]), ...runs.map((_, i) => [1, i])],
        }],
      },
    };
  },
};

// Linear interpolation between order statistics.
function quantile(sorted, share) {
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  return sorted[below] + (position - below) * ((sorted[below + 1] ?? sorted[below]) - sorted[below]);
}

// Ranks within each block, equal scores with the mean of their places.
const ranks = blocks.map((_, block) => models.map(model => {
  const better = other => (answers.minimize ? other.scores[block] < model.scores[block] : other.scores[block] > model.scores[block]);
  return models.filter(better).length + (models.filter(other => other.scores[block] === model.scores[block]).length + 1) / 2;
}));

const kinds = [
  { value: 'scores', text: 'scores', of: (model, block) => models[model].scores[block] },
  { value: 'ranks', text: 'ranks within each block', of: (model, block) => ranks[block][model] },
];
const isShare = models.every(model => model.scores.every(score => score >= 0 && score <= 1));

export const boxes = {
  id: 'boxes', title: 'Scores of each model', wide: true, empty: () => null,
  choices: [{ id: 'kind', label: 'Show', initial: () => (answers.folds || isShare ? 'scores' : 'ranks'), options: () => kinds }],
  height: () => models.length * 46 + 74,
  draw(colors, chosen, _, width) {
    const kind = kinds.find(k => k.value === chosen.kind);
    const order = models.map((_, i) => i).reverse();
    const values = order.map(i => blocks.map((_, block) => kind.of(i, block)));
    const sorted = values.map(list => [...list].sort((a, b) => a - b));
    const left = Math.max(90, Math.min(220, width * 0.24));
    const spread = block => (((block + 1) * 0.6180339887) % 1 - 0.5) * 0.42;
    const points = values.flatMap((list, row) => list.map((value, block) => [value, row + spread(block), row, block]));
    const five = list => [list[0], quantile(list, 0.25), quantile(list, 0.5), quantile(list, 0.75), list[list.length - 1]];
    return {
      note: `A point a ${answers.folds ? 'fold' : 'block'}; the box holds the middle half, the line in it is the median, the whiskers reach to the ends.`
        + (answers.folds || chosen.kind === 'ranks' ? '' : ' Scores of different data sets have no common scale.'),
      option: {
        ...base(colors),
        tooltip: {
          ...base(colors).tooltip, trigger: 'item',
          formatter: p => {
            if (p.seriesType === 'boxplot') {
              const list = sorted[p.dataIndex];
              return tip(models[order[p.dataIndex]].name, [['median', number(quantile(list, 0.5))], ['middle half', `${number(quantile(list, 0.25))} to ${number(quantile(list, 0.75))}`], ['all', `${number(list[0])} to ${number(list[list.length - 1])}`]]);
            }

            const [value, , row, block] = p.value;
            return tip(models[order[row]].name, [[blocks[block], number(value)]]);
          },
        },
        grid: { left, right: 26, top: 10, bottom: 46 },
        xAxis: axis(colors, {
          type: 'value', scale: true, ...(chosen.kind === 'ranks' ? { min: 0.5, max: models.length + 0.5, interval: 1 } : ends(sorted.flat())), nameLocation: 'middle', nameGap: 28, axisLine: { show: true, onZero: false, lineStyle: { color: colors.rule } },
          name: chosen.kind === 'ranks' ? 'rank, 1 is best' : `${shorten(answers.metric, 60)}, ${answers.minimize ? 'smaller' : 'larger'} is better`,
          axisLabel: { formatter: tick, ...(chosen.kind === 'ranks' ? { customValues: models.map((_, i) => i + 1) } : { showMinLabel: false, showMaxLabel: false }) },
        }),
        yAxis: [
          axis(colors, { type: 'category', data: order.map(i => models[i].name), splitLine: { show: false }, axisLabel: { interval: 0, formatter: name => squeeze(name, letters(left - 16)) } }),
          { type: 'value', min: -0.5, max: models.length - 0.5, show: false },
        ],
        series: [
          ...(blocks.length > 1 ? [{
            type: 'boxplot', data: sorted.map(five), boxWidth: [16, 22], itemStyle: { color: colors.mark, borderColor: colors.accent, borderWidth: 1.4 },
          }] : []),
          { type: 'scatter', yAxisIndex: 1, data: points, encode: { x: 0, y: 1 }, symbolSize: blocks.length > 60 ? 4 : 7, z: 4, itemStyle: { color: colors.accent, opacity: 0.75 } },
        ],
      },
    };
  },
};
