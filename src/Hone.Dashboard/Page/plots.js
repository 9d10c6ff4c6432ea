/*! Hone report. Contains Apache ECharts 6.1.0 (Apache License 2.0, The Apache Software Foundation), ZRender 6.1.0 (BSD 3-Clause,
    Copyright (c) 2017 Baidu Inc.) and tslib 2.3.0 (0BSD, Microsoft Corporation). */
import * as echarts from 'echarts/core';
import { BarChart, HeatmapChart, LineChart, ScatterChart } from 'echarts/charts';
import { DataZoomInsideComponent, GridComponent, LegendScrollComponent, TooltipComponent, VisualMapContinuousComponent } from 'echarts/components';
import { CanvasRenderer } from 'echarts/renderers';
import { cards } from './cards.js';
import { chart } from './plots/chart.js';

echarts.use([
  BarChart, HeatmapChart, LineChart, ScatterChart, DataZoomInsideComponent, GridComponent, LegendScrollComponent, TooltipComponent, VisualMapContinuousComponent, CanvasRenderer,
]);

cards(JSON.parse(document.getElementById('study').textContent).plots.map(chart)).start();
