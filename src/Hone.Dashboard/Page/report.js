/*! Hone report. Contains Apache ECharts 6.1.0 (Apache License 2.0, The Apache Software Foundation), ZRender 6.1.0 (BSD 3-Clause,
    Copyright (c) 2017 Baidu Inc.) and tslib 2.3.0 (0BSD, Microsoft Corporation). */
import * as echarts from 'echarts/core';
import { BarChart, CustomChart, LineChart, LinesChart, ParallelChart, ScatterChart } from 'echarts/charts';
import { DataZoomInsideComponent, GridComponent, ParallelComponent, TooltipComponent, VisualMapContinuousComponent } from 'echarts/components';
import { CanvasRenderer } from 'echarts/renderers';
import { cards } from './cards.js';
import { costs } from './charts/costs.js';
import { curves } from './charts/curves.js';
import { history } from './charts/history.js';
import { parallel } from './charts/parallel.js';
import { pareto } from './charts/pareto.js';
import { stops } from './charts/stops.js';
import { timeline } from './charts/timeline.js';
import { keys } from './keys.js';
import { table } from './table.js';

echarts.use([
  BarChart, CustomChart, LineChart, LinesChart, ParallelChart, ScatterChart,
  DataZoomInsideComponent, GridComponent, ParallelComponent, TooltipComponent, VisualMapContinuousComponent, CanvasRenderer,
]);

let selected = -1;

const drawn = cards([history, curves, parallel, pareto, costs, stops, timeline], {
  keys, selected: () => selected,
  picked: event => choose(event.data?.row ?? event.value?.[event.seriesType === 'custom' ? 3 : 2]),
});
const showInTable = table(document.getElementById('table'), choose);

function choose(row) {
  if (typeof row !== 'number') {
    return;
  }

  selected = row === selected ? -1 : row;
  showInTable(selected);
  drawn.redraw([curves, timeline]);
}

drawn.start();
