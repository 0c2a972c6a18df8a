/* SPDX-License-Identifier: MIT */
/* fields.js: what numbers are put in by. */
import {h, unique} from './dom.js';

/** A whole number from `least` to `most`; changed() is called when it may have changed. */
export function numberField(changed, text, value, least, most) {
  const id = unique('number'),
    input = h('input', {type: 'number', id, value, min: least, max: most, step: 1, oninput: () => changed()});
  return {
    element: h('div', {}, h('label', {for: id}, text), h('br'), input),
    input,
    get value() {
      return Math.min(Math.max(Math.round(Number(input.value)) || least, least), most);
    },
  };
}

/** A slider and a number that follow each other; the slider's values may be powers. */
export function sliderField(
  changed,
  text,
  value,
  least,
  most,
  fromSlider,
  toSlider,
  numberLeast = least,
  numberMost = most,
) {
  const id = unique('slider'),
    number = numberField(changed, text, value, numberLeast, numberMost);
  const range = h('input', {
    type: 'range',
    id,
    min: least,
    max: most,
    step: 1,
    value: toSlider(value),
    'aria-label': text,
  });
  const say = () => range.setAttribute('aria-valuetext', String(number.value));
  number.input.setAttribute('aria-label', text);
  range.addEventListener('input', () => {
    number.input.value = fromSlider(Number(range.value));
    say();
    changed();
  });
  number.input.addEventListener('input', () => {
    range.value = toSlider(number.value);
    say();
  });
  say();
  return {
    element: h('div', {}, h('label', {for: id}, text), h('div', {class: 'with-number'}, range, number.input)),
    range,
    input: number.input,
    get value() {
      return number.value;
    },
    set value(v) {
      number.input.value = v;
      range.value = toSlider(v);
      say();
    },
  };
}
