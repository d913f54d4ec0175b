// The network: a column of small maps for each layer, joined by lines as wide as their weights.

import { bytes, copied, element, line, panel } from "../page.js";
import { drawBorder, tinted } from "./surface.js";
import { TEXTS } from "./texts.js";

const ZERO = 127; // the level that stands for 0
const UNKNOWN = 255;
const LARGEST = 64; // pixels of a map's side
const GAP = 5;
const TOP = 34; // two lines of words above the maps
const THICK = 4.5; // the line of a layer's largest weight
const THIN = 0.35;
const EDGE = 8; // left and right of the first and last column
const WIDER = 1.45; // than its maps is a column
const TIGHT = 62; // pixels of a column that has no room for whole words
const WORDS_WEIGHTS = 8;

const floats = (view) => [...new Float32Array(copied(view))];
const largestOf = (values) => Math.max(...values.map(Math.abs), 1e-12);
const short = (value) => `${+value.toPrecision(2)}`.replace("-", "−");

export class Network {
  constructor(view, parent) {
    this.view = view;
    this.panel = panel(parent, "pg-network", TEXTS.network);
    const key = element(this.panel.caption, "small");
    element(key, "span", "pg-one", TEXTS.above);
    element(key, "span", "pg-zero", TEXTS.below);
    this.words = element(this.panel.canvas.parentElement, "div", "pg-unit");
    this.words.setAttribute("aria-live", "polite");
    this.listen(this.panel.canvas);
  }

  listen(canvas) {
    canvas.tabIndex = 0;
    for (const name of ["pointerdown", "pointermove"]) {
      canvas.addEventListener(name, (event) => {
        const frame = canvas.getBoundingClientRect();
        this.pick(this.unitAt(event.clientX - frame.left, event.clientY - frame.top));
      });
    }
    canvas.addEventListener("pointerleave", (event) => {
      if (event.pointerType !== "touch") this.pick(undefined); // a finger leaves, and reads
    });
    canvas.addEventListener("blur", () => this.pick(undefined));
  }

  onKey(event) {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const moves = way[event.key];
    if (!moves || !this.boxes?.length) return;
    event.preventDefault();
    const [place, unit] = this.picked ?? [0, 0];
    const to = Math.max(0, Math.min(this.boxes.length - 1, place + moves[0]));
    const last = this.boxes[to].length - 1;
    this.pick([to, Math.max(0, Math.min(last, unit + moves[1]))]);
  }

  unitAt(across, down) {
    for (const [place, column] of (this.boxes ?? []).entries()) {
      for (const [unit, box] of column.entries()) {
        if (across >= box.left - 2 && across <= box.right + 2) {
          if (down >= box.top - 2 && down <= box.bottom + 2) return [place, unit];
        }
      }
    }
  }

  pick(unit) {
    if (`${unit}` === `${this.picked}`) return;
    this.picked = unit;
    this.view.soon();
  }

  draw(state) {
    const columns = state.columns ?? [];
    this.boxes = [];
    if (!columns.length) {
      this.words.textContent = state.left_out ?? "";
      return this.view.missing(this.panel, TEXTS.noNetwork);
    }
    const { context, width, height } = this.view.clear(this.panel);
    const maps = columns.map((column) => bytes(column.maps));
    const count = this.countOf(maps[0], columns[0]);
    const shown = columns.map((column) => column.biases.byteLength / 4);
    const room = (width - EDGE) / columns.length; // of a column
    const most = Math.max(...shown);
    this.view.root.style.setProperty("--rows", most);
    const side = Math.min(LARGEST, (height - TOP) / most - GAP, room / WIDER);
    this.isTight = room < TIGHT;
    const size = { side, width, height };
    this.boxes = shown.map((units, place) => this.boxesOf(units, place, shown.length, size));
    const [place, unit] = this.picked ?? [];
    if (place >= shown.length || unit >= shown[place]) this.picked = undefined;
    columns.forEach((column, place) => {
      if (place) this.drawWeights(context, floats(column.weights), place, shown);
    });
    columns.forEach((column, place) => {
      this.name(context, column, place, columns.length, shown[place]);
      this.drawUnits(context, maps[place], count, place);
      if (place) this.drawBiases(context, floats(column.biases), place);
    });
    this.say(columns, state.left_out);
    const sizes = columns.map((column) => column.units).join(", ");
    this.panel.canvas.setAttribute("aria-label", TEXTS.networkSaid(sizes));
  }

  // The map of the picked unit, which the surface shows large; nothing for the output, which it is.
  pickedMap(state) {
    const [place, unit] = this.picked ?? [];
    const column = state.columns?.[place];
    if (!column || place === state.columns.length - 1) return undefined;
    const maps = bytes(column.maps);
    const size = this.countOf(maps, column) ** 2;
    const levels = maps.subarray(unit * size, (unit + 1) * size);
    if (!levels.length) return undefined;
    const layer = place ? TEXTS.layer(place) : TEXTS.input;
    const name = TEXTS.large(layer, unit + 1);
    return { name, levels, middle: ZERO, none: UNKNOWN, tints: this.view.mapTints };
  }

  countOf(map, column) {
    return Math.sqrt(map.length / (column.biases.byteLength / 4));
  }

  // Columns share the width; the units of each share the middle of the height.
  boxesOf(units, place, columns, { side, width, height }) {
    const room = width - side - 2 * EDGE;
    const left = EDGE + (columns > 1 ? (room * place) / (columns - 1) : room / 2);
    const above = TOP + (height - TOP - units * (side + GAP)) / 2;
    return [...Array(units).keys()].map((unit) => {
      const top = above + unit * (side + GAP);
      return { left, right: left + side, top, bottom: top + side };
    });
  }

  name(context, column, place, columns, shown) {
    const [box] = this.boxes[place];
    let name = this.isTight ? `${place}` : TEXTS.layer(place);
    if (!place) name = TEXTS.input;
    else if (place === columns - 1) name = TEXTS.output;
    context.fillStyle = this.view.colours.ink;
    context.font = `12px ${this.view.font}`;
    const middle = (box.left + box.right) / 2;
    if (!place || place === columns - 1) {
      context.textAlign = place ? "right" : "left";
      const edge = place ? box.right + EDGE : box.left - EDGE;
      context.fillText(name, edge, 12);
      return;
    }
    context.textAlign = "center";
    context.fillText(name, middle, 12);
    context.fillStyle = this.view.colours.quiet;
    context.fillText(this.unitsOf(column.units, shown), middle, 26);
  }

  unitsOf(units, shown) {
    if (shown < units) return (this.isTight ? TEXTS.someShort : TEXTS.some)(shown, units);
    if (this.isTight) return `${units}`;
    return units === 1 ? TEXTS.oneUnit : TEXTS.count(units);
  }

  drawWeights(context, weights, place, shown) {
    const largest = largestOf(weights);
    const { one, zero } = this.view.colours;
    const units = shown[place];
    weights.forEach((weight, k) => {
      const [source, unit] = [Math.floor(k / units), k % units];
      const [from, to] = [this.boxes[place - 1][source], this.boxes[place][unit]];
      const isPicked = this.picked && this.isAt(place, unit);
      const isNext = this.picked && this.isAt(place - 1, source);
      context.globalAlpha = !this.picked || isPicked || isNext ? 0.9 : 0.15;
      context.strokeStyle = weight < 0 ? zero : one;
      context.lineWidth = THIN + (THICK - THIN) * (Math.abs(weight) / largest);
      context.setLineDash(weight < 0 ? [5, 4] : []);
      line(
        context, [from.right, (from.top + from.bottom) / 2], [to.left, (to.top + to.bottom) / 2],
      );
    });
    context.globalAlpha = 1;
    context.setLineDash([]);
  }

  isAt(place, unit) {
    return this.picked[0] === place && this.picked[1] === unit;
  }

  drawUnits(context, map, count, place) {
    const { colours, mapTints } = this.view;
    this.boxes[place].forEach((box, unit) => {
      const levels = map.subarray(unit * count * count, (unit + 1) * count * count);
      const side = box.right - box.left;
      const inner = count - 1;
      const small = tinted(levels, count, ZERO, UNKNOWN, mapTints);
      context.drawImage(small, 0.5, 0.5, inner, inner, box.left, box.top, side, side);
      context.strokeStyle = colours.ink;
      context.lineWidth = 1.2;
      drawBorder(context, levels, count, ZERO, UNKNOWN, box);
      const isPicked = this.picked && this.isAt(place, unit);
      context.lineWidth = isPicked ? 3 : 1;
      context.strokeStyle = isPicked ? colours.ink : colours.quiet;
      context.strokeRect(box.left, box.top, side, side);
    });
  }

  // A dot at the lower left corner, as large as the bias; a ring where it is below 0.
  drawBiases(context, biases, place) {
    const largest = largestOf(biases);
    const { one, zero, paper } = this.view.colours;
    biases.forEach((bias, unit) => {
      if (!bias) return;
      const { left, bottom } = this.boxes[place][unit];
      context.beginPath();
      context.arc(left, bottom, 1.5 + (3.5 * Math.abs(bias)) / largest, 0, 2 * Math.PI);
      context.fillStyle = bias > 0 ? one : paper;
      context.strokeStyle = bias > 0 ? paper : zero;
      context.lineWidth = bias > 0 ? 1 : 1.6;
      context.fill();
      context.stroke();
    });
  }

  say(columns, leftOut) {
    let text = leftOut || TEXTS.hint;
    if (this.picked) {
      const [place, unit] = this.picked;
      const column = columns[place];
      const [low, high] = floats(column.ranges).slice(2 * unit, 2 * unit + 2);
      text = this.unitSaid(columns, place, unit, low, high);
    }
    if (this.words.textContent !== text) this.words.textContent = text;
  }

  unitSaid(columns, place, unit, low, high) {
    const column = columns[place];
    if (!place) return TEXTS.inputSaid(unit + 1, short(low), short(high));
    const name = place === columns.length - 1 ? TEXTS.output : TEXTS.layer(place);
    const title = name[0].toUpperCase() + name.slice(1);
    const bias = short(floats(column.biases)[unit]);
    const units = this.boxes[place].length;
    const weights = floats(column.weights).filter((_, k) => k % units === unit).map(short);
    const said = low === 0 && high === 0
      ? TEXTS.offSaid(title, unit + 1, bias)
      : TEXTS.unitSaid(title, unit + 1, bias, short(low), short(high));
    return said + TEXTS.weightsSaid(weights.slice(0, WORDS_WEIGHTS).join(", "));
  }
}
