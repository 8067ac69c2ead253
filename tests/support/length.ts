/** Whether this is `npm run test:long`, which takes some tests at a length that every run cannot. */
const LONG = process.env.POSTERN_TEST_LONG === "1";

/** How much of something a test does: in every run, and in `npm run test:long`. */
export function atLength<Value>(usual: Value, long: Value): Value {
  return LONG ? long : usual;
}

/** Of the browsers, or the cases, of a test: the one at `turn` in every run, all in `npm run test:long`. */
export function inTurn<Each>(all: readonly Each[], turn: number): readonly Each[] {
  return LONG ? all : all.filter((_each, index) => index === turn % all.length);
}

/** Of many cases that are alike: every `nth` in every run, from the first, and all in `npm run test:long`. */
export function shareOf<const Each>(all: readonly Each[], nth: number): readonly Each[] {
  return LONG ? all : all.filter((_each, index) => index % nth === 0);
}
