/*! Hone report. Contains Apache ECharts 6.1.0 (Apache License 2.0, The Apache Software Foundation), ZRender 6.1.0 (BSD 3-Clause,
    Copyright (c) 2017 Baidu Inc.) and tslib 2.3.0 (0BSD, Microsoft Corporation). */
import * as echarts from 'echarts/core';
import { BarChart, CustomChart, LineChart, LinesChart, ParallelChart, ScatterChart } from 'echarts/charts';
import { DataZoomInsideComponent, GridComponent, ParallelComponent, TooltipComponent, VisualMapContinuousComponent } from 'echarts/components';
import { CanvasRenderer } from 'echarts/renderers';
import { costs } from './charts/costs.js';
import { curves } from './charts/curves.js';
import { history } from './charts/history.js';
import { parallel } from './charts/parallel.js';
import { pareto } from './charts/pareto.js';
import { stops } from './charts/stops.js';
import { timeline } from './charts/timeline.js';
import { element, select } from './dom.js';
import { keys } from './keys.js';
import { table } from './table.js';
import { theme } from './theme.js';

echarts.use([
  BarChart, CustomChart, LineChart, LinesChart, ParallelChart, ScatterChart,
  DataZoomInsideComponent, GridComponent, ParallelComponent, TooltipComponent, VisualMapContinuousComponent, CanvasRenderer,
]);

// For whoever drives the page: how many charts are drawn, and whether a script failed.
const page = document.documentElement.dataset;
window.addEventListener('error', event => {
  page.error = `${page.error ?? ''}${event.message}\n`;
});

const views = [history, curves, parallel, pareto, costs, stops, timeline].filter(chart => chart.applies?.() ?? true).map(card);
let selected = -1;
let showInTable = () => {};

function card(chart) {
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

function draw(view) {
  const colors = theme();
  const width = Math.max(view.plot.parentElement.clientWidth, view.chart.minWidth?.() ?? 0);
  const height = typeof view.chart.height === 'function' ? view.chart.height(width) : view.chart.height;
  Object.assign(view.plot.style, { width: `${width}px`, height: `${height}px` });
  view.width = view.plot.parentElement.clientWidth;
  if (!view.made) {
    view.made = echarts.init(view.plot, null, { renderer: 'canvas' });
    view.made.on('click', event => choose(event.data?.row ?? event.value?.[event.seriesType === 'custom' ? 3 : 2]));
  }

  view.made.resize({ width, height });
  const { option, note } = view.chart.draw(colors, view.chosen, selected, width);
  view.made.setOption(option, { notMerge: true });
  view.note.textContent = note;
  view.key.replaceChildren(...keys(view.chart.keys ?? [], colors));
}

const drawn = views.filter(Boolean);
const drawAll = () => drawn.forEach(draw);

function choose(row) {
  if (typeof row !== 'number') {
    return;
  }

  selected = row === selected ? -1 : row;
  showInTable(selected);
  drawn.filter(view => view.chart === curves || view.chart === timeline).forEach(draw);
}

function follow() {
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

showInTable = table(document.getElementById('table'), choose);
drawAll();
follow();
page.charts = String(drawn.length);
