// Cards of charts: a title, choices, a note, a key, and the plot, which follows the window's width and the reader's scheme.
import * as echarts from 'echarts/core';
import { element, select } from './dom.js';
import { theme } from './theme.js';

// For whoever drives the page: how many charts are drawn, and whether a script failed.
const page = document.documentElement.dataset;
window.addEventListener('error', event => {
  page.error = `${page.error ?? ''}${event.message}\n`;
});

// keys: makes the marks above a chart from their names. picked: takes the event of a click on a mark. selected: the trial that is.
export function cards(charts, { keys = () => [], picked = () => {}, selected = () => -1 } = {}) {
  const draw = view => {
    const colors = theme();
    const width = Math.max(view.plot.parentElement.clientWidth, view.chart.minWidth?.() ?? 0);
    const height = typeof view.chart.height === 'function' ? view.chart.height(width, view.chosen) : view.chart.height;
    Object.assign(view.plot.style, { width: `${width}px`, height: `${height}px` });
    view.width = view.plot.parentElement.clientWidth;
    if (!view.made) {
      view.made = echarts.init(view.plot, null, { renderer: 'canvas' });
      view.made.on('click', picked);
    }

    view.made.resize({ width, height });
    const { option, note } = view.chart.draw(colors, view.chosen, selected(), width);
    view.made.setOption(option, { notMerge: true });
    view.note.textContent = note;
    view.key.replaceChildren(...keys(view.chart.keys ?? [], colors));
  };

  const drawn = charts.filter(chart => chart.applies?.() ?? true).map(chart => card(chart, draw)).filter(Boolean);
  const drawAll = () => drawn.forEach(draw);
  follow(drawn, draw, drawAll);
  return {
    start() {
      drawAll();
      page.charts = String(drawn.length);
    },
    redraw: some => drawn.filter(view => some.includes(view.chart)).forEach(draw),
  };
}

function card(chart, draw) {
  const problem = chart.empty();
  const view = { chart, chosen: {}, note: element('p', { class: 'note' }), key: element('div', { class: 'key' }), plot: element('div', { class: 'chart', role: 'img', 'aria-label': chart.title }) };
  const controls = element('div', { class: 'controls' });
  for (const choice of problem ? [] : chart.choices) {
    const options = choice.options();
    view.chosen[choice.id] = choice.initial?.() ?? options[0].value;
    if (options.length > 1) {
      controls.append(select(choice.label, options, view.chosen[choice.id], value => {
        view.chosen[choice.id] = value;
        draw(view);
      }));
    }
  }

  const section = element('section', { class: `card${chart.wide ? ' wide' : ''}`, id: chart.id, 'aria-label': chart.title },
    element('div', { class: 'bar' }, element('h2', {}, chart.title), controls));
  section.append(...(problem ? [element('p', { class: 'empty' }, problem)]
    : [view.note, view.key, element('div', { class: 'scroll' }, view.plot)]));
  document.getElementById('charts').append(section);
  return problem ? null : view;
}

function follow(drawn, draw, drawAll) {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
  window.addEventListener('beforeprint', () => {
    page.scheme = 'light';
    drawAll();
  });
  window.addEventListener('afterprint', () => {
    delete page.scheme;
    drawAll();
  });
  let waiting = 0;
  window.addEventListener('resize', () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => drawn.filter(view => view.width !== view.plot.parentElement.clientWidth).forEach(draw));
  });
}
