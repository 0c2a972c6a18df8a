/* SPDX-License-Identifier: MIT */
/* trace.js: what lib/show/html.c has written of a run. Times are in ns.
 *
 *   {signal, wall, lostEvents, lostConstructs, lostThreads, leftOut: places of which no loop is shown,
 *    threads: [{name, lost}],
 *    sites: [{title, where, kind, calls, iterations, wall, capacity, ... : sums of lib/trace/event.h}],
 *    loops: [{title, where, kind, schedule, ..., binWidth, bins: [ns or null], owners: [slot, -1: several, -2: nobody],
 *             spans: [[thread, kind, begin, end, ns, spans, first, past, count, slot, flags]],
 *             merged, mergedBelow}]} */
import {costsOfBins} from './costs.js';
import {digits, h, percent, plural, table, timeText, timeTexts} from './dom.js';
import {Columns, Iterations} from './iterations.js';
import {lossBar} from './losses.js';
import {cutWaits, rangeText} from './marks.js';
import {Timeline} from './timeline.js';

const STRIDED = 1;

function sharingOf(loop) {
  if (loop.scheduleKind === 'static') return loop.chunk > 0 ? 'turn' : 'block';
  if (loop.scheduleKind === 'guided') return 'guided';
  if (loop.scheduleKind === 'dynamic') return loop.byCounter ? 'counter' : 'range';
  return loop.blocks ? 'block' : 'auto';
}

/** The loops of which the what-if can be asked, with their costs and what was chosen for them. */
export function recordedLoops(trace) {
  return [...trace.loops]
    .sort((a, b) => b.wall - a.wall)
    .filter((loop) => loop.count > 0 && loop.binsSeen > 0)
    .map((loop) => {
      const known = loop.bins.filter((ns) => ns !== null),
        missing = loop.bins.length - known.length;
      const mean = known.reduce((sum, ns) => sum + ns, 0) / known.length;
      const costs = costsOfBins(
        loop.count,
        loop.binWidth,
        loop.bins.map((ns) => ns ?? mean),
      );
      const sharing = sharingOf(loop),
        came = loop.alone ? 1 : Math.min(Math.max(loop.had, 1), loop.slots);
      const isStatic = sharing === 'block' || sharing === 'turn';
      const threads = isStatic ? loop.slots : came; // whose blocks nobody came for are run by others
      const chunks = loop.spans.filter((span) => span[1] === 'chunk').reduce((sum, span) => sum + span[5], 0);
      loop.costs = costs;
      return {
        loop,
        costs,
        title: loop.title,
        schedule: loop.schedule,
        slots: loop.slots,
        came,
        wall: loop.wall,
        choice: {sharing, chunk: loop.chunk || 1, threads},
        costsText:
          `${plural(loop.count, 'iteration')} as recorded in ${plural(chunks, 'chunk')}` +
          (chunks < loop.count
            ? ', of each of which the iterations count as equal: run the loop with dynamic,1 to have their own times'
            : '') +
          (loop.binWidth > 1 ? `, in groups of ${loop.binWidth} that count as equal` : '') +
          (missing > 0 ? `; of ${plural(missing, 'group')} nothing is known, which count as the mean` : '') +
          '. Times of iterations have what the recording costs in them, some 50 ns a chunk.',
      };
    });
}

/* Threads of the system that did something in the loop: rows of its picture. */
function marksOf(trace, loop) {
  const threads = [...new Set(loop.spans.map((span) => span[0]))].sort((a, b) => a - b),
    rows = new Map(threads.map((thread, row) => [thread, row]));
  const slots = new Map();
  const marks = loop.spans.map(([thread, kind, begin, end, ns, spans, first, past, count, slot, flags]) => {
    let text = '';
    if (kind === 'chunk') text = rangeText(first, past, count) + (flags & STRIDED ? `, every ${loop.slots}th` : '');
    if (kind === 'steal') text = `what was thread ${first}'s`;
    if (kind === 'ordered' || kind === 'ordered wait') text = `of iteration ${first}`;
    if (kind === 'chunk') slots.set(thread, slot);
    return {row: rows.get(thread), kind, begin, end, ns, spans, slot, first, past, count, text};
  });
  return {
    marks,
    rows: threads.map((thread) => ({
      label: trace.threads[thread]?.name ?? `thread ${thread}`,
      thread,
      slot: slots.get(thread),
    })),
  };
}

/* What a thread did before the oldest event that is left of it. */
function unknownOf(trace, loop, marks, rows) {
  if (loop.isComplete) return [];
  return rows.flatMap(({thread}, row) => {
    const known = marks.filter((mark) => mark.row === row && mark.kind !== 'member'),
      end = known.reduce((least, mark) => Math.min(least, mark.begin), loop.wall);
    if (!(trace.threads[thread]?.lost > 0) || end <= 0) return [];
    return [{row, kind: 'unknown', begin: 0, end, ns: end, spans: 1, slot: 0}];
  });
}

function columnsOf(loop) {
  const columns = new Columns(loop.count);
  loop.owners.forEach((owner, b) => {
    if (owner !== -2) columns.add(b * loop.binWidth, Math.min((b + 1) * loop.binWidth, loop.count), owner);
  });
  return columns;
}

/* Of one row: how long it was busy, and so on. */
function sumsOf(marks, rows, wall) {
  return rows.map((row, r) => {
    const own = marks.filter((mark) => mark.row === r),
      of = (...kinds) => own.filter((mark) => kinds.includes(mark.kind)).reduce((sum, mark) => sum + mark.ns, 0);
    const work = own.filter((mark) => mark.kind === 'chunk' || mark.kind === 'task');
    const inside = of('barrier', 'critical wait', 'ordered wait');
    const last = work.reduce((latest, mark) => Math.max(latest, mark.end), 0);
    return {
      ...row,
      busy: of('chunk', 'task'),
      waits: inside,
      chunks: work.reduce((sum, mark) => sum + mark.spans, 0),
      iterations: own.filter((mark) => mark.kind === 'chunk').reduce((sum, mark) => sum + mark.count, 0),
      steals: own.filter((mark) => mark.kind === 'steal').reduce((sum, mark) => sum + mark.spans, 0),
      idleAfter: wall - last,
    };
  });
}

/** What a student would say of the picture. */
function sentenceOf(loop, sums) {
  if (sums.length < 2 || loop.kind === 'region' || !loop.isComplete) return '';
  const byEnd = [...sums].filter((sum) => sum.chunks > 0).sort((a, b) => a.idleAfter - b.idleAfter);
  if (byEnd.length === 0) return '';
  const last = byEnd[0],
    first = byEnd[byEnd.length - 1];
  const waited = first.idleAfter - last.idleAfter;
  const means = loop.bins.filter((ns) => ns !== null && ns > 0).sort((a, b) => a - b);
  const differ =
    means.length > 1 ? means[Math.floor(0.95 * (means.length - 1))] / means[Math.floor(0.05 * (means.length - 1))] : 1;
  return (
    `${loop.kind === 'task group' ? 'tasks' : loop.schedule}: ` +
    (waited > 0.05 * loop.wall
      ? `${first.label} had nothing to do for ${percent(waited / loop.wall)} of the loop while ${last.label} still worked. `
      : 'all threads ended at nearly the same time. ') +
    (differ >= 1.5 ? `Long iterations take ${digits(differ)} times as long as short ones.` : '')
  );
}

function loopWords(loop) {
  const words = [
    loop.kind,
    loop.count > 0 && plural(loop.count, loop.kind === 'task group' ? 'task' : 'iteration'),
    `${plural(loop.slots, 'thread')}${loop.had > 0 && loop.had < loop.slots && !loop.alone ? `, of which ${loop.had} came` : ''}`,
    loop.kind === 'region' || loop.kind === 'task group' ? null : loop.schedule,
    timeText(loop.wall),
  ];
  return words.filter(Boolean).join(' \u00b7 ');
}

function notes(loop) {
  return [
    !loop.hasEnded && 'It had not ended when this was written.',
    !loop.isComplete &&
      loop.hasEnded &&
      'Some of what happened in it was recorded too long ago and has been replaced by later events.',
    loop.merged > 0 &&
      `${plural(loop.merged, 'short span')} are drawn together with those beside them, where both together take less than ${timeText(loop.mergedBelow)}.`,
    loop.asked > loop.slots && `${plural(loop.asked, 'thread')} were asked for.`,
    loop.alone && 'It was run by its caller alone, since it should take less time than others need to come.',
  ].filter(Boolean);
}

/** The section on the run. showWhatIf(loop): looks at the loop in the what-if. */
export class TraceView {
  constructor(section, trace, recorded, showWhatIf) {
    Object.assign(this, {trace, recorded, showWhatIf});
    const choices = trace.loops.map((loop, k) => h('option', {value: k}, `${loop.title} (${timeText(loop.wall)})`));
    this.select = h('select', {id: 'loop', onchange: () => this.show(Number(this.select.value))}, choices);
    this.timeline = new Timeline({label: 'Threads over time'});
    this.iterations = new Iterations({label: 'What iterations took, and which thread ran them'});
    this.title = h('h3');
    this.text = h('div');
    this.after = h('div');
    this.map = h('div', {}, h('h3', {}, 'Iterations: what they took, and who ran them'), this.iterations.element);
    section.hidden = false;
    section.append(h('h2', {id: 'run-title'}, 'This run'), ...this.warnings(), this.sites());
    if (trace.loops.length > 0) {
      section.append(
        h(
          'div',
          {class: 'panel no-print'},
          h('label', {for: 'loop'}, 'Loop '),
          h('br'),
          this.select,
          h(
            'p',
            {class: 'dim small'},
            'Of each place the call that took the middle time',
            trace.leftOut > 0 ? `; ${plural(trace.leftOut, 'place')} that took less are left out.` : '.',
          ),
        ),
        this.title,
        this.text,
        this.timeline.element,
        this.map,
        this.after,
      );
      const longest = trace.loops.reduce((best, loop, k) => (loop.wall > trace.loops[best].wall ? k : best), 0);
      this.select.value = longest;
      this.show(longest);
    }
  }

  warnings() {
    const {trace} = this;
    return [
      trace.signal > 0 && `The program was ended by signal ${trace.signal}; this is what happened before.`,
      trace.lostEvents > 0 &&
        `${plural(trace.lostEvents, 'event')} are missing, since later ones took their place (PPAR_TRACE_SIZE).`,
      trace.lostThreads > 0 && `Of ${plural(trace.lostThreads, 'thread')} nothing was recorded.`,
      trace.loops.length === 0 && 'No loop was recorded.',
    ]
      .filter(Boolean)
      .map((text) => h('p', {class: 'warning'}, text));
  }

  sites() {
    const sites = [...this.trace.sites].sort((a, b) => b.wall - a.wall);
    if (sites.length === 0) return '';
    const each = timeTexts(sites.map((site) => site.wall / site.calls)),
      all = timeTexts(sites.map((site) => site.wall));
    const lost = timeTexts(
      sites.map((site) =>
        site.kind === 'task group'
          ? NaN
          : Math.max(site.capacity - site.busy, 0) / Math.max(site.slots / site.calls, 1),
      ),
    );
    return table(
      'All places, by the time they took',
      [{cell: 'place', class: 'words'}, {cell: 'kind', class: 'words'}, 'calls', 'a call', 'in all', 'busy', 'lost'],
      sites.map((site, k) => [
        {cell: site.title, class: 'words wrap'},
        {cell: site.kind, class: 'words'},
        site.calls.toLocaleString('en'),
        each[k],
        all[k],
        percent(site.busy / site.capacity),
        lost[k],
      ]),
    );
  }

  show(index) {
    const loop = this.trace.loops[index],
      {marks, rows} = marksOf(this.trace, loop),
      sums = sumsOf(marks, rows, loop.wall);
    const recorded = this.recorded.find((one) => one.loop === loop),
      sentence = sentenceOf(loop, sums);
    this.title.textContent = loop.title;
    this.text.replaceChildren(
      h('p', {class: 'dim'}, loopWords(loop), loop.where !== loop.title ? ` \u00b7 ${loop.where}` : ''),
      sentence ? h('p', {class: 'sentence'}, sentence) : '',
      ...notes(loop).map((note) => h('p', {class: 'small dim'}, note)),
    );
    const shown = [...unknownOf(this.trace, loop, marks, rows), ...cutWaits(marks, rows.length)];
    this.timeline.show({wall: loop.wall, rows, marks: shown, about: sentence});
    this.map.hidden = !loop.costs;
    if (loop.costs) this.iterations.show(columnsOf(loop), loop.costs);
    this.after.replaceChildren(
      this.losses(loop, sums) ?? '',
      recorded
        ? h(
            'p',
            {class: 'no-print'},
            h(
              'button',
              {type: 'button', onclick: () => this.showWhatIf(recorded)},
              'What if this loop had another schedule?',
            ),
          )
        : '',
      h(
        'details',
        {},
        h('summary', {}, 'Threads as a table'),
        table(
          'Threads',
          [{cell: 'thread', class: 'words'}, 'number', 'chunks', 'iterations', 'busy', 'of the loop', 'steals'],
          sums.map((sum) => [
            {cell: sum.label, class: 'words'},
            sum.slot ?? '\u2013',
            sum.chunks,
            sum.iterations.toLocaleString('en'),
            timeText(sum.busy),
            percent(sum.busy / loop.wall),
            sum.steals,
          ]),
        ),
      ),
    );
  }

  /* Sums are complete however many events are lost; they are of all calls. */
  lossesOfPlace(loop) {
    const site = this.trace.sites.find((one) => one.title === loop.title && one.where === loop.where);
    if (!site) return null;
    const imbalance = site.ending + Math.max(site.allWall - site.there, 0),
      parts = {
        busy: site.busy,
        start: site.start + Math.max(site.capacity - site.allWall, 0),
        overhead: Math.max(site.there - site.start - site.busy - site.waited - site.ending, 0),
        waited: site.waited,
        ending: imbalance,
      };
    return h(
      'div',
      {},
      h('p', {class: 'small dim'}, `Of all ${plural(site.calls, 'call')} of this place:`),
      lossBar(parts, site.slots),
    );
  }

  /* Of this call, from its spans: a slot that nobody came for is time before a first chunk. */
  losses(loop, sums) {
    if (loop.kind === 'region' || loop.kind === 'task group') return null;
    if (!loop.isComplete) return this.lossesOfPlace(loop);
    const parts = {busy: 0, start: 0, overhead: 0, waited: 0, ending: 0},
      threads = loop.alone ? 1 : loop.slots;
    const {marks} = marksOf(this.trace, loop);
    let came = 0;
    sums.forEach((sum, r) => {
      const work = marks.filter((mark) => mark.row === r && mark.kind === 'chunk');
      if (work.length === 0) return;
      const first = work.reduce((least, mark) => Math.min(least, mark.begin), loop.wall),
        last = work.reduce((most, mark) => Math.max(most, mark.end), 0);
      const waits = Math.min(sum.waits, sum.busy);
      came++;
      parts.busy += sum.busy - waits;
      parts.waited += waits;
      parts.start += Math.max(first, 0);
      parts.ending += Math.max(loop.wall - last, 0);
      parts.overhead += Math.max(last - first - sum.busy, 0);
    });
    parts.start += Math.max(threads - came, 0) * loop.wall;
    return came > 0 ? lossBar(parts, threads) : null;
  }
}
