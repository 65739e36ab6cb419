// The landing page's picture: toss again for the units of the thinned net.
{
  const figure = document.querySelector(".thinned-net");
  const button = figure?.querySelector("button");
  if (button) {
    const net = figure.querySelectorAll("svg")[1];
    const units = [...net.querySelectorAll("[data-unit]")];
    const hidden = units.filter((unit) => /^[12]-/.test(unit.dataset.unit));
    button.hidden = false;
    button.addEventListener("click", () => {
      for (const unit of hidden) unit.classList.toggle("dropped", Math.random() < 0.5);
      const gone = new Set(units.filter((u) => u.classList.contains("dropped")).map((u) => u.dataset.unit));
      for (const link of net.querySelectorAll("[data-ends]")) {
        link.classList.toggle(
          "dropped",
          link.dataset.ends.split(" ").some((end) => gone.has(end)),
        );
      }
    });
  }
}
