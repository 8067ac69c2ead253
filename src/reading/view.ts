/** Width and height, in pixels of whichever kind. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** How a bitmap is looked at through a box in whose middle its own middle lies, moved by `x` and `y`. */
export interface View {
  /** 1 shows all of it. */
  readonly zoom: number;
  /** Quarter turns, clockwise. */
  readonly turns: number;
  /** Pixels of the box. */
  readonly x: number;
  readonly y: number;
}

export const WHOLE: View = { zoom: 1, turns: 0, x: 0, y: 0 };
/** One pixel of the bitmap takes at most this many of the box. */
const MAX_SCALE = 8;

/** Pixels of the box for one of the bitmap. A small bitmap is not made larger by itself. */
export function scaleOf({ zoom, turns }: View, bitmap: Size, box: Size): number {
  const { width, height } = turned(bitmap, turns);
  return zoom * Math.min(1, box.width / width, box.height / height);
}

/** Zooms by `factor`, around the middle of the box. */
export function zoomBy(view: View, factor: number, bitmap: Size, box: Size): View {
  const largest = Math.max(1, MAX_SCALE / scaleOf({ ...view, zoom: 1 }, bitmap, box));
  const zoom = Math.min(largest, Math.max(1, view.zoom * factor));
  const by = zoom / view.zoom;
  return within({ ...view, zoom, x: view.x * by, y: view.y * by }, bitmap, box);
}

/** Turns it clockwise; what was in the middle stays there. */
export function turn(view: View, bitmap: Size, box: Size): View {
  const next = { ...view, turns: (view.turns + 1) % 4 };
  const by = scaleOf(next, bitmap, box) / scaleOf(view, bitmap, box);
  // It may fit better now, so that the same zoom would be too large.
  return zoomBy({ ...next, x: -view.y * by, y: view.x * by }, 1, bitmap, box);
}

export function moveBy(view: View, x: number, y: number, bitmap: Size, box: Size): View {
  return within({ ...view, x: view.x + x, y: view.y + y }, bitmap, box);
}

/** Never so far that an edge comes away from that of the box, or the middle where it is smaller than the box. */
export function within(view: View, bitmap: Size, box: Size): View {
  const scale = scaleOf(view, bitmap, box);
  const { width, height } = turned(bitmap, view.turns);
  const limit = (value: number, far: number) => Math.max(-Math.max(0, far), Math.min(Math.max(0, far), value)) || 0;
  return {
    ...view,
    x: limit(view.x, (width * scale - box.width) / 2),
    y: limit(view.y, (height * scale - box.height) / 2),
  };
}

function turned({ width, height }: Size, turns: number): Size {
  return turns % 2 === 0 ? { width, height } : { width: height, height: width };
}
