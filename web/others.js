/* SPDX-License-Identifier: MIT */
/* others.js: the choice beside others: all schedules on as many threads, and the same schedule on other numbers. They
 * are played one after the other, with pauses in which the page answers, and no longer than nothing else is chosen. */
import {Curve} from './curve.js';
import {digits, h, percent, plural, table, timeTexts} from './dom.js';
import {simulate} from './model.js';
import {isPlayable} from './play.js';
import {scheduleOf, schedules} from './schedules.js';

const COUNTS = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256];
/* No loop is more than so many times as fast here; a bound above it says nothing. */
const MOST = 300;

const pause = () => new Promise((done) => setTimeout(done));

export class Others {
  /** choose(sharing) is called where somebody wants to see one of the schedules. */
  constructor(choose) {
    this.choose = choose;
    this.all = h('div');
    this.curve = new Curve({label: 'Speedup over the number of threads'});
    this.curveText = h('figcaption');
    this.shows = 0;
    this.element = h(
      'div',
      {},
      h('h3', {}, 'All schedules on as many threads'),
      this.all,
      h('h3', {}, 'The same schedule on other numbers of threads'),
      h('figure', {}, this.curve.element, this.curveText),
    );
  }

  async show(choice, chunk, serial) {
    const which = ++this.shows,
      rows = [],
      points = [];
    for (const schedule of schedules) {
      const one = {...choice, sharing: schedule.sharing, chunk: schedule.takesChunk ? chunk : 1};
      await pause();
      if (which !== this.shows) return;
      rows.push({schedule, name: schedule.name(chunk), time: isPlayable(one) ? simulate(one).time : NaN});
    }
    this.showSchedules(choice, rows, serial);
    if (!isPlayable(choice)) return;
    for (const threads of [...new Set([...COUNTS, choice.threads])].sort((a, b) => a - b)) {
      await pause();
      if (which !== this.shows) return;
      points.push([threads, serial / simulate({...choice, threads}).time]);
    }
    this.showCurve(choice, points, serial);
  }

  showSchedules(choice, rows, serial) {
    const longest = Math.max(...rows.map((row) => row.time || 0)),
      best = Math.min(...rows.map((row) => row.time || Infinity)),
      times = timeTexts(rows.map((row) => row.time));
    const button = (sharing, name) =>
      h('button', {type: 'button', 'aria-label': `Choose ${name}`, onclick: () => this.choose(sharing)}, 'show');
    const cells = ({schedule, name, time}, k) => [
      {cell: `${name}${time === best ? ' *' : ''}`, class: 'words'},
      times[k],
      digits(serial / time),
      {cell: h('span', {style: `width:${(100 * (time || 0)) / longest}%`}), class: 'bar'},
      {cell: button(schedule.sharing, name), class: 'no-print'},
    ];
    this.all.replaceChildren(
      table(
        plural(choice.threads, 'thread'),
        [
          {cell: 'schedule', class: 'words'},
          'time',
          'speedup',
          {cell: '', class: 'words'},
          {cell: 'choose', class: 'words no-print'},
        ],
        rows.map((row, k) =>
          Object.assign(cells(row, k), {class: row.schedule.sharing === choice.sharing ? 'is-chosen' : null}),
        ),
      ),
      h('p', {class: 'dim small'}, '* the least time'),
    );
  }

  showCurve(choice, points, serial) {
    const bound = serial / choice.costs.longest,
      name = scheduleOf(choice.sharing).name(choice.chunk);
    this.curve.show(points, choice.threads);
    this.curveText.textContent = `Speedup of ${name}; dashed: as many times as fast as there are threads.`;
    if (bound < MOST)
      this.curveText.textContent +=
        ` No schedule can be more than ${digits(bound)} times as fast: ` +
        `the longest iteration takes ${percent(1 / bound)} of all.`;
  }
}
