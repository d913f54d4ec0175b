// Figures and widgets look for JupyterLab's mark of a dark page; the book has another one.
const mark = () => {
  document.body.dataset.jpThemeLight = String(document.documentElement.dataset.theme !== "dark");
};

document.addEventListener("DOMContentLoaded", () => {
  mark();
  new MutationObserver(mark).observe(document.documentElement, {
    attributes: true,
    attributeFilter: ["data-theme"],
  });
});
