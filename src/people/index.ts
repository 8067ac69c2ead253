export { groupPeople, type Letter, type PersonGroup } from "./groups.js";
export { hasName, nameKey, namesIn } from "./name-search.js";
export { type PersonName, readNames } from "./person-name.js";
export { lowerPlain } from "./plain-letters.js";
export { stem } from "./stem.js";
