/* SPDX-License-Identifier: MIT */
/* timeline.js: threads over time: a row for each thread, in it what the thread did; to be zoomed and read out. */
import {axisBottom} from 'd3-axis';
import {scaleLinear} from 'd3-scale';
import {select} from 'd3-selection';

import {h, onWidth, s, threadColour, timeText, unique, unitFor} from './dom.js';
import {isMoment, isWait, isWork, kindWords, layers, Rects} from './marks.js';

const TOP = 4,
  AXIS = 40,
  RIGHT = 22;

function rowHeightFor(rows) {
  return Math.max(3, Math.min(28, Math.floor(420 / rows)));
}

export class Timeline {
  /** `about`: one sentence for those who do not see the picture. */
  constructor({label, about}) {
    this.hatch = unique('hatch');
    this.clip = unique('clip');
    this.svg = s('svg', {
      class: 'chart timeline',
      tabindex: 0,
      role: 'img',
      'aria-label': label,
      'aria-describedby': unique('about'),
    });
    this.readout = h('output', {class: 'readout', 'aria-live': 'polite'});
    this.about = h('span', {id: this.svg.getAttribute('aria-describedby'), hidden: true}, about ?? '');
    this.key = h('ul', {class: 'key'});
    const button = (text, name, action) =>
      h('button', {type: 'button', 'aria-label': name, title: name, onclick: action}, text);
    this.buttons = h(
      'div',
      {class: 'buttons', role: 'group', 'aria-label': `${label}: zoom`},
      button('+', 'Zoom in', () => this.zoom(0.5)),
      button('\u2212', 'Zoom out', () => this.zoom(2)),
      button('\u2190', 'Earlier', () => this.pan(-0.25)),
      button('\u2192', 'Later', () => this.pan(0.25)),
      button('Whole', 'Show the whole time', () => this.whole()),
      h(
        'span',
        {class: 'dim small'},
        'or drag; keys: + \u2212 \u2190 \u2192 0, \u2191 \u2193 for a thread, n p for its next or previous chunk',
      ),
    );
    this.element = h('div', {}, this.buttons, this.svg, this.about, this.readout, this.key);
    this.picked = null;
    this.listen();
    onWidth(this.svg, () => this.draw());
  }

  /** What is drawn from now on. Keeps the zoom if the time is as long as before. */
  show({wall, rows, marks, about}) {
    this.rows = rows;
    this.byRow = rows.map(() => new Map());
    for (const mark of marks) {
      const kinds = this.byRow[mark.row];
      if (!kinds.has(mark.kind)) kinds.set(mark.kind, []);
      kinds.get(mark.kind).push(mark);
    }
    if (wall !== this.wall) this.domain = [0, wall];
    this.wall = wall;
    this.picked = null;
    if (about) this.about.textContent = about;
    this.showKey(
      new Set(marks.map((mark) => mark.kind)),
      marks.some((mark) => mark.spans > 1),
    );
    this.readout.textContent = '';
    this.draw();
  }

  showKey(kinds, isMerged) {
    const sample = (kind) => {
      if (isMoment(kind)) return s('path', {class: 'moment', d: 'M6 1h10l-5 10z'});
      if (isWait(kind)) return s('rect', {width: 22, height: 12, fill: `url(#${this.hatch})`});
      if (kind === 'park') return s('path', {class: 'park', d: 'M1 6h20'});
      if (kind === 'critical' || kind === 'ordered')
        return s('rect', {class: 'critical', x: 1, y: 1, width: 20, height: 10});
      if (kind === 'member') return s('rect', {class: 'there', width: 22, height: 12});
      if (kind === 'unknown') return s('rect', {class: 'unknown', x: 1, y: 1, width: 20, height: 10});
      if (kind === 'elsewhere') return s('rect', {class: 'elsewhere', width: 22, height: 12});
      return [0, 1, 2].map((t) => s('rect', {x: 8 * t, width: 7, height: 12, style: `fill:${threadColour(t)}`}));
    };
    const waits = [...kinds].filter(isWait);
    const shown = layers.filter((kind) => kinds.has(kind) && (!isWait(kind) || kind === waits[0]));
    this.key.replaceChildren(
      ...shown.map((kind) =>
        h(
          'li',
          {},
          s('svg', {viewBox: '0 0 22 12', 'aria-hidden': 'true'}, sample(kind)),
          isWait(kind) ? 'waits' : kindWords[kind],
        ),
      ),
      isMerged
        ? h(
            'li',
            {class: 'dim'},
            'lower where many short ones have gaps between them: as high as the part of the time that they fill',
          )
        : '',
    );
  }

  /* --- Drawing ---- */

  draw() {
    const width = this.svg.clientWidth;
    if (!this.rows || width === 0) return;
    const count = this.rows.length,
      row = rowHeightFor(count),
      bar = row > 8 ? row - 4 : row - 1;
    const left = width < 500 ? 58 : 84,
      bottom = TOP + count * row;
    this.x = scaleLinear(this.domain, [left, width - RIGHT]);
    Object.assign(this, {left, row, bottom});
    this.svg.setAttribute('height', bottom + AXIS);
    this.svg.setAttribute('viewBox', `0 0 ${width} ${bottom + AXIS}`);
    this.drawn = 0;
    const labels = [],
      every = Math.ceil(14 / row);
    for (let r = 0; r < count; r += every)
      labels.push(
        s(
          'text',
          {x: left - 6, y: TOP + r * row + bar / 2 + 4, 'text-anchor': 'end'},
          fit(width < 500 ? (this.rows[r].short ?? this.rows[r].label) : this.rows[r].label, left),
        ),
      );
    const body = s('g', {'clip-path': `url(#${this.clip})`}, this.drawLayers(bar));
    this.svg.replaceChildren(this.defs(width), this.axis(width), ...labels, body, this.pick(bar));
    this.dragged = this.svg.appendChild(
      s('rect', {class: 'selection', y: TOP, height: bottom - TOP, visibility: 'hidden'}),
    );
    this.svg.dataset.drawn = this.drawn;
    this.svg.dataset.rows = count;
    this.svg.dataset.from = this.domain[0];
    this.svg.dataset.to = this.domain[1];
  }

  defs(width) {
    return s(
      'defs',
      {},
      s(
        'clipPath',
        {id: this.clip},
        s('rect', {x: this.left, y: 0, width: width - RIGHT - this.left, height: this.bottom + 2}),
      ),
      s(
        'pattern',
        {id: this.hatch, width: 6, height: 6, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)'},
        s('line', {class: 'hatch-line', x1: 1, y1: 0, x2: 1, y2: 6}),
      ),
    );
  }

  axis(width) {
    const unit = unitFor(this.wall),
      group = s('g', {transform: `translate(0,${this.bottom + 2})`});
    const inUnit = scaleLinear(
      this.domain.map((t) => t / unit.size),
      this.x.range(),
    );
    select(group).call(
      axisBottom(inUnit)
        .ticks(Math.max(2, Math.floor(width / 90)))
        .tickSizeOuter(0),
    );
    group.append(s('text', {x: width - RIGHT, y: 34, 'text-anchor': 'end'}, `${unit.name} since the begin`));
    return group;
  }

  drawLayers(bar) {
    const [from, to] = this.domain,
      nodes = [];
    for (const kind of layers) {
      this.byRow.forEach((kinds, r) => {
        const marks = kinds.get(kind);
        if (!marks) return;
        const y = TOP + r * this.row,
          inset = isWork(kind) || kind === 'elsewhere' ? 0 : kind === 'member' ? 0 : bar > 10 ? 2 : 0;
        const visible = marks.filter((mark) => mark.end >= from && mark.begin <= to);
        if (isMoment(kind)) {
          if (bar >= 8 && visible.length <= 400)
            for (const mark of visible)
              nodes.push(s('path', {class: 'moment', d: `M${(this.x(mark.begin) - 4).toFixed(1)} ${y - 1}h8l-4 8z`}));
        } else {
          nodes.push(...this.drawMarks(kind, visible, y + inset, bar - 2 * inset));
        }
        this.drawn += visible.length;
      });
    }
    return nodes;
  }

  /* A path for each slot, since the slot has the colour; of a thread that is mostly one. */
  drawMarks(kind, marks, y, height) {
    const paths = new Map();
    for (const mark of marks) {
      const slot = isWork(kind) ? mark.slot : -1;
      if (!paths.has(slot)) paths.set(slot, kind === 'park' ? [] : new Rects(height));
      const x0 = this.x(Math.max(mark.begin, this.domain[0] - 1)),
        x1 = this.x(Math.min(mark.end, this.domain[1]));
      if (kind === 'park') paths.get(slot).push(`M${x0.toFixed(1)} ${y + height / 2}H${x1.toFixed(1)}`);
      else
        paths.get(slot).add(x0, x1, y, mark.spans > 1 && mark.end > mark.begin ? mark.ns / (mark.end - mark.begin) : 1);
    }
    return [...paths].map(([slot, path]) => {
      const d = Array.isArray(path) ? path.join('') : String(path);
      if (kind === 'park' || kind === 'elsewhere') return s('path', {class: kind, d});
      if (kind === 'member') return s('path', {class: 'there', d});
      if (kind === 'unknown') return s('path', {class: 'unknown', d});
      if (kind === 'critical' || kind === 'ordered') return s('path', {class: 'critical', d});
      if (isWait(kind)) return s('path', {class: 'hatch', style: `fill:url(#${this.hatch})`, d});
      return s('path', {class: 'work', 'data-slot': slot, style: `fill:${threadColour(slot)}`, d});
    });
  }

  pick(bar) {
    const mark = this.picked;
    if (!mark) return s('g');
    const x0 = Math.max(this.x(mark.begin), this.left),
      x1 = Math.min(this.x(mark.end), this.x.range()[1]);
    return s('rect', {
      class: 'picked',
      x: x0 - 1,
      y: TOP + mark.row * this.row - 1,
      width: Math.max(x1 - x0, 1) + 2,
      height: bar + 2,
    });
  }

  /* --- Moving around ---- */

  set(from, to) {
    const length = Math.min(Math.max(to - from, Math.min(this.wall, 20)), this.wall);
    from = Math.max(0, Math.min(from, this.wall - length));
    this.domain = [from, from + length];
    this.draw();
  }
  whole() {
    this.set(0, this.wall);
  }
  zoom(factor, at) {
    const [from, to] = this.domain;
    at ??= this.picked ? (this.picked.begin + this.picked.end) / 2 : (from + to) / 2;
    const length = (to - from) * factor,
      part = Math.min(Math.max((at - from) / (to - from), 0), 1);
    this.set(at - length * part, at - length * part + length);
  }
  pan(part) {
    const [from, to] = this.domain,
      by = (to - from) * part;
    this.set(from + by, to + by);
  }

  describe(mark) {
    const row = this.rows[mark.row],
      took = timeText(mark.end - mark.begin);
    const words = mark.spans > 1 ? `${mark.spans} times: ${kindWords[mark.kind]}` : kindWords[mark.kind];
    const length = isMoment(mark.kind) ? '' : `, ${took}`;
    this.readout.textContent = `${row.label} ${words}${mark.text ? ` ${mark.text}` : ''}${length}, from ${timeText(mark.begin)} on`;
  }

  /* The uppermost mark there: what is drawn last contains least. */
  find(x, y) {
    const row = Math.floor((y - TOP) / this.row),
      time = this.x.invert(x);
    if (row < 0 || row >= this.rows.length) return null;
    const slack = (2 * (this.domain[1] - this.domain[0])) / this.svg.clientWidth;
    for (const kind of [...layers].reverse()) {
      for (const mark of this.byRow[row].get(kind) ?? [])
        if (mark.begin - slack <= time && time <= mark.end + slack) return mark;
    }
    return null;
  }

  choose(mark) {
    if (!mark) return;
    this.picked = mark;
    const [from, to] = this.domain;
    if (mark.begin < from || mark.end > to) this.set(mark.begin - (to - from) / 2, mark.begin + (to - from) / 2);
    this.draw();
    this.describe(mark);
  }
  step(by) {
    const row = this.picked?.row ?? 0,
      kinds = this.byRow[row];
    const marks = kinds.get('chunk') ?? kinds.get('task') ?? [];
    const at = marks.indexOf(this.picked);
    this.choose(marks[at < 0 ? 0 : Math.min(Math.max(at + by, 0), marks.length - 1)]);
  }
  stepRow(by) {
    const row = this.picked ? Math.min(Math.max(this.picked.row + by, 0), this.rows.length - 1) : 0;
    const time = this.picked ? this.picked.begin : this.domain[0];
    const kinds = this.byRow[row],
      marks = kinds.get('chunk') ?? kinds.get('task') ?? [...kinds.values()][0] ?? [];
    this.choose(marks.find((mark) => mark.end > time) ?? marks[marks.length - 1]);
  }

  listen() {
    const keys = {
      '+': () => this.zoom(0.5),
      '=': () => this.zoom(0.5),
      '-': () => this.zoom(2),
      0: () => this.whole(),
      ArrowLeft: () => this.pan(-0.25),
      ArrowRight: () => this.pan(0.25),
      ArrowUp: () => this.stepRow(-1),
      ArrowDown: () => this.stepRow(1),
      n: () => this.step(1),
      p: () => this.step(-1),
      Home: () => this.set(0, this.domain[1] - this.domain[0]),
      End: () => this.set(this.wall - (this.domain[1] - this.domain[0]), this.wall),
    };
    this.svg.addEventListener('keydown', (event) => {
      if (!keys[event.key] || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      keys[event.key]();
    });
    this.svg.addEventListener(
      'wheel',
      (event) => {
        if (!event.ctrlKey && !event.shiftKey) return;
        event.preventDefault();
        const turned = event.deltaY || event.deltaX;
        if (event.ctrlKey) this.zoom(turned > 0 ? 1.25 : 0.8, this.x.invert(event.offsetX));
        else this.pan(turned > 0 ? 0.1 : -0.1);
      },
      {passive: false},
    );
    this.svg.addEventListener('dblclick', () => this.whole());
    this.listenToPointer();
  }

  listenToPointer() {
    let start = null;
    const place = (event) => event.clientX - this.svg.getBoundingClientRect().left;
    this.svg.addEventListener('pointerdown', (event) => {
      if (event.pointerType === 'touch' || event.button !== 0) return;
      start = place(event);
      this.svg.setPointerCapture(event.pointerId);
    });
    this.svg.addEventListener('pointermove', (event) => {
      const x = place(event),
        box = this.svg.getBoundingClientRect();
      if (start !== null && Math.abs(x - start) > 3) {
        this.dragged.setAttribute('x', Math.min(x, start));
        this.dragged.setAttribute('width', Math.abs(x - start));
        this.dragged.setAttribute('visibility', 'visible');
        return;
      }
      const mark = this.rows && this.x ? this.find(x, event.clientY - box.top) : null;
      if (mark) this.describe(mark);
    });
    this.svg.addEventListener('pointerup', (event) => {
      const x = place(event),
        from = start;
      start = null;
      if (from !== null && Math.abs(x - from) > 3) {
        this.set(...[from, x].map((at) => this.x.invert(at)).sort((a, b) => a - b));
        return;
      }
      this.choose(this.find(x, event.clientY - this.svg.getBoundingClientRect().top));
    });
    this.svg.addEventListener('pointercancel', () => {
      start = null;
      this.draw();
    });
  }
}

function fit(label, left) {
  const most = Math.floor((left - 6) / 6.6);
  return label.length <= most ? label : `${label.slice(0, most - 1)}\u2026`;
}
