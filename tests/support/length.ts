/** Whether this is `npm run test:long`, which takes some tests at a length that every run cannot. */
const LONG = process.env.POSTERN_TEST_LONG === "1";

/** How much of something a test does: in every run, and in `npm run test:long`. */
export function atLength<Value>(usual: Value, long: Value): Value {
  return LONG ? long : usual;
}
