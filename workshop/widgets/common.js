// What the scripts of several widgets use; script.py puts it in front of each.

const bytes = (view) =>
  view?.buffer ? new Uint8Array(view.buffer, view.byteOffset, view.byteLength) : new Uint8Array(0);

// Copies: a typed array of more than one byte must begin at a multiple of its size.
const copied = (view) => view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);

function element(parent, tag, className = "", text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  parent.append(made);
  return made;
}

// Keys without Ctrl or Alt belong to a widget that has the focus. Notebook 7 takes Enter and arrows
// on their way down to it, JupyterLab on their way up: the window hears them before either. Gives
// the function that ends it.
function keepKeys(root, heard = () => {}) {
  const onKey = (event) => {
    if (!root.contains(event.target)) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    event.stopPropagation();
    heard(event);
  };
  window.addEventListener("keydown", onKey, true);
  return () => window.removeEventListener("keydown", onKey, true);
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

// A number for an axis, with a real minus sign.
function shortly(value, digits) {
  if (Math.abs(value) >= 1e9) return value.toExponential(0).replace("+", "");
  if (Math.abs(value) >= 1e6) return `${+(value / 1e6).toPrecision(3)}M`;
  if (Math.abs(value) >= 1e4) return `${+(value / 1e3).toPrecision(3)}k`;
  return value.toFixed(digits).replace("-", "−");
}
