/*! Hone report. Contains Apache ECharts 6.1.0 (Apache License 2.0, The Apache Software Foundation), ZRender 6.1.0 (BSD 3-Clause,
    Copyright (c) 2017 Baidu Inc.) and tslib 2.3.0 (0BSD, Microsoft Corporation). */
import * as echarts from 'echarts/core';
import { BarChart, BoxplotChart, CustomChart, HeatmapChart, LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent, TooltipComponent, VisualMapContinuousComponent } from 'echarts/components';
import { CanvasRenderer } from 'echarts/renderers';
import { cards } from './cards.js';
import { answers } from './analysis/answers.js';
import { bargains, forest, interactions } from './analysis/ablation.js';
import { boxes, critical } from './analysis/comparison.js';
import { correlations } from './analysis/correlations.js';
import { effects } from './analysis/effects.js';
import { fronts } from './analysis/fronts.js';
import { heat, importance } from './analysis/importance.js';
import { laws } from './analysis/laws.js';
import { pairs } from './analysis/pairs.js';
import { regret } from './analysis/regret.js';

echarts.use([
  BarChart, BoxplotChart, CustomChart, HeatmapChart, LineChart, ScatterChart, GridComponent, TooltipComponent, VisualMapContinuousComponent, CanvasRenderer,
]);

const charts = { replay: [regret], comparison: [critical, boxes], ablation: [forest, interactions, bargains] };
cards(charts[answers.kind] ?? [importance, correlations, heat, effects, pairs, laws, fronts]).start();
