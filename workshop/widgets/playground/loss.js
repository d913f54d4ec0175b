// The loss over the steps, in training and on the points for testing, on a logarithmic axis.

import { copied, element, line, panel } from "../page.js";
import { TEXTS } from "./texts.js";

const LEAST = 1e-7; // lower losses are drawn here
const LOSS_LOOK = { over: 4, gap: 7, below: 16, nameBelow: 32, name: TEXTS.steps };
const DASHES = [6, 4];
const SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹";

// A power of ten, as 0.01 where that is short.
function powerOfTen(exponent) {
  if (exponent >= -3 && exponent <= 3) return `${+(10 ** exponent).toPrecision(1)}`;
  const digits = [...`${Math.abs(exponent)}`].map((digit) => SUPERSCRIPT[digit]).join("");
  return `10${exponent < 0 ? "⁻" : ""}${digits}`;
}

export class Loss {
  constructor(view, parent) {
    this.view = view;
    this.panel = panel(parent, "pg-loss", TEXTS.loss);
    const key = element(this.panel.caption, "small");
    this.names = [["pg-one", TEXTS.training], ["pg-zero", TEXTS.test]].map(([colour, text]) =>
      element(key, "span", colour, text),
    );
    element(key, "span", "", TEXTS.scale);
  }

  draw(state) {
    for (const name of this.names) name.hidden = !state.choice.testing;
    if (!state.history) return this.view.missing(this.panel, TEXTS.noModel);
    const numbers = new Float32Array(copied(state.history));
    if (!numbers.length) return this.view.missing(this.panel, TEXTS.noStep);
    const rows = [];
    for (let k = 0; k < numbers.length; k += 3) rows.push(numbers.subarray(k, k + 3));
    const { context, width, height } = this.view.clear(this.panel);
    const box = { left: 46, right: width - 12, top: 6, bottom: height - 36 };
    const { x, y } = this.axes(context, box, rows);
    const { one, zero } = this.view.colours;
    const curve = (column) =>
      rows.filter((row) => Number.isFinite(row[column])).map((row) => [
        x(row[0]), y(Math.log10(Math.max(row[column], LEAST))),
      ]);
    this.drawCurve(context, curve(2), zero, DASHES);
    this.drawCurve(context, curve(1), one, []);
    const bad = rows.find((row) => !Number.isFinite(row[1]));
    if (bad) this.markBad(context, box, x(bad[0]), bad[0]);
    const said = state.choice.testing
      ? TEXTS.testLossSaid(state.step, state.loss, state.test_loss)
      : TEXTS.lossSaid(state.step, state.loss);
    this.panel.canvas.setAttribute("aria-label", said);
  }

  axes(context, box, rows) {
    const known = rows.flatMap((row) => [row[1], row[2]]).filter(Number.isFinite);
    const places = known.map((loss) => Math.log10(Math.max(loss, LEAST)));
    const low = Math.floor(Math.min(...places, -1));
    const high = Math.max(Math.ceil(Math.max(...places, -10)), low + 1);
    const apart = Math.ceil((high - low) / 6);
    const found = [];
    for (let power = low; power <= high; power += apart) found.push(power);
    const end = Math.max(rows.at(-1)[0], 10);
    const room = 1.3 * (box.right - box.left); // short numbers
    const look = { ...LOSS_LOOK, room, up: { found, name: powerOfTen } };
    return this.view.axes(context, box, [0, end], [low, high], look);
  }

  drawCurve(context, points, colour, dashes) {
    if (!points.length) return;
    context.strokeStyle = context.fillStyle = colour;
    context.lineWidth = 2;
    context.lineJoin = "round";
    context.setLineDash(dashes);
    line(context, ...points);
    context.setLineDash([]);
    context.beginPath();
    context.arc(...points.at(-1), 3.5, 0, 2 * Math.PI);
    context.fill();
  }

  markBad(context, box, across, step) {
    context.strokeStyle = this.view.colours.zero;
    context.setLineDash([5, 4]);
    line(context, [across, box.top], [across, box.bottom]);
    context.setLineDash([]);
    context.fillStyle = this.view.colours.ink;
    const text = TEXTS.noNumber(step);
    const isLeft = across + 6 + context.measureText(text).width > box.right + 10;
    context.textAlign = isLeft ? "right" : "left";
    context.fillText(text, across + (isLeft ? -6 : 6), box.top + 40);
  }
}
