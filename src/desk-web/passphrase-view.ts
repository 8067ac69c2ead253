import { button, make } from "../dom/index.js";
import { diceWords, GOOD_BITS, isWeakPassphrase, OFFERED_WORDS, passphraseBits, randomWords } from "../shares/index.js";
import type { Say } from "./words.js";

const FAIR_BITS = 50;
/** Stands where four dice name no word; desk-work-dice-help explains it. */
const AGAIN = "???";

/** Goes below a field for a new passphrase: how strong it is, and words from this device or from dice. */
export function passphraseView(say: Say, passphrase: HTMLInputElement): HTMLElement {
  const id = (part: string) => `${passphrase.id}-${part}`;
  const meter = make("meter", {
    id: id("meter"),
    min: "0",
    low: String(FAIR_BITS),
    high: String(GOOD_BITS - 1),
    optimum: String(GOOD_BITS),
    max: String(GOOD_BITS),
    "aria-hidden": "true",
  });
  const strength = make("span", { role: "status", id: id("strength") });
  passphrase.setAttribute("aria-describedby", strength.id);
  passphrase.addEventListener("input", () => {
    const bits = passphraseBits(passphrase.value);
    meter.value = bits;
    const level = isWeakPassphrase(passphrase.value) || bits < FAIR_BITS ? "weak" : bits < GOOD_BITS ? "fair" : "good";
    strength.textContent = passphrase.value === "" ? "" : say(`desk-work-strength-${level}`);
  });
  const words = make("p", { id: id("words"), role: "status", translate: "no" });
  const offer = button(say("desk-work-offer"), () => words.replaceChildren(randomWords(OFFERED_WORDS).join(" ")));
  offer.id = id("offer");
  const dice = make("input", { id: id("dice"), type: "text", inputmode: "numeric", autocomplete: "off" });
  dice.addEventListener("input", () => {
    words.replaceChildren(
      diceWords(dice.value)
        .map((word) => word ?? AGAIN)
        .join(" "),
    );
  });
  return make(
    "div",
    {},
    make("p", {}, meter, " ", strength),
    make("p", { class: "actions" }, offer),
    make("label", { for: dice.id }, say("desk-work-dice")),
    dice,
    make("p", { class: "note" }, say("desk-work-dice-help")),
    words,
  );
}
