/** Loaded before anything else: shifts the process's clock and its random numbers by `SKEW`, which it takes from the environment. */
const skew = Number(process.env.SKEW ?? 0);
const RealDate = Date;

class SkewedDate extends RealDate {
  constructor(...parts: [] | [number | string | Date]) {
    if (parts.length === 0) super(RealDate.now() + skew);
    else super(...parts);
  }

  static override now(): number {
    return RealDate.now() + skew;
  }
}

globalThis.Date = SkewedDate as DateConstructor;
let drawn = Math.abs(skew) % 9973;
Math.random = () => {
  drawn = (drawn * 7919 + 17) % 9973;
  return drawn / 9973;
};
