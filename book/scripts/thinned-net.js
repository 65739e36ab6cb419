// The landing page's picture: toss again for the units of the thinned net.
{
  const figure = document.querySelector(".thinned-net");
  const button = figure?.querySelector("button");
  if (figure && button) {
    const net = figure.querySelectorAll("svg")[1];
    /** The shapes that tell of themselves by a data attribute, and what they tell. @param {string} name */
    const shapes = (name) =>
      Array.from(net.querySelectorAll(`[${name}]`), (shape) => ({ shape, says: String(shape.getAttribute(name)) }));
    const [units, links] = [shapes("data-unit"), shapes("data-ends")];
    const hidden = units.filter(({ says }) => /^[12]-/.test(says));
    button.hidden = false;
    button.addEventListener("click", () => {
      for (const { shape } of hidden) shape.classList.toggle("dropped", Math.random() < 0.5);
      const dropped = units.filter(({ shape }) => shape.classList.contains("dropped"));
      const gone = new Set(dropped.map(({ says }) => says));
      for (const { shape, says } of links) {
        const isGone = says.split(" ").some((end) => gone.has(end));
        shape.classList.toggle("dropped", isGone);
      }
    });
  }
}
