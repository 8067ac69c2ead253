// pdf.js asks for a window in the thread that draws, and otherwise takes this worker for its own. Imported before it.

Object.assign(globalThis, {
  window: globalThis,
  requestAnimationFrame: (next: (now: number) => void) => setTimeout(() => next(performance.now()), 0),
  cancelAnimationFrame: (timer: number) => clearTimeout(timer),
});
