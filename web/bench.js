/* SPDX-License-Identifier: MIT */
/* bench.js: what ppar_bench has measured: a chart for each row, with every round's time. The data is what
 * `ppar_bench --format json` writes, and `overheads` beside it. */
import {axisBottom} from 'd3-axis';
import {scaleLinear} from 'd3-scale';
import {select} from 'd3-selection';

import {digits, h, onWidth, plural, s, table, threadColour, timeText, unitFor} from './dom.js';

/** Of the model's operations, in ns; null: they were not measured. */
export function overheadsOf(bench) {
  const o = bench.overheads;
  return o
    ? {locked: o.locked_ns, transfer: o.transfer_ns, claim: o.claim_ns, forkJoin: o.fork_join_ns, call: o.call_ns}
    : null;
}

const ROW = 24,
  AXIS = 40,
  LEFT = 96,
  VALUE = 74;
/* A sample farther out than so many times the greatest median is drawn at the chart's edge. */
const FARTHEST = 1.5;
/* Rounds lie above and below each other, in px, so that equal ones can be told apart. */
const JITTER = [0, -4, 4, -2, 2, -6, 6];

const verdictWords = {faster: 'faster', slower: 'slower', same: 'the same'};

function ratioText(ratio) {
  if (!ratio || ratio.median == null) return '\u2013';
  return `${digits(ratio.median)} [${digits(ratio.low)} \u2013 ${digits(ratio.high)}]`;
}

function verdictOf(verdict) {
  return h('span', {class: `verdict verdict-${verdict}`}, verdictWords[verdict] ?? verdict);
}

/* The interval of the median, where it is told, else the quartiles. */
const intervalOf = (cell) =>
  cell.low != null && cell.high != null ? [cell.low, cell.high] : [cell.lower_quartile, cell.upper_quartile];

class RowChart {
  constructor(row, peers) {
    this.cells = peers.filter((peer) => row.cells[peer.name]).map((peer) => ({peer, ...row.cells[peer.name]}));
    this.measured = this.cells.filter((cell) => cell.median != null);
    const words = this.measured.map((cell) => `${cell.peer.name} ${timeText(cell.median)}`).join(', ');
    this.svg = s('svg', {
      class: 'chart bench-row',
      role: 'img',
      'aria-label': `${row.case}: ${words}`,
      height: this.cells.length * ROW + AXIS,
    });
    this.per = row.unit?.includes('/') ? row.unit.slice(row.unit.indexOf('/')) : '';
    onWidth(this.svg, () => this.draw());
  }

  draw() {
    const width = this.svg.clientWidth;
    if (width === 0) return;
    const most = Math.max(...this.measured.map((cell) => cell.median), 1e-3);
    const farthest = Math.max(
      ...this.measured
        .flatMap((cell) => cell.samples.concat(intervalOf(cell)))
        .filter((ns) => ns != null && ns <= FARTHEST * most),
      most,
    );
    const unit = unitFor(most),
      x = scaleLinear([0, farthest / unit.size], [LEFT, width - VALUE]).nice(4),
      across = s('g', {transform: `translate(0,${this.cells.length * ROW + 2})`});
    select(across).call(
      axisBottom(x)
        .ticks(Math.max(2, Math.floor((width - LEFT - VALUE) / 70)))
        .tickSizeOuter(0),
    );
    across.append(s('text', {x: width - VALUE, y: 32, 'text-anchor': 'end'}, unit.name + this.per));
    this.svg.setAttribute('viewBox', `0 0 ${width} ${this.cells.length * ROW + AXIS}`);
    this.svg.replaceChildren(
      across,
      ...this.cells.flatMap((cell, k) =>
        this.drawCell(cell, k * ROW, (ns) => x(Math.min(ns / unit.size, x.domain()[1])), width, unit),
      ),
    );
  }

  drawCell(cell, y, x, width, unit) {
    const label = s(
      'text',
      {x: LEFT - 6, y: y + 16, 'text-anchor': 'end'},
      cell.peer.name.length > 14 ? `${cell.peer.name.slice(0, 13)}\u2026` : cell.peer.name,
    );
    if (cell.median == null) return [label, s('text', {x: LEFT + 4, y: y + 16}, cell.outcome)];
    const [low, high] = intervalOf(cell),
      mine = cell.peer.name.startsWith('ppar'),
      nodes = [label];
    nodes.push(
      s(
        'rect',
        {
          class: 'bar',
          x: LEFT,
          y: y + 4,
          width: Math.max(x(cell.median) - LEFT, 1),
          height: ROW - 9,
          style: `fill:${threadColour(mine ? 0 : 7)}`,
        },
        s(
          'title',
          {},
          `${cell.peer.title ?? cell.peer.name}: ${timeText(cell.median)}, of ${plural(cell.samples.filter((ns) => ns != null).length, 'round')}`,
        ),
      ),
    );
    cell.samples.forEach(
      (ns, round) =>
        ns != null &&
        nodes.push(
          s('circle', {class: 'dot', cx: x(ns), cy: y + ROW / 2 - 0.5 + JITTER[round % JITTER.length], r: 1.8}),
        ),
    );
    if (low != null && high != null)
      nodes.push(
        s('path', {
          class: 'whisker',
          d: `M${x(low)} ${y + 5}v${ROW - 11}M${x(high)} ${y + 5}v${ROW - 11}M${x(low)} ${y + ROW / 2 - 0.5}H${x(high)}`,
        }),
      );
    nodes.push(s('text', {x: width - VALUE + 8, y: y + 16}, `${digits(cell.median / unit.size)} ${unit.name}`));
    return nodes;
  }
}

export class BenchView {
  constructor(section, bench) {
    this.bench = bench;
    this.cards = bench.rows.map((row) => ({
      row,
      element: this.card(row),
      text: `${row.suite} ${row.case}`.toLowerCase(),
    }));
    const suites = [...new Set(bench.rows.map((row) => row.suite))];
    this.groups = suites.map((suite) => ({
      cards: this.cards.filter((card) => card.row.suite === suite),
      element: h(
        'section',
        {'aria-label': suite},
        h('h3', {}, suite),
        h(
          'div',
          {class: 'cards'},
          this.cards.filter((card) => card.row.suite === suite).map((card) => card.element),
        ),
      ),
    }));
    const hasIntervals = bench.rows.some((row) => Object.values(row.cells).some((cell) => cell.low != null));
    this.found = h('output', {class: 'small dim'});
    section.hidden = false;
    section.append(
      h('h2', {id: 'bench-title'}, 'Benchmark'),
      ...this.head(),
      this.answers() ?? '',
      this.headlines() ?? '',
      h(
        'p',
        {},
        `Below: the median time of each, where shorter is better; ${hasIntervals ? 'the bracket holds the true median in 95 of 100 cases' : 'the bracket has the middle half of the rounds in it'}, and each dot is one round. Ratios are of ppar\u2019s time to the other\u2019s: below 1 is faster.`,
      ),
      h(
        'div',
        {class: 'panel no-print'},
        h('label', {for: 'filter'}, 'Show rows with'),
        h('br'),
        h('input', {
          id: 'filter',
          type: 'search',
          placeholder: 'dynamic',
          oninput: (event) => this.filter(event.target.value),
        }),
        ' ',
        this.found,
      ),
      ...this.groups.map((group) => group.element),
    );
    this.filter('');
  }

  head() {
    const {bench} = this,
      {machine} = bench;
    return [
      h(
        'p',
        {},
        `${machine?.processor ?? ''}, ${plural(machine?.cpus ?? 0, 'CPU')}; ${plural(bench.threads, 'thread')}, ${plural(bench.rounds, 'round')}${bench.quick ? ', quick' : ''}.`,
      ),
      bench.trust ? h('p', {class: 'dim'}, bench.trust) : '',
      bench.interrupted
        ? h('p', {class: 'warning'}, 'The run was interrupted: the last rows are missing or have fewer rounds.')
        : '',
    ];
  }

  answers() {
    const answers = this.bench.answers ?? [];
    return answers.length === 0
      ? null
      : h(
          'div',
          {class: 'panel'},
          answers.map((answer) => h('p', {}, h('strong', {}, `${answer.name}: `), answer.text)),
        );
  }

  headlines() {
    const lines = this.bench.headline ?? [];
    if (lines.length === 0) return null;
    return table(
      'In short',
      [{cell: 'what', class: 'words'}, 'ratio [95 %]', 'at most', {cell: '', class: 'words'}],
      lines.map((line) => [
        {cell: line.name, class: 'words wrap'},
        ratioText(line.ratio),
        digits(line.target),
        {cell: verdictOf(line.verdict), class: 'words'},
      ]),
    );
  }

  card(row) {
    const chart = new RowChart(row, this.bench.peers),
      notes = chart.cells.filter((cell) => cell.found).map((cell) => `${cell.peer.name}: ${cell.found}`);
    return h(
      'article',
      {class: 'panel'},
      h('h4', {}, row.case),
      h('p', {class: 'small dim'}, `n = ${row.n.toLocaleString('en')}, ${plural(row.threads, 'thread')}`),
      chart.svg,
      row.ratio
        ? h(
            'p',
            {class: 'small'},
            `to ${row.against}: ${ratioText(row.ratio)} `,
            row.verdict ? verdictOf(row.verdict) : '',
          )
        : '',
      row.noisy ? h('p', {class: 'small dim'}, 'Others disturbed these rounds: the figures are doubtful.') : '',
      ...notes.map((note) => h('p', {class: 'small dim'}, note)),
    );
  }

  filter(text) {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const group of this.groups) {
      let any = false;
      for (const card of group.cards) {
        const fits = words.every((word) => card.text.includes(word));
        card.element.hidden = !fits;
        any ||= fits;
        shown += fits;
      }
      group.element.hidden = !any;
    }
    this.found.textContent = `${plural(shown, 'row')} of ${this.cards.length}`;
  }
}
