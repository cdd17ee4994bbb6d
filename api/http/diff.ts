/** What differs between two JSON values, by JSON pointer (RFC 6901), in the order of the newer one. */

export interface Change {
  readonly op: 'add' | 'remove' | 'replace';
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return value !== null && typeof value === 'object';
}

function pointerPart(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

function compare(before: unknown, after: unknown, path: string): Change[] {
  if (isFields(before) && isFields(after) && Array.isArray(before) === Array.isArray(after)) return diff(before, after, path);
  return Object.is(before, after) ? [] : [{ op: 'replace', path, before, after }];
}

/** Lists are compared place by place: an entry that moved counts as changed. */
export function diff(before: Fields, after: Fields, path = ''): Change[] {
  const there = (fields: Fields, name: string) => Object.hasOwn(fields, name);
  const changed = Object.keys(after).flatMap((name): Change[] => {
    const at = `${path}/${pointerPart(name)}`;
    return there(before, name) ? compare(before[name], after[name], at) : [{ op: 'add', path: at, after: after[name] }];
  });
  const removed = Object.keys(before)
    .filter((name) => !there(after, name))
    .map((name): Change => ({ op: 'remove', path: `${path}/${pointerPart(name)}`, before: before[name] }));
  return [...changed, ...removed];
}
