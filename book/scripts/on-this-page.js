// Mark the section being read in "On this page".
{
  const links = new Map(
    [.../** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll(".on-this-page a"))].map((a) => [
      decodeURIComponent(a.hash.slice(1)),
      a,
    ]),
  );
  const sections = [...links.keys()].map((id) => document.getElementById(id)).filter((section) => section !== null);
  const mark = () => {
    // The section being read is the last one whose beginning has passed the upper third.
    const line = innerHeight / 3;
    const current = sections.findLast((section) => section.getBoundingClientRect().top < line);
    for (const [id, link] of links) {
      if (id === current?.id) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  if (sections.length) {
    let waiting = false;
    addEventListener(
      "scroll",
      () => {
        if (waiting) return;
        waiting = true;
        requestAnimationFrame(() => {
          waiting = false;
          mark();
        });
      },
      { passive: true },
    );
    mark();
  }
}
