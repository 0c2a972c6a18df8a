/* SPDX-License-Identifier: MIT */
/* curve.js: speedup over the number of threads. */
import {axisBottom, axisLeft} from 'd3-axis';
import {scaleLog} from 'd3-scale';
import {select} from 'd3-selection';

import {onWidth, s} from './dom.js';

const HEIGHT = 220,
  LEFT = 44,
  TOP = 10,
  BOTTOM = 40;
const MARKS = [1, 2, 4, 8, 16, 32, 64, 128, 256];

export class Curve {
  constructor({label}) {
    this.element = s('svg', {class: 'chart curve-chart', role: 'img', 'aria-label': label, height: HEIGHT});
    onWidth(this.element, () => this.draw());
  }

  /** points: [threads, speedup]; chosen: the number of threads that is looked at. */
  show(points, chosen) {
    Object.assign(this, {points, chosen});
    this.draw();
  }

  draw() {
    const width = this.element.clientWidth;
    if (!this.points || width === 0) return;
    const most = Math.max(...this.points.map(([, speedup]) => speedup)) * 1.15;
    const x = scaleLog([1, 256], [LEFT, width - 12]).base(2),
      y = scaleLog(
        [Math.min(1, ...this.points.map(([, speedup]) => speedup)), Math.max(most, 2)],
        [HEIGHT - BOTTOM, TOP],
      ).base(2);
    const across = s('g', {transform: `translate(0,${HEIGHT - BOTTOM})`}),
      up = s('g', {class: 'grid', transform: `translate(${LEFT},0)`});
    select(across).call(axisBottom(x).tickValues(MARKS).tickFormat(String).tickSizeOuter(0));
    select(up).call(
      axisLeft(y)
        .tickValues(MARKS.filter((v) => v <= y.domain()[1]))
        .tickFormat(String)
        .tickSize(-(width - 12 - LEFT))
        .tickSizeOuter(0),
    );
    across.append(s('text', {x: width - 12, y: 34, 'text-anchor': 'end'}, 'threads'));
    const line = (points) =>
      points.map(([t, v], k) => `${k ? 'L' : 'M'}${x(t).toFixed(1)} ${y(v).toFixed(1)}`).join('');
    const top = y.domain()[1],
      at = this.points.find(([t]) => t === this.chosen);
    this.element.setAttribute('viewBox', `0 0 ${width} ${HEIGHT}`);
    this.element.replaceChildren(
      up,
      across,
      s('path', {
        class: 'ideal',
        d: line(
          [...Array(40)]
            .map((_, k) => 2 ** (k / 5))
            .filter((t) => t <= Math.min(top, 256))
            .map((t) => [t, t]),
        ),
      }),
      s('path', {class: 'curve', d: line(this.points)}),
      ...this.points.map(([t, v]) =>
        s('circle', {cx: x(t), cy: y(v), r: t === this.chosen ? 6 : 3, style: 'fill:var(--t0)'}),
      ),
      ...(at ? [s('text', {x: x(at[0]), y: y(at[1]) - 10, 'text-anchor': 'middle'}, at[1].toFixed(2))] : []),
    );
  }
}
