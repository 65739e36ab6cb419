// What scrolls sideways (long code, wide tables and formulae) can be scrolled with the keys.
{
  const candidates = document.querySelectorAll("pre, .table-scroll, .katex-display, .output");
  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth && getComputedStyle(target).overflowX !== "visible") {
        target.setAttribute("tabindex", "0");
      } else {
        target.removeAttribute("tabindex");
      }
    }
  });
  for (const element of candidates) observer.observe(element);
}
