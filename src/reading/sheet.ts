import { make } from "../dom/index.js";
import { moveBy, type Size, scaleOf, turn, type View, WHOLE, within, zoomBy } from "./view.js";

const ZOOM_STEP = 1.25;
/** How far an arrow moves, in pixels of the page. */
const ARROW_PX = 60;
const LENS_RADIUS_PX = 110;
const LENS_ZOOM = 3;

/** A canvas that shows a part of a bitmap, turned and magnified. It holds pixels and nothing else of the document. */
export class Sheet {
  readonly element: HTMLCanvasElement;
  readonly #onChange: (percent: number) => void;
  #bitmap: ImageBitmap | null = null;
  #view: View = WHOLE;
  /** Where the magnifier is, in pixels of the page from the canvas's corner; null without one. */
  #lens: { readonly x: number; readonly y: number } | null = null;
  readonly #resized = new ResizeObserver(() => this.#set(this.#view));

  /** @param onChange told the scale, in percent of the bitmap's own size */
  constructor(name: string, onChange: (percent: number) => void) {
    this.element = make("canvas", { role: "img", "aria-label": name, tabindex: "0" });
    this.#onChange = onChange;
    this.#resized.observe(this.element);
    this.element.addEventListener("pointerdown", (event) => this.element.setPointerCapture(event.pointerId));
    this.element.addEventListener("pointermove", (event) => {
      if (this.#lens !== null) this.#moveLens(event.offsetX, event.offsetY);
      else if (event.buttons === 1) this.#move(event.movementX, event.movementY);
    });
    this.element.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.zoom(event.deltaY < 0 ? 1 : -1);
    });
  }

  /** Shows another bitmap, turned as the last one, and closes that. */
  show(bitmap: ImageBitmap): void {
    this.#bitmap?.close();
    this.#bitmap = bitmap;
    this.#set({ ...WHOLE, turns: this.#view.turns });
  }

  zoom(steps: 1 | -1): void {
    if (this.#bitmap !== null) this.#set(zoomBy(this.#view, ZOOM_STEP ** steps, this.#bitmap, this.#box));
  }

  whole(): void {
    this.#set({ ...WHOLE, turns: this.#view.turns });
  }

  turn(): void {
    if (this.#bitmap !== null) this.#set(turn(this.#view, this.#bitmap, this.#box));
  }

  /** Moves the magnifier, or else what is seen. */
  step(right: number, down: number): void {
    if (this.#lens === null) this.#move(-right * ARROW_PX, -down * ARROW_PX);
    else this.#moveLens(this.#lens.x + (right * ARROW_PX) / 3, this.#lens.y + (down * ARROW_PX) / 3);
  }

  /** Returns whether there is a magnifier now. */
  magnify(): boolean {
    const { width, height } = this.#box;
    this.#lens = this.#lens === null ? { x: width / 2, y: height / 2 } : null;
    this.#draw();
    return this.#lens !== null;
  }

  /** Forgets the pixels. */
  close(): void {
    this.#resized.disconnect();
    this.#bitmap?.close();
    this.#bitmap = null;
    [this.element.width, this.element.height] = [0, 0];
  }

  get #box(): Size {
    return { width: Math.max(1, this.element.clientWidth), height: Math.max(1, this.element.clientHeight) };
  }

  #move(x: number, y: number): void {
    if (this.#bitmap !== null) this.#set(moveBy(this.#view, x, y, this.#bitmap, this.#box));
  }

  #moveLens(x: number, y: number): void {
    const { width, height } = this.#box;
    this.#lens = { x: Math.max(0, Math.min(width, x)), y: Math.max(0, Math.min(height, y)) };
    this.#draw();
  }

  #set(view: View): void {
    const bitmap = this.#bitmap;
    if (bitmap === null) return;
    this.#view = within(view, bitmap, this.#box);
    this.#onChange(Math.round(scaleOf(this.#view, bitmap, this.#box) * 100));
    this.#draw();
  }

  #draw(): void {
    const [box, density] = [this.#box, Math.min(3, devicePixelRatio)];
    const [width, height] = [Math.round(box.width * density), Math.round(box.height * density)];
    if (this.element.width !== width) this.element.width = width;
    if (this.element.height !== height) this.element.height = height;
    const context = this.element.getContext("2d");
    if (context === null || this.#bitmap === null) return;
    context.setTransform(density, 0, 0, density, 0, 0);
    context.clearRect(0, 0, box.width, box.height);
    this.#drawBitmap(context, this.#bitmap, box);
    if (this.#lens === null) return;
    const { x, y } = this.#lens;
    const circle = new Path2D();
    circle.arc(x, y, LENS_RADIUS_PX, 0, 2 * Math.PI);
    context.save();
    context.clip(circle);
    context.clearRect(0, 0, box.width, box.height);
    context.translate(x, y);
    context.scale(LENS_ZOOM, LENS_ZOOM);
    context.translate(-x, -y);
    this.#drawBitmap(context, this.#bitmap, box);
    context.restore();
    context.strokeStyle = getComputedStyle(this.element).color;
    context.lineWidth = 3;
    context.stroke(circle);
  }

  #drawBitmap(context: CanvasRenderingContext2D, bitmap: ImageBitmap, box: Size): void {
    const scale = scaleOf(this.#view, bitmap, box);
    context.save();
    context.imageSmoothingQuality = "high";
    context.translate(box.width / 2 + this.#view.x, box.height / 2 + this.#view.y);
    context.rotate((this.#view.turns * Math.PI) / 2);
    context.scale(scale, scale);
    context.drawImage(bitmap, -bitmap.width / 2, -bitmap.height / 2);
    context.restore();
  }
}
