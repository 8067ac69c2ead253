export { saySize } from "./size.js";
export { loadTexts, STAFF_LOCALES, type Texts } from "./texts.js";
