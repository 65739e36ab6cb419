// The thinned network: masks drawn one by one on a small net, and what its outputs average to.

import { assign, button, checkbox, element, onChange, slider, svg } from "../shared/controls.js";
import { animation, explorable, reducedMotion } from "../shared/lifecycle.js";
import { Random } from "../shared/random.js";
import {
  briefNumber,
  layerRates,
  layerSizes,
  maskProbabilities,
  maskSequence,
  moments,
  roundTicks,
  shortNumber,
  Tally,
  thinnedOutputs,
  thinnedValues,
} from "./thinned.js";

const TRAITS = ["p_hidden", "p_input", "rescale", "seed", "n_drawn", "mask", "weights", "inputs"];
const MOST_DRAWS = 10_000;
const NET = { width: 340, height: 260, radius: 22 };
const LAYER_NAMES = ["inputs", "hidden 1", "hidden 2", "output"];
const TREND = { width: 340, height: 244, left: 44, right: 314, top: 10, bottom: 196 };
const SAMPLED = [...new Set(Array.from({ length: 301 }, (_, i) => Math.round(10 ** (i / 75))))]; // of 1 to 10,000
const CALM = 350; // milliseconds between two masks that are shown
const QUIET = 700; // milliseconds without a new mask, until the last one is put into words

/** What is true of all masks together, for a state of the traits. */
export function exactly({ weights, inputs, p_input, p_hidden, rescale }) {
  const sizes = layerSizes(weights);
  const rates = layerRates(weights, p_input, p_hidden);
  const inverse = rates.map((p) => 1 / (1 - p));
  const ones = rates.map(() => 1);
  const net = { weights, inputs };
  const probabilities = maskProbabilities(sizes, rates);
  const all = probabilities.length - 1;
  const full = thinnedValues(net, all, ones).at(-1).passed[0];
  const [scaled, plain] = [inverse, ones].map((factors) => {
    const outputs = thinnedOutputs(net, factors);
    return { factors, outputs, ...moments(outputs, probabilities) };
  });
  // The same with rescaling as without, so that the whole net's line keeps its place.
  const marks = [0, full, plain.mean, scaled.mean - 0.8 * scaled.deviation, scaled.mean + 0.8 * scaled.deviation];
  const margin = 0.06 * (Math.max(...marks) - Math.min(...marks)) || 1;
  return {
    ...(rescale ? scaled : plain),
    sizes,
    rates,
    all,
    full,
    ones,
    nPossible: 2 ** sizes.reduce((sum, size, k) => sum + (rates[k] > 0 ? size : 0), 0),
    low: Math.min(...marks) - margin,
    high: Math.max(...marks) + margin,
  };
}

/** The mask of a list of True and False. */
export function maskOf(kept) {
  return kept.reduce((mask, isKept, i) => (isKept ? mask | (1 << i) : mask), 0);
}

/** Which units a mask keeps. */
export function keptBy(mask, nUnits) {
  return Array.from({ length: nUnits }, (_, i) => Boolean((mask >> i) & 1));
}

/** How the number in a unit comes about. */
export function explain(weights, values, layer, index, { kept, factor }) {
  const isInput = layer === 0;
  const isOutput = layer === weights.length;
  const { computed, passed } = values[layer];
  let text = isInput ? `input ${index + 1}` : isOutput ? "output" : `${LAYER_NAMES[layer]}, unit ${index + 1}`;
  if (!isInput) {
    const terms = weights[layer - 1][index].map((weight, i) => {
      const sign = i ? (weight < 0 ? " − " : " + ") : weight < 0 ? "−" : "";
      return `${sign}${Math.abs(weight)} × ${briefNumber(values[layer - 1].passed[i])}`;
    });
    const sum = terms.join("");
    text += isOutput ? ` = ${sum}` : ` = ReLU(${sum})`;
  }
  text += ` = ${briefNumber(computed[index])}`;
  if (isOutput) return `${text}.`;
  if (!kept) return `${text}, dropped: it passes on 0.`;
  if (factor === 1) return `${text}, kept.`;
  return `${text}, kept, times ${briefNumber(factor)} = ${briefNumber(passed[index])}.`;
}

/** What to say while masks are drawn: a few times on the way, since words interrupt. */
export function describeProgress(nMet, nPossible) {
  const all = `${nPossible.toLocaleString("en")} thinned nets`;
  const quarters = Math.floor((4 * nMet) / nPossible);
  if (quarters === 4) return `Drawing masks. All ${all} were met.`;
  if (quarters === 0) return "Drawing masks.";
  return `Drawing masks. At least ${["a quarter", "half", "three quarters"][quarters - 1]} of the ${all} were met.`;
}

/** Which mask is shown, in words. */
export function describeMask({ n_drawn }, { sizes, full, rates }, { kept, output, byHand }) {
  if (!byHand && n_drawn === 0) return `No mask drawn yet. The whole net gives ${shortNumber(full)}.`;
  const droppedInputs = kept.slice(0, sizes[0]).filter((isKept) => !isKept).length;
  const droppedHidden = kept.slice(sizes[0]).filter((isKept) => !isKept).length;
  const nHidden = kept.length - sizes[0];
  const parts = [`${droppedHidden} of ${nHidden} hidden units`];
  if (rates[0] > 0 || droppedInputs) parts.push(`${droppedInputs} of ${sizes[0]} inputs`);
  const who = byHand ? "Set by hand, not counted: drops" : `Mask ${n_drawn.toLocaleString("en")} drops`;
  return `${who} ${parts.join(" and ")}. This thinned net gives ${shortNumber(output)}; the whole net gives ${shortNumber(full)}.`;
}

const chartX = (n) => TREND.left + (Math.log10(n) / 4) * (TREND.right - TREND.left);

function unitPlace(sizes, layer, index) {
  const x = 36 + (layer * (NET.width - 72)) / (sizes.length - 1);
  return [x, 128 + (index - (sizes[layer] - 1) / 2) * 51];
}

function link([x1, y1], [x2, y2], weight) {
  const length = Math.hypot(x2 - x1, y2 - y1) / NET.radius;
  const [dx, dy] = [(x2 - x1) / length, (y2 - y1) / length];
  const ends = [x1 + dx, y1 + dy, x2 - dx, y2 - dy].map((v) => v.toFixed(1));
  return svg("path", {
    class: weight < 0 ? "dl-link dl-negative" : "dl-link",
    d: `M${ends[0]} ${ends[1]}L${ends[2]} ${ends[3]}`,
    "stroke-width": 0.5 + 2 * Math.min(Math.abs(weight), 1.5),
  });
}

function crossOut([x, y]) {
  const corners = [
    [-1, -1],
    [-1, 1],
    [1, -1],
    [1, 1],
  ];
  const d = corners.map(([a, b]) => `M${x + a * 10} ${y + b * 10}L${x + a * 16} ${y + b * 16}`).join("");
  return svg("path", { class: "dl-cross", d });
}

/** The net, its units in one list, inputs first, and its links. */
function drawNet(weights) {
  const sizes = [...layerSizes(weights), weights.at(-1).length];
  const drawing = svg("svg", {
    viewBox: `0 0 ${NET.width} ${NET.height}`,
    role: "group",
    "aria-label": "The net: each unit with the number that it passes on",
  });
  const links = [];
  weights.forEach((rows, layer) => {
    const first = sizes.slice(0, layer).reduce((sum, size) => sum + size, 0);
    rows.forEach((row, b) =>
      row.forEach((weight, a) => {
        const line = link(unitPlace(sizes, layer, a), unitPlace(sizes, layer + 1, b), weight);
        links.push({ line, from: first + a, to: first + sizes[layer] + b });
        drawing.append(line);
      }),
    );
  });
  const units = sizes.flatMap((size, layer) =>
    Array.from({ length: size }, (_, index) => {
      const [x, y] = unitPlace(sizes, layer, index);
      const text = svg("text", { x, y: y + 5, "text-anchor": "middle" });
      const isOutput = layer === sizes.length - 1;
      const role = isOutput ? { role: "img" } : { role: "switch", tabindex: 0 };
      const group = svg("g", { class: "dl-unit", ...role });
      group.append(
        svg("rect", { class: "dl-reach", x: x - 30, y: y - 25.5, width: 60, height: 51 }),
        svg("circle", { cx: x, cy: y, r: NET.radius }),
        crossOut([x, y]),
        text,
      );
      drawing.append(group);
      return { group, text, layer, index, isOutput };
    }),
  );
  const factors = sizes.map((_, layer) => {
    const [x] = unitPlace(sizes, layer, 0);
    const below = svg("text", { x, y: NET.height - 6, "text-anchor": "middle" });
    drawing.append(svg("text", { x, y: 16, "text-anchor": "middle" }, LAYER_NAMES[layer]), below);
    return below;
  });
  return { drawing, links, units, factors };
}

/** The chart: three lines, and ticks that follow the range. */
function drawChart() {
  const { width, height, left, right, top, bottom } = TREND;
  const label =
    "Running average of the thinned nets' outputs against the number of masks drawn; the values are listed below";
  const drawing = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
  const box = { x: left, y: top, width: right - left, height: bottom - top };
  const inside = svg("svg", { ...box, viewBox: `${left} ${top} ${box.width} ${box.height}` }); // clips
  const lines = Object.fromEntries(
    ["full", "mean", "average"].map((name) => [name, svg("path", { class: `dl-line-${name}` })]),
  );
  const end = svg("circle", { class: "dl-end", r: 4.5 });
  inside.append(...Object.values(lines));
  const ticks = svg("g");
  drawing.append(svg("path", { class: "dl-axis", d: `M${left} ${top}V${bottom}H${right}` }), ticks, inside, end);
  for (const n of [1, 10, 100, 1000, 10_000]) {
    drawing.append(svg("text", { x: chartX(n), y: bottom + 17, "text-anchor": "middle" }, n.toLocaleString("en")));
  }
  drawing.append(
    svg("text", { x: (left + right) / 2, y: height - 6, "text-anchor": "middle" }, "masks drawn (log scale)"),
    svg("text", { class: "dl-axis-name", x: left + 8, y: top + 8 }, "output"),
  );
  return { drawing, lines, end, ticks };
}

/** The lines of the chart by name, with their values. */
function drawKey() {
  const rows = Object.fromEntries(
    ["average", "mean", "full"].map((name) => {
      const sample = svg("svg", { viewBox: "0 0 34 10", "aria-hidden": "true" });
      sample.append(svg("path", { class: `dl-line-${name}`, d: "M0 5H34" }));
      const [words, value] = [element("span"), element("b")];
      return [name, { row: element("li", {}, sample, words, value), words, value }];
    }),
  );
  const met = element("li", { class: "dl-met" });
  return { rows, met, list: element("ul", { class: "dl-key" }, ...Object.values(rows).map(({ row }) => row), met) };
}

export default explorable(({ model, el, signal }) => {
  const state = () => Object.fromEntries(TRAITS.map((name) => [name, model.get(name)]));

  const chart = drawChart();
  const key = drawKey();
  const result = element("p", { class: "dl-result", role: "status" });
  const detail = element("p", { class: "dl-help dl-detail" });
  const play = button("Play", () => (player.playing ? pause() : start()), signal);
  const rate = (name, label) =>
    slider(model, name, { label, min: 0, max: 0.9, step: 0.05, format: (p) => p.toFixed(2) }, signal);
  const buttons = element(
    "div",
    { class: "dl-buttons" },
    button("Draw a mask", drawOne, signal),
    play,
    button("Start over", startOver, signal),
  );
  const controls = element(
    "div",
    { class: "dl-controls" },
    rate("p_hidden", "p for hidden units"),
    rate("p_input", "p for inputs"),
    checkbox(model, "rescale", { label: "Rescale survivors by 1/(1 − p)" }, signal),
  );
  const netPlace = element("div");
  const views = element(
    "div",
    { class: "dl-views" },
    element("div", {}, netPlace, detail, buttons),
    element("div", {}, chart.drawing, key.list),
  );
  el.classList.add("dl-thinned");
  el.append(views, result, controls);

  // What was computed last, and from what: most changes leave most of it as it was.
  let net, exact, sequence, tally;
  const causes = {};
  const isNew = (name, ...of) => {
    const text = JSON.stringify(of);
    const changed = causes[name] !== text;
    causes[name] = text;
    return changed;
  };

  function update() {
    const now = state();
    const { weights, inputs, p_hidden, p_input, rescale, seed, n_drawn } = now;
    if (isNew("net", weights)) {
      net = drawNet(weights);
      netPlace.replaceChildren(net.drawing);
    }
    if (isNew("exact", weights, inputs, p_hidden, p_input, rescale)) exact = exactly(now);
    if (isNew("sequence", seed)) sequence = maskSequence(new Random(seed), exact.sizes);
    if (isNew("tally", causes.exact, seed) || tally.averages.length > n_drawn) tally = new Tally();
    for (let k = tally.averages.length; k < n_drawn; k++) {
      const mask = sequence(k, exact.rates);
      tally.add(mask, exact.outputs[mask]);
    }
    return now;
  }

  function shown(now) {
    const byHand = now.mask.length > 0;
    const isFull = !byHand && now.n_drawn === 0;
    const mask = byHand ? maskOf(now.mask) : isFull ? exact.all : sequence(now.n_drawn - 1, exact.rates);
    const factors = isFull ? exact.ones : exact.factors;
    const values = thinnedValues(now, mask, factors);
    const kept = keptBy(mask, net.units.length - 1);
    return { byHand, mask, kept, factors, values, output: values.at(-1).passed[0] };
  }

  function showNet(now) {
    const { kept, factors, values } = shown(now);
    const alive = [...kept, true];
    net.units.forEach(({ group, text, layer, index, isOutput }, i) => {
      group.classList.toggle("dl-dropped", !alive[i]);
      text.textContent = briefNumber(values[layer].passed[index]);
      const name = isOutput
        ? "Output"
        : layer === 0
          ? `Input ${index + 1}`
          : `Hidden layer ${layer}, unit ${index + 1}`;
      group.setAttribute("aria-label", `${name}: ${text.textContent}`);
      if (!isOutput) group.setAttribute("aria-checked", alive[i]);
    });
    for (const { line, from, to } of net.links) line.classList.toggle("dl-gone", !(alive[from] && alive[to]));
    factors.forEach((factor, layer) => {
      net.factors[layer].textContent = `× ${briefNumber(factor)}`;
    });
    showDetail(now);
  }

  let pointedAt = null;
  function showDetail(now) {
    const unit = net.units.find(({ group }) => group === pointedAt);
    if (!unit) {
      detail.textContent =
        "Click a unit, or press Enter on it, to drop it or bring it back. Dashed connections have negative weights.";
      return;
    }
    const { kept, factors, values } = shown(now);
    const { layer, index } = unit;
    const how = { kept: kept[net.units.indexOf(unit)], factor: factors[layer] };
    detail.textContent = explain(now.weights, values, layer, index, how);
  }

  function showChart(now) {
    const { left, right, top, bottom } = TREND;
    const { low, high } = exact;
    const span = high - low;
    const y = (value, beyond = 50) => {
      const place = bottom - ((value - low) / span) * (bottom - top);
      return Math.min(Math.max(place, top - beyond), bottom + beyond);
    };
    const n = tally.averages.length;
    const at = (k) => `${chartX(k).toFixed(1)} ${y(tally.averages[k - 1]).toFixed(1)}`;
    const points = SAMPLED.filter((k) => k < n);
    chart.lines.average.setAttribute("d", n ? `M${[...points, n].map(at).join("L")}` : "");
    chart.lines.mean.setAttribute("d", `M${left} ${y(exact.mean).toFixed(1)}H${right}`);
    chart.lines.full.setAttribute("d", `M${left} ${y(exact.full).toFixed(1)}H${right}`);
    chart.end.setAttribute("visibility", n ? "visible" : "hidden");
    if (n) {
      chart.end.setAttribute("cx", chartX(n).toFixed(1));
      chart.end.setAttribute("cy", y(tally.averages[n - 1], 0).toFixed(1));
    }
    if (isNew("ticks", low, high)) {
      const values = roundTicks(low, high);
      const digits = Math.max(0, -Math.floor(Math.log10(values[1] - values[0]) + 1e-9));
      chart.ticks.replaceChildren(
        ...values.map((value) => {
          const text = value.toFixed(digits).replace("-", "−");
          return svg("text", { x: left - 6, y: y(value) + 5, "text-anchor": "end" }, text);
        }),
      );
    }
    const possible = exact.nPossible.toLocaleString("en");
    const { average, mean, full } = key.rows;
    average.words.textContent = n ? `average of ${n.toLocaleString("en")} drawn` : "average of those drawn";
    average.value.textContent = n ? shortNumber(tally.averages[n - 1]) : "–";
    mean.words.textContent = exact.nPossible > 1 ? `mean of all ${possible} masks` : "mean: the one mask there is";
    mean.value.textContent = shortNumber(exact.mean);
    full.words.textContent = "whole net, nothing dropped";
    full.value.textContent = shortNumber(exact.full);
    key.met.replaceChildren(
      "thinned nets met: ",
      element("b", {}, `${tally.nMet.toLocaleString("en")} of ${possible}`),
    );
  }

  // Masks can come faster than they can be looked at, or listened to: from Play here, in
  // another view, or in the kernel. The chart follows every one, the net a few a second, and
  // words wait until the masks stop.
  let netShown = -Infinity;
  let lastDrawn = -Infinity;
  let netTimer = 0;
  let wordsTimer = 0;
  signal.addEventListener("abort", () => {
    clearTimeout(netTimer);
    clearTimeout(wordsTimer);
  });

  function say(text) {
    if (result.textContent !== text) result.textContent = text;
  }

  function sayMask() {
    const now = update();
    say(describeMask(now, exact, shown(now)));
  }

  function showAtOnce() {
    clearTimeout(netTimer);
    clearTimeout(wordsTimer);
    netTimer = wordsTimer = 0;
    const now = update();
    showChart(now);
    showNet(now);
    netShown = performance.now();
    if (!player.playing) sayMask();
  }

  function showDrawn() {
    const now = update();
    showChart(now);
    const time = performance.now();
    const isRun = player.playing || time - lastDrawn < QUIET;
    lastDrawn = time;
    if (!netTimer) {
      netTimer = setTimeout(
        () => {
          netTimer = 0;
          netShown = performance.now();
          showNet(update());
        },
        Math.max(0, netShown + CALM - time),
      );
    }
    clearTimeout(wordsTimer);
    if (!isRun) sayMask();
    else {
      say(describeProgress(tally.nMet, exact.nPossible));
      wordsTimer = setTimeout(() => {
        if (!player.playing) sayMask();
      }, QUIET);
    }
  }

  // Drawing.
  function draw(n) {
    if (model.get("mask").length) model.set("mask", []);
    model.set("n_drawn", Math.min(model.get("n_drawn") + n, MOST_DRAWS));
  }

  function drawOne() {
    pause();
    if (model.get("n_drawn") >= MOST_DRAWS) startOver();
    draw(1);
    model.save_changes();
  }

  function startOver() {
    pause();
    model.set("seed", (model.get("seed") + 1) % 2 ** 32);
    if (model.get("mask").length) model.set("mask", []);
    assign(model, "n_drawn", 0);
  }

  // Playing: two masks a second, later a fifth of those drawn so far, which moves the end of
  // the line at a steady pace on an axis of powers of ten.
  let due = 0;
  let waited = 0;
  let saved = 0;
  const player = animation(
    el,
    (elapsed) => {
      waited += elapsed;
      if (waited < (reducedMotion() ? 1000 : 0)) return;
      due += (waited / 1000) * Math.max(2, model.get("n_drawn") / 5);
      waited = 0;
      if (due < 1) return;
      draw(Math.floor(due));
      due %= 1;
      if (model.get("n_drawn") >= MOST_DRAWS) pause();
      else if (performance.now() - saved > 250) {
        saved = performance.now();
        model.save_changes();
      }
    },
    signal,
  );

  function start() {
    if (model.get("n_drawn") >= MOST_DRAWS) startOver();
    [due, waited] = [1, 1000];
    play.textContent = "Pause";
    player.play();
  }

  function pause() {
    if (!player.playing) return;
    player.pause();
    play.textContent = "Play";
    model.save_changes();
    showAtOnce();
  }

  // Setting a mask by hand.
  const unitAt = (target) => target.closest?.(".dl-unit");
  function toggle(group) {
    const index = net.units.findIndex((unit) => unit.group === group);
    if (index < 0 || net.units[index].isOutput) return;
    pause();
    const kept = shown(update()).kept;
    kept[index] = !kept[index];
    assign(model, "mask", kept);
  }
  const point = (group) => {
    pointedAt = group;
    showDetail(update());
  };
  netPlace.addEventListener("click", ({ target }) => toggle(unitAt(target)), { signal });
  netPlace.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      toggle(unitAt(event.target));
    },
    { signal },
  );
  for (const event of ["pointerover", "focusin"]) {
    netPlace.addEventListener(
      event,
      ({ target }) => {
        if (unitAt(target)) point(unitAt(target));
      },
      { signal },
    );
  }

  onChange(model, ["n_drawn"], showDrawn, signal);
  onChange(
    model,
    TRAITS.filter((name) => name !== "n_drawn"),
    showAtOnce,
    signal,
  );
  showAtOnce();
});
