// The law that a metric follows from a parameter, and beneath it what the law leaves unexplained.
import { tip } from '../dom.js';
import { axis, base } from '../theme.js';
import { number, tick } from '../words.js';
import { answers, ends, measured, metrics, parameters, thinned, titleOf } from './answers.js';

// The best explained first.
const fitted = metrics.flatMap((metric, m) => metric.laws.map((law, p) => ({ metric, law, m, p })))
  .filter(f => f.law).sort((a, b) => b.law.r2 - a.law.r2);

const formulas = {
  linear: (law, x) => law.a + law.b * x, logarithmic: (law, x) => law.a + law.b * Math.log(x), power: (law, x) => law.a * x ** law.b,
};

export const laws = {
  id: 'laws', title: 'Laws', wide: true, height: 470,
  empty: () => (fitted.length ? null : 'No law explains a tenth of the variance of a metric.'),
  choices: [{
    id: 'law', label: 'Law of',
    options: () => fitted.map((f, i) => ({ value: String(i), text: `R² ${f.law.r2.toFixed(2)}: ${titleOf(f.metric)} by ${parameters[f.p].name}` })),
  }],
  draw(colors, chosen) {
    const { metric, law, p } = fitted[chosen.law];
    const parameter = parameters[p];
    const [xs, ys] = [answers.values[p], measured(metric.name)];
    const rows = xs.map((_, row) => row).filter(row => xs[row] !== null && ys[row] !== null);
    const known = rows.map(row => xs[row]);
    const [low, high] = [known.reduce((a, b) => Math.min(a, b)), known.reduce((a, b) => Math.max(a, b))];
    const isLog = parameter.log && low > 0;
    const at = x => formulas[law.form](law, x);
    const line = Array.from({ length: 121 }, (_, i) => (isLog ? low * (high / low) ** (i / 120) : low + (high - low) * i / 120)).map(x => [x, at(x)]);
    const across = more => axis(colors, { type: isLog ? 'log' : 'value', scale: true, ...more, axisLabel: { formatter: tick, ...more.axisLabel } });
    const up = (name, values, more) => axis(colors, {
      type: 'value', ...ends(values), name, nameLocation: 'end', nameGap: 12, splitNumber: 4,
      nameTextStyle: { color: colors.soft, fontSize: 12, align: 'left', padding: [0, 0, 0, -48] },
      ...more, axisLabel: { formatter: tick, showMinLabel: false, showMaxLabel: false },
    });
    const residuals = rows.map(row => [xs[row], ys[row] - at(xs[row]), row]);
    const mark = { symbolSize: rows.length > 400 ? 4 : 6, itemStyle: { color: colors.complete, opacity: rows.length > 400 ? 0.5 : 0.7 } };
    return {
      note: [`${law.text}, with x = ${parameter.name}`, `R² ${law.r2.toFixed(3)}`, `residual spread ${number(law.spread)}${metric.unit ? ` ${metric.unit}` : ''}`, thinned()].filter(Boolean).join(' · '),
      option: {
        ...base(colors),
        tooltip: {
          ...base(colors).tooltip, trigger: 'item',
          formatter: q => (q.value[2] === undefined ? '' : tip(`Trial ${answers.trials[q.value[2]]}`, [
            [parameter.name, number(xs[q.value[2]])], [titleOf(metric), number(ys[q.value[2]])], ['by the law', number(at(xs[q.value[2]]))],
          ])),
        },
        grid: [{ left: 66, right: 20, top: 34, height: 230 }, { left: 66, right: 20, top: 316, height: 100 }],
        xAxis: [
          across({ gridIndex: 0, axisLabel: { show: false } }),
          across({ gridIndex: 1, name: parameter.name, nameLocation: 'middle', nameGap: 28 }),
        ],
        yAxis: [up(titleOf(metric), [...rows.map(row => ys[row]), ...line.map(q => q[1])], { gridIndex: 0 }), up('residual', residuals.map(r => r[1]), { gridIndex: 1 })],
        series: [
          { type: 'scatter', data: rows.map(row => [xs[row], ys[row], row]), ...mark },
          { type: 'line', data: line, showSymbol: false, silent: true, lineStyle: { color: colors.best, width: 1.8 } },
          { type: 'scatter', xAxisIndex: 1, yAxisIndex: 1, data: residuals, ...mark },
          { type: 'line', xAxisIndex: 1, yAxisIndex: 1, data: [[low, 0], [high, 0]], showSymbol: false, silent: true, lineStyle: { color: colors.best, width: 1.2 } },
        ],
      },
    };
  },
};
