// What JupyterLab does when a reader opens a notebook, runs a cell, restarts the kernel. Each
// action ends when it is done: a click says nothing of that, and before the kernel is there it
// is lost.
{
  const TIMEOUT = 120_000; // milliseconds: far more than it takes while something else computes
  const books = {};

  /** The kernel can be spoken to, and has nothing to do. */
  const idle = ({ sessionContext }) =>
    new Promise((resolve) => {
      const look = () => {
        const kernel = sessionContext.session?.kernel;
        if (kernel?.connectionStatus === "connected" && kernel.status === "idle") resolve();
      };
      sessionContext.connectionStatusChanged.connect(look);
      sessionContext.statusChanged.connect(look);
      look();
    });

  const inTime =
    (action) =>
    async (...given) => {
      const late = new Promise((_, reject) => {
        setTimeout(() => reject(new Error(`JupyterLab did not end ${action.name}`)), TIMEOUT);
      });
      return Promise.race([action(...given), late]);
    };

  async function openBook(path) {
    const { jupyterapp } = window;
    await jupyterapp.restored;
    const panel = await jupyterapp.commands.execute("docmanager:open", { path });
    books[path] = panel;
    await Promise.all([panel.revealed, panel.sessionContext.ready]);
    await idle(panel);
  }

  async function runCell(path, index) {
    const { content, id } = books[path];
    const { model } = content.widgets[index];
    model.clearExecution(); // JupyterLab keeps old outputs until there are new ones
    while (model.executionCount === null) {
      window.jupyterapp.shell.activateById(id);
      content.deselectAll();
      content.activeCellIndex = index;
      await window.jupyterapp.commands.execute("notebook:run-cell");
    }
  }

  async function restartKernel(path) {
    await books[path].sessionContext.restartKernel();
    await idle(books[path]);
  }

  async function closeBook(path) {
    await books[path].sessionContext.shutdown();
    await books[path].context.save();
    books[path].dispose();
  }

  for (const action of [openBook, runCell, restartKernel, closeBook]) {
    window[action.name] = inTime(action);
  }
}
