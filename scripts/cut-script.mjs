// Cuts a minified script into parts that run one after the other in one global scope.
import { gzipSync } from "node:zlib";
import { minify } from "terser";

/** Names that a part may not declare: the global scopes of pages and workers have properties that forbid it. */
const RESERVED = ["top", "self", "name", "window", "location", "document", "closed", "status", "event", "length"];

/**
 * Compressed bytes of one part. With its headers and handshake, and the end of its connection, it is 24 packets where
 * the round trip is long and each packet is acknowledged by itself: many networks silence what is longer, and then even
 * the end does not get through. gzip is the longer of the two encodings in use.
 */
const MAX_PART_BYTES = 2_950;
/** For where long connections are tried first, and each round trip costs more than its bytes. */
export const MAX_LONG_PART_BYTES = 6_900;
/** For a single statement: the answer still passes. Only rare keys need such parts. */
const MAX_STATEMENT_BYTES = 5_900;

const MINIFY = { ecma: 2020, module: true, compress: { passes: 2 }, mangle: { reserved: RESERVED } };

/** Each part has to say it for itself. */
const STRICT = '"use strict";';

/**
 * The top-level statements of `code`, an ES module without imports and exports, in as few parts as fit. First, in any
 * order, comes what needs nothing before it: function declarations, which one script would hoist over all that calls
 * them, and the like. Then comes the rest in its order.
 *
 * @param maxBytes compressed, of one part
 * @returns the text of each part, a classic script
 */
export async function cutScript(code, maxBytes = MAX_PART_BYTES) {
  const statements = await topLevelStatements(code);
  const others = statements.filter(({ needsNothing }) => !needsNothing).map(({ text }) => text);
  const fits = (texts) => compressedBytes(texts) <= maxBytes;
  const free = statements.filter(({ needsNothing }) => needsNothing).map(({ text }) => text);
  const parts = packed(free, fits);
  for (const text of others) {
    const last = parts.at(-1);
    if (last !== undefined && fits([...last, text])) last.push(text);
    else parts.push([text]);
  }
  for (const texts of parts) {
    if (compressedBytes(texts) > Math.max(maxBytes, MAX_STATEMENT_BYTES))
      throw new Error(`too long for one part: ${texts[0].slice(0, 80)}`);
  }
  return parts.map(partOf);
}

/** `code` as it is. What is loaded only once it is asked for comes in one part. @throws Error if it does not pass */
export function inOnePart(code) {
  if (gzipSync(code, { level: 9 }).length > MAX_STATEMENT_BYTES)
    throw new Error(`too long for one part: ${code.slice(0, 80)}`);
  return code;
}

/** `texts`, each in the first part that has room for it. The part with most room comes last. */
function packed(texts, fits) {
  const parts = [];
  for (const text of texts) {
    const roomy = parts.find((part) => fits([...part, text]));
    if (roomy === undefined) parts.push([text]);
    else roomy.push(text);
  }
  return parts.toSorted((left, right) => compressedBytes(right) - compressedBytes(left));
}

/** `code`, an ES module without imports and exports, as one classic script whose scope nothing outside can see. */
export async function wholeScript(code) {
  const { code: whole } = await minify(code, { ...MINIFY, compress: { passes: 3 } });
  return `(()=>{${partOf([whole])}})();\n`;
}

async function topLevelStatements(code) {
  const { ast } = await minify(code, { ...MINIFY, format: { ast: true, code: false } });
  return ast.body.flatMap(separate);
}

/** One statement for each declared variable, and for each expression of a sequence. */
function separate(node) {
  const print = (each) => each.print_to_string({ ecma: 2020 });
  if (["Const", "Let", "Var"].includes(node.TYPE)) {
    return node.definitions.map((each) => ({
      text: `${node.TYPE.toLowerCase()} ${print(each)};`,
      needsNothing: isPlain(each.value),
    }));
  }
  if (node.TYPE === "SimpleStatement" && node.body.TYPE === "Sequence") {
    // In parentheses, since an expression that begins like a declaration would be one.
    return node.body.expressions.map((each) => ({ text: `(${print(each)});`, needsNothing: false }));
  }
  return [{ text: `${print(node)};`, needsNothing: node.TYPE === "Defun" || isPlain(node) }];
}

/** Whether a value can be made before anything else: a literal, a function, or a class that computes nothing itself. */
function isPlain(node) {
  if (node === null) return false;
  if (LITERALS.has(node.TYPE)) return true;
  if (node.TYPE === "Array") return node.elements.every(isPlain);
  if (node.TYPE === "Object") {
    return node.properties.every(({ TYPE, key, value }) =>
      TYPE === "ObjectKeyVal" ? typeof key === "string" && isPlain(value) : METHODS.has(TYPE) && NAMES.has(key.TYPE),
    );
  }
  if (!["DefClass", "ClassExpression"].includes(node.TYPE) || node.extends !== null) return false;
  return node.properties.every(({ TYPE, key, static: fixed }) => NAMES.has(key?.TYPE) && (!fixed || METHODS.has(TYPE)));
}

const LITERALS = new Set(["Arrow", "Function", "String", "Number", "BigInt", "True", "False", "Null", "RegExp"]);
const METHODS = new Set(["ConciseMethod", "PrivateMethod", "ObjectGetter", "ObjectSetter", "PrivateGetter"]);
/** Keys of members that are not computed. */
const NAMES = new Set(["SymbolMethod", "SymbolClassProperty", "SymbolPrivateProperty"]);

function compressedBytes(texts) {
  return gzipSync(partOf(texts), { level: 9 }).length;
}

function partOf(texts) {
  return `${STRICT}${texts.join("")}\n`;
}
