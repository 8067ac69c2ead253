import { button, make } from "../dom/index.js";
import type { Boot } from "./boot.js";

/** The same name as the server's own file. */
const fileName = (language: string) => `form-${language}.html`;

/** Offers the offline form as a file that the browser puts together, where no network lets it through in one. */
export function keepForm(boot: Boot): HTMLElement {
  const { say, settings } = boot;
  const state = make("div", { role: "status" });
  const keep = button(say("client-keep"), () => void build());
  return make("section", { class: "keep" }, keep, make("p", { class: "note" }, say("client-keep-means")), state);

  async function build(): Promise<void> {
    keep.disabled = true;
    const stop = boot.showLoading(state);
    try {
      const buildForm = await boot.later("keep");
      const href = URL.createObjectURL(await buildForm(boot));
      const download = fileName(settings.language);
      const link = make("a", { href, download, class: "button quiet" }, say("client-keep-ready"));
      stop();
      state.replaceChildren(link);
      link.click();
    } catch {
      stop();
      state.replaceChildren(make("p", { class: "fault" }, say("client-keep-failed")));
      keep.disabled = false;
    }
  }
}
