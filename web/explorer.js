/* SPDX-License-Identifier: MIT */
/* explorer.js: what is on the page depends on the data in it: a run's, a benchmark's, or none. */
import {BenchView, overheadsOf} from './bench.js';
import {h} from './dom.js';
import {recordedLoops, TraceView} from './trace.js';
import {WhatIf} from './whatif.js';

/* The page without data is a what-if of shapes. */
function dataOf() {
  const text = document.getElementById('data').textContent;
  return text.startsWith('{') ? JSON.parse(text) : {};
}

function start() {
  const data = dataOf(),
    part = (id) => document.getElementById(id);
  const recorded = data.trace ? recordedLoops(data.trace) : [];
  const about = ['Loops of ppar, to look around in.'];
  let whatIf = null;
  const show = (id) => (document.querySelector(`nav li[data-part="${id}"]`).hidden = false);
  if (data.bench) {
    new BenchView(part('bench'), data.bench);
    show('bench');
    about[0] = `ppar_bench ${data.bench.ppar_bench}: ppar and others, measured side by side.`;
  }
  if (data.trace) {
    new TraceView(part('run'), data.trace, recorded, (run) => {
      whatIf.showRun(run);
      part('whatif').scrollIntoView();
    });
    show('run');
    about[0] = `What a program's loops did, as ppar ${data.ppar} has recorded it.`;
  }
  whatIf = new WhatIf(part('whatif'), recorded, data.bench ? overheadsOf(data.bench) : null);
  part('about').append(
    ...about,
    ' ',
    h('span', {class: 'dim'}, 'This page needs no network: all of it is in this file.'),
  );
  document.documentElement.dataset.ready = 'yes';
}

start();
