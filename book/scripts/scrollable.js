// What scrolls sideways (long code, wide tables and formulae) can be scrolled with the keys.
{
  /** @type {NodeListOf<HTMLElement>} */
  const boxes = document.querySelectorAll("pre, .table-scroll, .katex-display, .output");
  const update = () => {
    const wide = [...boxes].filter(
      (box) => box.scrollWidth > box.clientWidth && getComputedStyle(box).overflowX !== "visible",
    );
    for (const box of boxes) {
      if (wide.includes(box)) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };
  const observer = new ResizeObserver(update);
  for (const box of boxes) {
    observer.observe(box);
    // A box keeps its size while what it holds grows. `.katex-base` is a piece of a formula.
    for (const part of box.querySelectorAll(":scope > *, .katex-base")) observer.observe(part);
  }
  document.fonts.addEventListener("loadingdone", update);
}
