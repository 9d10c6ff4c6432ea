// What components contribute and cost: a forest plot, pairs together, and what is bought for what.
import { tip } from '../dom.js';
import { axis, base, ramp } from '../theme.js';
import { number, shorten, tick } from '../words.js';
import { answers, ends } from './answers.js';

const contrasts = answers.contrasts ?? [];
const names = answers.components ?? [];
const costs = answers.costs ?? [];
const known = contrast => contrast.mean !== null;
const effects = contrasts.filter(contrast => contrast.parts.length === 1 && known(contrast));
const couples = contrasts.filter(contrast => contrast.parts.length === 2 && known(contrast));
const colorOf = (colors, verdict) => ({
  matters: colors.accent, synergistic: colors.accent, harmful: colors.failed, redundant: colors.failed, harmless: colors.soft, additive: colors.soft,
}[verdict] ?? colors.faint);
const level = `${number(answers.level)} % interval`;
const better = `better by so much with it than without (${answers.metric}, ${answers.minimize ? 'smaller' : 'larger'} is better)`;

const details = contrast => tip(contrast.name, [
  ['worth', number(contrast.mean)], [level, contrast.low === null ? '–' : `${number(contrast.low)} to ${number(contrast.high)}`],
  ['adjusted p', number(contrast.p)], ['pairs', number(contrast.pairs)],
], contrast.words);

const bar = (colors, list) => (_, api) => {
  const row = api.value(0);
  const contrast = list[row];
  const at = value => api.coord([value, row]);
  const color = colorOf(colors, contrast.verdict);
  const middle = at(contrast.mean);
  const children = [];
  if (contrast.low !== null) {
    const [from, to] = [at(contrast.low), at(contrast.high)];
    children.push({ type: 'line', shape: { x1: from[0], y1: from[1], x2: to[0], y2: to[1] }, style: { stroke: color, lineWidth: 2.2 } });
  }

  const size = 5;
  children.push(contrast.verdict === 'undecided'
    ? { type: 'circle', shape: { cx: middle[0], cy: middle[1], r: size }, style: { fill: colors.card, stroke: color, lineWidth: 2 } }
    : { type: 'rect', shape: { x: middle[0] - size, y: middle[1] - size, width: 2 * size, height: 2 * size }, style: { fill: color } });
  return { type: 'group', children };
};

const band = (colors, margin) => (_, api) => {
  const [from, to] = [api.coord([-margin, 0]), api.coord([margin, 0])];
  const { y, height } = _.coordSys;
  return { type: 'rect', shape: { x: from[0], y, width: to[0] - from[0], height }, style: { fill: colors.mark, opacity: 0.55 } };
};

export const forest = {
  id: 'forest', title: 'What each component is worth', wide: true, empty: () => (effects.length ? null : 'No pair of trials to compare yet.'), choices: [],
  applies: () => contrasts.length > 0,
  height: () => effects.length * 34 + 76,
  draw(colors, _chosen, _selected, width) {
    const list = [...effects].sort((a, b) => a.mean - b.mean);
    const left = Math.max(90, Math.min(230, width * 0.26));
    const margin = answers.margin ?? 0;
    const range = ends([...list.flatMap(c => [c.mean, c.low, c.high]), 0, margin, -margin]);
    return {
      note: `Mean of the paired differences with its ${level}. Filled squares are decided, open circles are not. Within the shaded band, a difference counts as none.`,
      option: {
        ...base(colors),
        tooltip: { ...base(colors).tooltip, trigger: 'item', formatter: p => (p.seriesIndex === 1 ? details(list[p.value[0]]) : '') },
        grid: { left, right: Math.min(150, width * 0.2), top: 10, bottom: 52 },
        xAxis: axis(colors, { type: 'value', ...range, name: shorten(better, Math.floor(width / 8)), nameLocation: 'middle', nameGap: 30, axisLabel: { formatter: tick, showMinLabel: false, showMaxLabel: false } }),
        yAxis: [
          axis(colors, { type: 'category', data: list.map(c => c.name), splitLine: { show: false }, axisLine: { show: true, onZero: true, lineStyle: { color: colors.soft } }, axisLabel: { interval: 0, formatter: name => shorten(name, Math.floor((left - 16) / 7.4)) } }),
          axis(colors, { type: 'category', position: 'right', data: list.map(c => c.verdict), splitLine: { show: false }, axisLine: { show: false }, axisLabel: { interval: 0, formatter: name => shorten(name, 12) } }),
        ],
        series: [
          { type: 'custom', silent: true, renderItem: band(colors, margin), data: margin > 0 ? [[0, 0]] : [], encode: { x: -1, y: -1 } },
          { type: 'custom', renderItem: bar(colors, list), data: list.map((c, row) => [row, c.mean]), encode: { x: 1, y: 0 } },
        ],
      },
    };
  },
};

export const interactions = {
  id: 'interactions', title: 'What two components do together', wide: true, empty: () => null, choices: [],
  applies: () => couples.length > 0,
  height: () => names.length * 44 + (names.length > 6 ? 78 : 40),
  draw(colors, _chosen, _selected, width) {
    const largest = Math.max(...couples.map(c => Math.abs(c.mean))) || 1;
    const shades = ramp(colors.card.toLowerCase() !== '#ffffff');
    const cells = couples.map(c => ({ value: [c.parts[0], c.parts[1], c.mean], contrast: c }));
    const left = Math.max(90, Math.min(200, width * 0.24));
    const label = formatter => ({ interval: 0, formatter: name => shorten(name, formatter) });
    return {
      note: 'Lost without both, beyond what is lost without each. Above 0 they stand in for one another (redundant), below 0 they need one another (synergistic). A star marks what is decided.',
      option: {
        ...base(colors),
        tooltip: { ...base(colors).tooltip, trigger: 'item', formatter: p => details(p.data.contrast) },
        visualMap: { type: 'continuous', show: false, min: -largest, max: largest, dimension: 2, inRange: { color: [shades[0], colors.grid, shades[3]] } },
        grid: { left, right: 30, top: 8, bottom: names.length > 6 ? 70 : 32 },
        xAxis: axis(colors, { type: 'category', data: names, splitLine: { show: false }, axisLabel: { ...label(Math.max(5, Math.floor(width / names.length / 8))), rotate: names.length > 6 ? 32 : 0 } }),
        yAxis: axis(colors, { type: 'category', data: names, splitLine: { show: false }, axisLabel: label(Math.floor((left - 16) / 7.4)) }),
        series: [{
          type: 'heatmap', data: cells, itemStyle: { borderColor: colors.card, borderWidth: 2, borderRadius: 4 },
          label: { show: true, color: colors.ink, fontSize: 11, formatter: p => `${tick(Number(p.value[2].toPrecision(2)))}${p.data.contrast.verdict === 'undecided' || p.data.contrast.verdict === 'additive' ? '' : ' ★'}` },
        }],
      },
    };
  },
};

export const bargains = {
  id: 'bargains', title: 'What each component buys, and what it costs', wide: true, height: 380,
  applies: () => costs.length > 0 && effects.length > 0, empty: () => null,
  choices: [{ id: 'cost', label: 'Cost', options: () => costs.map((cost, i) => ({ value: String(i), text: cost.metric })) }],
  draw(colors, chosen, _selected, width) {
    const cost = costs[Number(chosen.cost)];
    const points = contrasts.map((contrast, i) => ({ contrast, adds: cost.adds[i] }))
      .filter(point => point.contrast.parts.length === 1 && known(point.contrast) && point.adds[0] !== null);
    const cross = (_, api) => {
      const { contrast, adds } = points[api.value(2)];
      const color = colorOf(colors, contrast.verdict);
      const line = (from, to) => ({ type: 'line', shape: { x1: from[0], y1: from[1], x2: to[0], y2: to[1] }, style: { stroke: color, lineWidth: 1.2, opacity: 0.6 } });
      const middle = api.coord([adds[0], contrast.mean]);
      return {
        type: 'group',
        children: [
          ...(adds[1] === null ? [] : [line(api.coord([adds[1], contrast.mean]), api.coord([adds[2], contrast.mean]))]),
          ...(contrast.low === null ? [] : [line(api.coord([adds[0], contrast.low]), api.coord([adds[0], contrast.high]))]),
          { type: 'circle', shape: { cx: middle[0], cy: middle[1], r: 5 }, style: { fill: color } },
          { type: 'text', style: { x: middle[0] + 8, y: middle[1] - 14, text: shorten(contrast.name, 24), fill: colors.ink, fontSize: 12 } },
        ],
      };
    };
    return {
      note: `Up: worth more. Right: adds more to ${cost.metric}. What lies low and right is dear for what it gives. Lines are ${level}s.`,
      option: {
        ...base(colors),
        tooltip: {
          ...base(colors).tooltip, trigger: 'item',
          formatter: p => {
            const { contrast, adds } = points[p.value[2]];
            return tip(contrast.name, [['worth', number(contrast.mean)], [`adds to ${cost.metric}`, number(adds[0])]], contrast.words);
          },
        },
        grid: { left: 70, right: 60, top: 30, bottom: 52 },
        xAxis: axis(colors, { type: 'value', axisLine: { show: true, onZero: false, lineStyle: { color: colors.rule } }, ...ends([0, ...points.flatMap(p => p.adds)]), name: `adds to ${cost.metric}`, nameLocation: 'middle', nameGap: 30, axisLabel: { formatter: tick, showMinLabel: false, showMaxLabel: false } }),
        yAxis: axis(colors, { type: 'value', axisLine: { show: true, onZero: false, lineStyle: { color: colors.rule } }, ...ends([0, ...points.flatMap(p => [p.contrast.mean, p.contrast.low, p.contrast.high])]), name: `worth in ${shorten(answers.metric, 30)}`, nameTextStyle: { color: colors.soft, fontSize: 12, align: 'left', padding: [0, 0, 0, -50] }, axisLabel: { formatter: tick, showMinLabel: false, showMaxLabel: false } }),
        series: [{ type: 'custom', renderItem: cross, data: points.map((p, i) => [p.adds[0], p.contrast.mean, i]), encode: { x: 0, y: 1 } }],
      },
    };
  },
};
