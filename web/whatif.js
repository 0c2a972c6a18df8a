/* SPDX-License-Identifier: MIT */
/* whatif.js: a loop of a shape, or one of the run's, played under any schedule on any number of threads. */
import {costsOfShape, shapes} from './costs.js';
import {digits, h, percent, plural, table, timeText, timeTexts, unique} from './dom.js';
import {numberField, sliderField} from './fields.js';
import {Iterations} from './iterations.js';
import {lossBar} from './losses.js';
import {simulate} from './model.js';
import {Others} from './others.js';
import {CHUNKS_PLAYED, isPlayable, play} from './play.js';
import {assumed, overheadWords, scheduleOf, schedules} from './schedules.js';
import {Timeline} from './timeline.js';

const THREADS_MAX = 256,
  ITERATIONS_MAX = 100000,
  CHUNK_MAX = 1e9;
const SLOW_MS = 100,
  REST_MS = 150;

/** recorded: loops of the run that have costs (trace.js); overheads: measured ones, or null. */
export class WhatIf {
  constructor(section, recorded, overheads) {
    this.section = section;
    this.recorded = recorded;
    this.overheads = {...assumed, ...overheads};
    this.hasMeasured = overheads != null;
    this.timeline = new Timeline({label: 'Predicted: threads over time'});
    this.iterations = new Iterations({label: 'What iterations take, and which thread runs them'});
    this.others = new Others((sharing) => this.choose(sharing));
    this.results = h('div', {'aria-live': 'polite'});
    section.append(
      h('h2', {id: 'whatif-title'}, 'What if? Chunks on threads'),
      h(
        'p',
        {},
        'Choose a loop, threads and a schedule; the loop is then played event by event, by the model that ',
        h('code', {}, 'ppar_bench --simulate'),
        ' has: a CPU for each thread, and caches and memory left out.',
      ),
      this.controls(),
      this.results,
      this.timeline.element,
      h('h3', {}, 'Iterations: what they take, and whose they are'),
      this.iterations.element,
      this.others.element,
    );
    this.update();
  }

  /* --- Controls ---- */

  controls() {
    const loop = unique('loop'),
      first = this.recorded[0],
      changed = () => this.update();
    this.source = h(
      'select',
      {id: loop, onchange: () => this.chooseSource()},
      this.recorded.length > 0 &&
        h(
          'optgroup',
          {label: 'Recorded in this run'},
          this.recorded.map((one, k) => h('option', {value: `run ${k}`}, one.title)),
        ),
      h(
        'optgroup',
        {label: 'Shapes'},
        shapes.map((shape, k) =>
          h('option', {value: `shape ${k}`, selected: !first && shape.name === 'triangle'}, shape.name),
        ),
      ),
    );
    this.about = h('p', {class: 'dim small'});
    this.count = numberField(changed, 'Iterations', 200, 1, ITERATIONS_MAX);
    this.mean = numberField(changed, 'Mean time of one, in ns', 2000, 1, 1e9);
    this.threads = sliderField(
      changed,
      'Threads, T',
      first?.choice.threads ?? 4,
      1,
      THREADS_MAX,
      (v) => v,
      (v) => v,
    );
    this.chunk = sliderField(
      changed,
      'Chunk, c',
      first && scheduleOf(first.choice.sharing).takesChunk ? first.choice.chunk : 4,
      0,
      16,
      (v) => 2 ** v,
      (v) => Math.round(Math.log2(v)),
      1,
      CHUNK_MAX,
    );
    this.sharing = first?.choice.sharing ?? 'block';
    const name = unique('schedule');
    this.radios = schedules.map(({sharing, name: text, about}) =>
      h('input', {
        type: 'radio',
        name,
        value: sharing,
        checked: sharing === this.sharing,
        'aria-label': `${text('c')}: ${about}`,
        onchange: () => {
          this.sharing = sharing;
          this.update();
        },
      }),
    );
    return h(
      'form',
      {class: 'panel', onsubmit: (event) => event.preventDefault(), 'aria-label': 'What if'},
      h(
        'div',
        {class: 'controls'},
        h('div', {}, h('label', {for: loop}, 'Loop'), h('br'), this.source, this.about),
        (this.shapeControls = h('div', {class: 'with-number'}, this.count.element, this.mean.element)),
        this.threads.element,
        this.chunk.element,
      ),
      h(
        'fieldset',
        {},
        h('legend', {}, 'Schedule'),
        h(
          'div',
          {class: 'radios'},
          schedules.map((schedule, k) =>
            h(
              'label',
              {},
              this.radios[k],
              h('span', {}, schedule.name('c'), h('span', {class: 'dim small'}, ` ${schedule.about}`)),
            ),
          ),
        ),
      ),
      this.overheadControls(),
    );
  }

  overheadControls() {
    const inputs = Object.keys(overheadWords).map((name) =>
      h('input', {
        type: 'number',
        min: 0,
        step: 'any',
        value: this.overheads[name],
        oninput: (event) => {
          this.overheads[name] = Math.max(Number(event.target.value) || 0, 0);
          this.update();
        },
      }),
    );
    return h(
      'details',
      {},
      h('summary', {}, `Costs of operations (${this.hasMeasured ? 'measured' : 'assumed'}), in ns`),
      h(
        'div',
        {class: 'overheads'},
        Object.values(overheadWords).map((words, k) => h('label', {}, words, inputs[k])),
      ),
    );
  }

  chosenRun() {
    const [from, index] = this.source.value.split(' ');
    return from === 'run' ? this.recorded[Number(index)] : null;
  }

  chooseSource() {
    const run = this.chosenRun();
    if (run) {
      this.threads.value = run.choice.threads;
      if (scheduleOf(run.choice.sharing).takesChunk) this.chunk.value = run.choice.chunk;
      this.choose(run.choice.sharing);
      return;
    }
    this.update();
  }

  choose(sharing) {
    this.sharing = sharing;
    this.radios.forEach((radio) => (radio.checked = radio.value === sharing));
    this.update();
  }

  /** Shows a loop of the run, as it was. */
  showRun(run) {
    this.source.value = `run ${this.recorded.indexOf(run)}`;
    this.chooseSource();
  }

  /* --- Results ---- */

  costs() {
    const run = this.chosenRun();
    if (run) return run.costs;
    const shape = shapes[Number(this.source.value.split(' ')[1])],
      key = [shape.name, this.count.value, this.mean.value].join();
    if (key !== this.shapeKey) this.shapeCosts = costsOfShape(shape, this.count.value, this.mean.value);
    this.shapeKey = key;
    return this.shapeCosts;
  }

  /* Where playing takes long a slider is followed when it rests. */
  update() {
    clearTimeout(this.later);
    this.section.dataset.shown = 'no';
    if (this.took > SLOW_MS) this.later = setTimeout(() => this.showAll(), REST_MS);
    else this.showAll();
  }

  showAll() {
    const began = performance.now();
    this.showChoice();
    this.took = performance.now() - began;
    this.section.dataset.shown = 'yes';
  }

  showChoice() {
    const run = this.chosenRun(),
      schedule = scheduleOf(this.sharing),
      costs = this.costs();
    const shape = run ? null : shapes[Number(this.source.value.split(' ')[1])];
    const choice = {
      costs,
      threads: this.threads.value,
      sharing: this.sharing,
      chunk: schedule.takesChunk ? this.chunk.value : 1,
      overheads: this.overheads,
    };
    this.about.textContent = run ? run.costsText : `${shape.name}: ${shape.about}`;
    this.shapeControls.hidden = run !== null;
    this.chunk.range.disabled = this.chunk.input.disabled = !schedule.takesChunk;
    const serial = costs.sum(costs.count);
    if (!isPlayable(choice)) {
      this.results.replaceChildren(
        h(
          'p',
          {class: 'warning'},
          `That would be more than ${CHUNKS_PLAYED.toLocaleString('en')} chunks, which takes too long to play here: choose larger ones.`,
        ),
      );
      this.others.show(choice, this.chunk.value, serial);
      return;
    }
    const played = play(choice),
      rows = [];
    for (let t = 0; t < choice.threads; t++) rows.push({label: `thread ${t}`, short: `${t}`});
    this.showResults(run, choice, played, serial);
    const about = this.sentence(choice, played, serial);
    this.timeline.show({wall: played.time, rows, marks: played.marks, about});
    this.iterations.show(played.columns, costs);
    this.others.show(choice, this.chunk.value, serial);
  }

  sentence(choice, played, serial) {
    const name = scheduleOf(choice.sharing).name(choice.chunk),
      loss = ['start', 'overhead', 'ending'].sort((a, b) => played.parts[b] - played.parts[a])[0];
    const all = played.time * choice.threads;
    const why = {
      start: 'threads come late: the loop is short for so many',
      overhead: 'getting chunks costs much: larger ones would cost less',
      ending: 'some threads are done long before the others: smaller chunks, or stealing, would even them out',
    }[loss];
    const lost = 1 - played.parts.busy / all;
    return (
      `${name} on ${plural(choice.threads, 'thread')}: ${digits(serial / played.time)} times as fast as on one. ` +
      (lost < 0.05
        ? 'Hardly any time is lost.'
        : `${percent(lost)} of the threads' time is lost; most of it since ${why}.`)
    );
  }

  showResults(run, choice, played, serial) {
    const figure = (name, value) => h('div', {}, h('dt', {}, name), h('dd', {'data-figure': name}, value));
    this.results.replaceChildren(
      h(
        'dl',
        {class: 'figures'},
        figure('Time', timeText(played.time)),
        figure('Speedup', digits(serial / played.time)),
        figure('Efficiency', percent(serial / (played.time * choice.threads))),
        figure('Chunks', played.chunks.toLocaleString('en')),
        figure('On one thread', timeText(serial)),
      ),
      h('p', {class: 'sentence'}, this.sentence(choice, played, serial)),
      lossBar(played.parts, choice.threads),
      run ? this.comparison(run, choice, played) : '',
    );
  }

  /* Predicted beside measured. */
  comparison(run, choice, played) {
    const same = {...choice, ...run.choice};
    const predicted = isPlayable(same) ? simulate(same).time : NaN;
    const name = (c) => scheduleOf(c.sharing).name(c.chunk),
      times = timeTexts([run.wall, predicted, played.time]);
    const few =
      run.came < run.slots
        ? h(
            'p',
            {class: 'dim small'},
            `The loop had ${plural(run.slots, 'thread number')}, and ${plural(run.came, 'thread')} came. The model has a CPU for each.`,
          )
        : '';
    return h(
      'div',
      {},
      few,
      table(
        'Predicted beside measured',
        ['', {cell: 'schedule', class: 'words'}, 'threads', 'time', 'to measured'],
        [
          ['measured in this run', {cell: run.schedule, class: 'words'}, run.came, times[0], '1.00'],
          [
            'the model of the same',
            {cell: name(same), class: 'words'},
            same.threads,
            times[1],
            digits(predicted / run.wall),
          ],
          Object.assign(
            [
              'the model of your choice',
              {cell: name(choice), class: 'words'},
              choice.threads,
              times[2],
              digits(played.time / run.wall),
            ],
            {class: 'is-chosen'},
          ),
        ],
      ),
    );
  }
}
