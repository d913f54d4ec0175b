// The decision surface with the points on it, on which a learner draws points of their own.

import { button, bytes, copied, element, panel } from "../page.js";
import { TEXTS } from "./texts.js";

const NOT_A_NUMBER = 65535;
const HALF = (NOT_A_NUMBER - 1) / 2; // the level that stands for the probability one half
const APART = 0.07; // of points in one stroke, in the unit of the axes
const STRIDE = 0.05; // of the arrow keys, likewise
const GATHER = 80; // ms: the points of a stroke travel in groups
const SURFACE_LOOK = { over: 4, gap: 7, below: 16, nameBelow: 30, name: "" };

export const rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

// The line at the level `middle` of a square of values: in each square between four of them, it
// joins the places on two sides where a straight line between the corners passes that level.
export function drawBorder(context, levels, count, middle, none, box) {
  const size = (box.right - box.left) / (count - 1);
  context.lineCap = "round";
  context.beginPath();
  const places = [[0, 0], [1, 0], [1, 1], [0, 1]];
  for (let row = 0; row < count - 1; row++) {
    for (let column = 0; column < count - 1; column++) {
      const at = row * count + column;
      const corners = [at, at + 1, at + count + 1, at + count].map((k) => levels[k]);
      if (corners.includes(none)) continue;
      const crossed = [];
      for (let k = 0; k < 4; k++) {
        const [here, there] = [corners[k] - middle, corners[(k + 1) % 4] - middle];
        if (here < 0 === there < 0) continue;
        const part = here / (here - there);
        const [[a, b], [c, d]] = [places[k], places[(k + 1) % 4]];
        crossed.push([column + a + (c - a) * part, row + b + (d - b) * part]);
      }
      for (let k = 0; k + 1 < crossed.length; k += 2) {
        for (const [end, [across, up]] of [crossed[k], crossed[k + 1]].entries()) {
          const [to, down] = [box.left + across * size, box.bottom - up * size];
          if (end) context.lineTo(to, down);
          else context.moveTo(to, down);
        }
      }
    }
  }
  context.stroke();
}

// A small canvas of levels, each coloured between the tints of class 0, of one half, of class 1.
export function tinted(levels, count, middle, none, tints) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = count;
  const context = canvas.getContext("2d");
  const pixels = context.createImageData(count, count);
  const [zero, half, one, unknown] = tints;
  levels.forEach((level, at) => {
    const row = count - 1 - Math.floor(at / count); // the first row is the lowest
    const to = 4 * (row * count + (at % count));
    const share = level / middle - 1; // -1 to 1
    const end = share < 0 ? zero : one;
    for (let k = 0; k < 3; k++) {
      const mixed = half[k] + (end[k] - half[k]) * Math.abs(share);
      pixels.data[to + k] = level === none ? unknown[k] : mixed;
    }
    pixels.data[to + 3] = 255;
  });
  context.putImageData(pixels, 0, 0);
  return canvas;
}

export class Surface {
  constructor(view, parent) {
    this.view = view;
    this.panel = panel(parent, "pg-surface", "");
    this.title = element(this.panel.caption, "span", "", TEXTS.surface);
    this.key = element(this.panel.caption, "small");
    element(this.key, "span", "pg-zero", TEXTS.zero);
    element(this.key, "span", "pg-one", TEXTS.one);
    this.hollow = element(this.key, "span", "", TEXTS.hollow);
    this.border = element(this.key, "span");
    this.makeTools();
    this.label = 0;
    this.pending = []; // points that the kernel has not heard of
    this.group = [];
    this.at = [0, 0]; // of the keys' cross
    this.listen(this.panel.canvas);
  }

  makeTools() {
    this.tools = element(this.panel.caption, "small", "pg-tools");
    this.tools.setAttribute("role", "group");
    this.tools.setAttribute("aria-label", TEXTS.draw);
    this.pens = [TEXTS.zero, TEXTS.one].map((text, label) =>
      button(this.tools, label ? "pg-one" : "pg-zero", text, () => this.pick(label)),
    );
    button(this.tools, "pg-clear", TEXTS.clear, () => this.takeBack());
  }

  pick(label) {
    this.label = label;
    this.pens.forEach((pen, k) => {
      pen.setAttribute("aria-pressed", `${k === label}`);
    });
  }

  takeBack(count) {
    this.flush();
    this.view.send(count ? { do: "take_back", count } : { do: "take_back" });
  }

  // Pointer and keys ------------------------------------------------------------------------------

  listen(canvas) {
    canvas.addEventListener("pointerdown", (event) => {
      if (!this.isOwn || event.button) return;
      event.preventDefault();
      canvas.focus({ preventScroll: true });
      canvas.setPointerCapture(event.pointerId);
      this.last = undefined;
      this.stroke(event);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (this.isOwn && canvas.hasPointerCapture(event.pointerId)) this.stroke(event);
    });
    for (const name of ["focus", "blur"]) canvas.addEventListener(name, () => this.view.soon());
  }

  stroke(event) {
    if (!this.box) return;
    const frame = this.panel.canvas.getBoundingClientRect();
    const [[left, right], [bottom, top]] = this.extent;
    const { box } = this;
    const across = (event.clientX - frame.left - box.left) / (box.right - box.left);
    const up = (box.bottom - (event.clientY - frame.top)) / (box.bottom - box.top);
    if (across < 0 || across > 1 || up < 0 || up > 1) return;
    const point = [left + across * (right - left), bottom + up * (top - bottom)];
    const [x, y] = this.last ?? [Infinity, Infinity];
    if (Math.hypot(point[0] - x, point[1] - y) >= APART) this.add(point);
  }

  add(point) {
    this.last = this.at = point;
    this.group.push(point);
    this.pending.push([...point, this.label]);
    this.gathering ??= setTimeout(() => this.flush(), GATHER);
    this.view.soon();
  }

  flush() {
    clearTimeout(this.gathering);
    this.gathering = undefined;
    if (!this.group.length) return;
    this.view.send({ do: "draw", points: this.group, label: this.label });
    this.group = [];
  }

  onKey(event) {
    const [[left, right], [bottom, top]] = this.extent ?? [[0, 0], [0, 0]];
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    if (!this.isOwn) return;
    const moves = way[event.key];
    if (moves) {
      const kept = (value, low, high) => Math.min(high, Math.max(low, value));
      const [x, y] = this.at;
      this.at = [
        kept(x + moves[0] * STRIDE, left, right), kept(y + moves[1] * STRIDE, bottom, top),
      ];
    } else if (event.key === " " || event.key === "Enter") this.add([...this.at]);
    else if (event.key === "0" || event.key === "1") {
      this.flush();
      this.pick(+event.key);
    } else if (event.key === "Backspace" || event.key === "Delete") this.takeBack(1);
    else return;
    event.preventDefault();
    this.view.soon();
  }

  // Drawing ---------------------------------------------------------------------------------------

  draw(state, isHeard) {
    const { canvas } = this.panel;
    this.isOwn = state.choice.cloud === this.view.options.own && !this.view.isStill;
    this.tools.hidden = !this.isOwn;
    this.key.hidden = this.isOwn; // its tools say the same
    this.hollow.hidden = !state.choice.testing;
    this.pick(this.label);
    canvas.classList.toggle("pg-pen", this.isOwn);
    if (this.isOwn) canvas.tabIndex = 0;
    else canvas.removeAttribute("tabindex");
    if (isHeard && !this.group.length) this.pending = [];
    if (!state.surface) return this.view.missing(this.panel, TEXTS.noSurface);
    const { context, width, height } = this.view.clear(this.panel);
    const side = Math.min(width - 40, height - 26);
    const box = { left: 34, right: 34 + side, top: 6, bottom: 6 + side };
    [this.box, this.extent] = [box, state.extent];
    const picked = this.view.network.pickedMap(state);
    this.view.say(this.border, picked ? TEXTS.zeroLine : TEXTS.border);
    const shown = picked ?? {
      name: TEXTS.surface, levels: new Uint16Array(copied(state.surface)), middle: HALF,
      none: NOT_A_NUMBER, tints: this.view.tints,
    };
    const { levels, middle, none, tints } = shown;
    this.view.say(this.title, shown.name);
    const count = Math.sqrt(levels.length);
    const scale = this.view.axes(context, box, ...state.extent, { ...SURFACE_LOOK, room: side });
    context.imageSmoothingEnabled = true;
    // The outer values lie on the frame: half a pixel of the small picture stays outside.
    const small = tinted(levels, count, middle, none, tints);
    const inner = count - 1;
    context.drawImage(small, 0.5, 0.5, inner, inner, box.left, box.top, side, side);
    context.save();
    context.beginPath();
    context.rect(box.left, box.top, side, side);
    context.clip();
    this.drawPoints(context, state, scale);
    context.restore();
    context.strokeStyle = this.view.colours.ink;
    context.lineWidth = 1.8;
    drawBorder(context, levels, count, middle, none, box);
    context.strokeStyle = this.view.colours.quiet;
    context.lineWidth = 1;
    context.strokeRect(box.left, box.top, side, side);
    if (this.isOwn) this.drawPen(context, state, scale, box);
    const points = state.labels.byteLength + this.pending.length;
    const said = TEXTS.surfaceSaid(points, state.accuracy);
    canvas.setAttribute("aria-label", this.isOwn ? `${said}. ${TEXTS.drawing}` : said);
    canvas.dataset.points = points; // tests read it
  }

  drawPoints(context, state, { x, y }) {
    const points = new Float32Array(copied(state.points));
    bytes(state.labels).forEach((kind, k) => {
      this.drawPoint(context, x(points[2 * k]), y(points[2 * k + 1]), kind % 2, kind > 1);
    });
    for (const [across, up, label] of this.pending) {
      this.drawPoint(context, x(across), y(up), label, false);
    }
  }

  drawPoint(context, across, down, label, isTest) {
    const { colours } = this.view;
    const own = label ? colours.one : colours.zero;
    context.fillStyle = isTest ? colours.paper : own;
    context.strokeStyle = isTest ? own : colours.paper;
    context.lineWidth = isTest ? 1.6 : 1;
    context.beginPath();
    if (label) {
      context.moveTo(across, down - 4.6);
      context.lineTo(across + 4.3, down + 3.2);
      context.lineTo(across - 4.3, down + 3.2);
      context.closePath();
    } else {
      context.arc(across, down, 3.6, 0, 2 * Math.PI);
    }
    context.fill();
    context.stroke();
  }

  drawPen(context, state, { x, y }, box) {
    context.fillStyle = this.view.colours.ink;
    if (!state.labels.byteLength && !this.pending.length) {
      context.font = `13px ${this.view.font}`;
      context.textAlign = "center";
      context.fillText(TEXTS.empty, (box.left + box.right) / 2, (box.top + box.bottom) / 2);
    }
    if (document.activeElement !== this.panel.canvas) return;
    const [across, down] = [x(this.at[0]), y(this.at[1])];
    context.strokeStyle = this.view.colours.ink;
    context.lineWidth = 1.5;
    context.beginPath();
    for (const [right, below] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
      context.moveTo(across + 4 * right, down + 4 * below);
      context.lineTo(across + 12 * right, down + 12 * below);
    }
    context.stroke();
  }
}
