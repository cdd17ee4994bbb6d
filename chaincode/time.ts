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

export function isBefore(left: string, right: string): boolean {
  return Date.parse(left) < Date.parse(right);
}

export function later(left: string, right: string): string {
  return isBefore(left, right) ? right : left;
}
