// What the views of several widgets share: elements, the theme, canvases and their axes. script.py
// puts it in front of each widget's own script.

export const bytes = (view) =>
  view?.buffer ? new Uint8Array(view.buffer, view.byteOffset, view.byteLength) : new Uint8Array(0);

// Copies: a typed array of more than one byte must begin at a multiple of its size.
export const copied = (view) =>
  view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);

// Elements -----------------------------------------------------------------------------------------

export function element(parent, tag, className = "", text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  parent.append(made);
  return made;
}

export function button(parent, className, text, onClick) {
  const made = element(parent, "button", className, text);
  made.type = "button";
  made.addEventListener("click", onClick);
  return made;
}

// A line that is read aloud and not seen.
export function spokenLine(parent) {
  const made = element(parent, "div", "workshop-spoken");
  made.setAttribute("aria-live", "polite");
  return made;
}

// A canvas with its title above it, which is also what a screen reader says until it is drawn.
export function panel(parent, className, title) {
  const figure = element(parent, "figure", className);
  const caption = element(figure, "figcaption", "", title);
  const canvas = element(figure, "canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", title);
  return { title, caption, canvas };
}

// Views --------------------------------------------------------------------------------------------

// The outermost element of a widget, marked while the page is dark, and what ends with it.
export class View {
  constructor(model, parent, className, label) {
    this.model = model;
    this.root = element(parent, "section", `workshop-widget ${className}`);
    this.root.setAttribute("aria-label", label);
    this.root.classList.toggle("workshop-no-kernel", Boolean(model.isStill));
    const themes = new MutationObserver(() => this.onTheme());
    themes.observe(document.body, { attributes: true });
    const starts = requestAnimationFrame(() => this.onTheme()); // only then is it in the page
    this.ends = [() => themes.disconnect(), () => cancelAnimationFrame(starts)];
  }

  close() {
    for (const end of this.ends) end();
  }

  hear(trait, call) {
    this.model.on(`change:${trait}`, call);
    this.ends.push(() => this.model.off(`change:${trait}`, call));
  }

  // Keys without Ctrl or Alt belong to a widget that has the focus. Notebook 7 takes Enter and
  // arrows on their way down to it, JupyterLab on their way up: the window hears them before either.
  keepKeys(heard = () => {}) {
    const onKey = (event) => {
      if (!this.root.contains(event.target)) return;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      event.stopPropagation();
      heard(event);
    };
    window.addEventListener("keydown", onKey, true);
    this.ends.push(() => window.removeEventListener("keydown", onKey, true));
  }

  onTheme() {
    const paper = getComputedStyle(this.root).backgroundColor.match(/[\d.]+/g) ?? [];
    const [red, green, blue, alpha] = paper.map(Number);
    this.root.classList.toggle("workshop-dark", red + green + blue < 382 && alpha !== 0);
  }
}

// A view of canvases, drawn anew when the size or the theme changes. A widget's class has `draw`,
// and `trouble`, which says that it failed.
export class CanvasView extends View {
  constructor(model, parent, className, label) {
    super(model, parent, className, label);
    const sizes = new ResizeObserver(() => this.soon());
    sizes.observe(this.root);
    this.ends.push(() => sizes.disconnect(), () => cancelAnimationFrame(this.waiting));
    this.soon();
  }

  onTheme() {
    this.soon();
  }

  // Draws with the next frame, once for all the reasons until then.
  soon() {
    this.waiting ??= requestAnimationFrame(() => {
      this.waiting = undefined;
      try {
        this.draw();
      } catch (error) {
        // JupyterLab shows an error in a widget's code to nobody.
        this.trouble(error);
        console.error(error);
      }
    });
  }

  readColours(names) {
    super.onTheme();
    const style = getComputedStyle(this.root);
    this.font = style.fontFamily;
    this.colours = Object.fromEntries(
      names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]),
    );
  }

  // A cleared context in CSS pixels, sharp on any screen.
  clear({ canvas }) {
    const scale = window.devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    const context = canvas.getContext("2d");
    context.scale(scale, scale);
    context.font = `12px ${this.font}`;
    return { context, width, height };
  }

  // What a panel says where there is nothing to draw.
  missing(panel, text, label = text) {
    const { context, width, height } = this.clear(panel);
    context.fillStyle = this.colours.quiet;
    context.textAlign = "center";
    context.fillText(text, width / 2, height / 2);
    panel.canvas.setAttribute("aria-label", label);
  }

  // Ticks and their numbers; gives the functions from values to pixels. `look` has the distances
  // in pixels: `over` and `gap`, of a line and a number left of the box; `below` and `nameBelow`,
  // of the numbers and the axis's name; `room`, which the numbers below share. `isLog`: x from 1 on.
  axes(context, box, [left, right], [bottom, top], look) {
    const at = look.isLog ? (value) => Math.log10(Math.max(value, 1)) : (value) => value;
    const wide = (box.right - box.left) / (at(right) - at(left));
    const x = (value) => box.left + (at(value) - at(left)) * wide;
    const y = (value) => box.bottom - ((value - bottom) / (top - bottom)) * (box.bottom - box.top);
    context.lineWidth = 1;
    context.strokeStyle = this.colours.line;
    context.fillStyle = this.colours.quiet;
    // A widget may give the places on the left, and a function that names them.
    const up = look.up ?? ticks(bottom, top, 5);
    const named = up.name ?? ((value) => shortly(value, up.digits));
    context.textAlign = "right";
    for (const value of up.found) {
      line(context, [box.left - look.over, y(value)], [box.right, y(value)]);
      context.fillText(named(value), box.left - look.gap, y(value) + 4);
    }
    const along = look.isLog ? powers(right) : ticks(left, right, Math.max(2, look.room / 75));
    context.textAlign = "center";
    for (const value of along.found) {
      line(context, [x(value), box.bottom], [x(value), box.bottom + 4]);
      if (look.isWhole && !Number.isInteger(value)) continue;
      const text = shortly(value, look.isWhole ? 0 : along.digits);
      const half = context.measureText(text).width / 2;
      context.fillText(text, Math.min(x(value), box.right + 10 - half), box.bottom + look.below);
    }
    context.fillText(look.name, (box.left + box.right) / 2, box.bottom + look.nameBelow);
    return { x, y };
  }
}

// What anywidget asks of a script.
export const widgetOf = (Shown) => ({
  render({ model, el }) {
    const view = new Shown(model, el);
    return () => view.close();
  },
});

// Lines and numbers --------------------------------------------------------------------------------

export function line(context, ...points) {
  context.beginPath();
  for (const [across, down] of points) context.lineTo(across, down);
  context.stroke();
}

// The round numbers between low and high, about `most` of them, and the digits they need.
function ticks(low, high, most) {
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((k) => k * power).find((k) => k >= rough * 0.999);
  const found = [];
  const last = Math.floor(high / step + 1e-9);
  for (let k = Math.ceil(low / step - 1e-9); k <= last; k++) found.push(k * step);
  return { found, digits: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) };
}

// The powers of ten from 1 to high.
function powers(high) {
  const many = Math.floor(Math.log10(high) + 1e-9) + 1;
  return { found: Array.from({ length: many }, (_, k) => 10 ** k), digits: 0 };
}

// A number for an axis, with a real minus sign.
function shortly(value, digits) {
  if (Math.abs(value) >= 1e9) return value.toExponential(0).replace("+", "");
  if (Math.abs(value) >= 1e6) return `${+(value / 1e6).toPrecision(3)}M`;
  if (Math.abs(value) >= 1e4) return `${+(value / 1e3).toPrecision(3)}k`;
  return value.toFixed(digits).replace("-", "−");
}
