// The page of a widget whose kernel is gone: page.py puts it behind the widget's script, which gives
// `widget`, and calls it with the last state.

// The arrays of a state travel deflated, each at the place that a path of keys names.
async function withArrays({ state, arrays }) {
  await Promise.all(
    arrays.map(async ({ path, data }) => {
      const packed = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
      const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
      const array = new DataView(await new Response(stream).arrayBuffer());
      const owner = path.slice(0, -1).reduce((part, key) => part[key], state);
      owner[path.at(-1)] = array;
    }),
  );
  return state;
}

// What a view asks of anywidget's model. What the page changes, the page sees; nobody else is there.
function modelOf(state) {
  const heard = new Map();
  return {
    isStill: true,
    get: (name) => state[name],
    set(name, value) {
      state[name] = value;
      for (const call of heard.get(`change:${name}`) ?? []) call();
    },
    save_changes() {},
    send() {},
    on: (event, call) => heard.set(event, [...(heard.get(event) ?? []), call]),
    off: (event, call) => heard.set(event, (heard.get(event) ?? []).filter((one) => one !== call)),
  };
}

// Draws once the still is looked at, and not while the live view stands in its place.
export function showStill(place, widget, saved) {
  const draw = async () => {
    const model = modelOf(await withArrays(saved));
    place.replaceChildren();
    widget.render({ model, el: place });
  };
  const onSight = (sights, observer) => {
    if (!sights.some((sight) => sight.isIntersecting)) return;
    observer.disconnect();
    draw();
  };
  new IntersectionObserver(onSight, { rootMargin: "300px" }).observe(place);
}
