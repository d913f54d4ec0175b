// Letters are as large as a slide has room for in a reader's own fonts.
const HEIGHT = 720;
const LARGEST = 36;
const USUAL = 30;
const SMALLEST = 20;

const wraps = (slide) => {
  slide.classList.add("measured");
  const found = [...slide.querySelectorAll("pre")].some(
    (text) => text.scrollWidth > text.clientWidth,
  );
  slide.classList.remove("measured");
  return found;
};

const fit = (slide) => {
  for (let size = LARGEST; size >= SMALLEST; size -= 1) {
    slide.style.fontSize = `${size}px`;
    if (slide.scrollHeight <= HEIGHT && (size <= USUAL || !wraps(slide))) return;
  }
};

const start = () => {
  const all = () => document.querySelectorAll(".slides section:not(.stack)").forEach(fit);
  Reveal.on("ready", (event) => fit(event.currentSlide));
  Reveal.on("slidechanged", (event) => fit(event.currentSlide));
  Reveal.on("pdf-ready", all);
  Reveal.initialize({
    width: 1280,
    height: HEIGHT,
    margin: 0.02,
    center: false,
    display: "flex",
    hash: true,
    // One arrow key is enough for a talk; the overview (Esc) has a column for each section.
    navigationMode: "linear",
    slideNumber: "c/t",
    transition: "none",
    backgroundTransition: "none",
    pdfMaxPagesPerSlide: 1,
    pdfSeparateFragments: false,
    plugins: [RevealNotes],
  });
};

// Formulas are drawn while every slide is still in the page's flow.
if (window.MathJax) {
  window.MathJax.startup.promise.then(start);
} else {
  start();
}
