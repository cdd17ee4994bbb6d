/** Instants are RFC 3339 UTC strings; contracts only compare them and never read a clock. */

/** Milliseconds since the epoch; undefined when the text names no real instant (February 30th, 25 o'clock). */
export function instant(text: string): number | undefined {
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) return undefined;
  return new Date(milliseconds).toISOString().slice(0, 19) === text.slice(0, 19) ? milliseconds : undefined;
}

/** The canonical form: milliseconds always present. */
export function formatInstant(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** Up to the whole second the two forms of an instant, with and without milliseconds, read the same. */
const SECONDS = 'YYYY-MM-DDThh:mm:ss'.length;

/** Of instants in their closed form, whose text is in the order of time but for `…:00Z` against `…:00.000Z`. */
export function isBefore(left: string, right: string): boolean {
  if (left.length === right.length) return left < right;
  const [leftSecond, rightSecond] = [left.slice(0, SECONDS), right.slice(0, SECONDS)];
  return leftSecond === rightSecond ? Date.parse(left) < Date.parse(right) : leftSecond < rightSecond;
}

export function later(left: string, right: string): string {
  return isBefore(left, right) ? right : left;
}
