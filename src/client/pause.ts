/** Holds work back while the user has paused it. */
export class Pause {
  #over: Promise<void> | undefined;
  #end = () => {};

  start(): void {
    this.#over ??= new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  end(): void {
    this.#end();
    this.#over = undefined;
  }

  /** Resolves when the pause ends; at once if there is none. */
  async over(): Promise<void> {
    await this.#over;
  }
}
