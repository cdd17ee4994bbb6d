/** A client that keeps what was asked and answered, and brings two ledgers' answers to what must be equal in them. */
import { expect } from 'vitest';
import { PROVINCES } from '../../chaincode/provinces.js';
import type { Client } from '../../scripts/demo/client.js';

export interface Exchange {
  /** what was asked, by whom */
  readonly asked: string;
  /** for writes: the idempotency key */
  readonly key?: string;
  readonly answer: unknown;
}

export function recorded(client: Client, exchanges: Exchange[]): Client {
  const keep = <T>(asked: string, answer: T, key?: string): T => {
    exchanges.push({ asked, answer, ...(key !== undefined && { key }) });
    return answer;
  };
  const line = (method: string, path: string, as: { agencyId: string } | undefined, body?: unknown) =>
    `${as?.agencyId ?? 'anybody'}: ${method} ${path} ${body === undefined ? '' : canonical(body)}`;
  return {
    address: client.address,
    ask: async (method, path, as, body, key) =>
      keep(line(method, path, as, body), await client.ask(method, path, as, body, key), key),
    get: async (path, as) => keep(line('GET', path, as), await client.get(path, as)),
    post: async (path, as, body, key) => keep(line('POST', path, as, body), await client.post(path, as, body, key), key),
    verify: async (bytes, question) => keep(`verify ${JSON.stringify(question ?? {})}`, await client.verify(bytes, question)),
  };
}

/** Keys in one order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1)))
      : part,
  );
}

const MSP_IDS: ReadonlySet<unknown> = new Set(PROVINCES.map(({ mspId }) => mspId));

/** Three provinces endorse, or four: which of them is the network's matter. */
function isEndorsed(value: unknown): boolean {
  return (
    Array.isArray(value) && value.length >= 3 && new Set(value).size === value.length && value.every((id) => MSP_IDS.has(id))
  );
}

/** What stands in a block, and the opaque place in a list that is made from it. */
const PLACES: ReadonlySet<string> = new Set(['block', 'position', 'height']);

function withoutPlaces(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPlaces);
  if (value === null || typeof value !== 'object') return value;
  const plain = (name: string, part: unknown) => {
    if (PLACES.has(name) && Number.isInteger(part)) return '<place>';
    if (name === 'endorsers' && isEndorsed(part)) return '<three or more provinces>';
    if (name === 'stoodStillMilliseconds' && Number.isInteger(part)) return '<time>';
    if (name === 'nextCursor' && typeof part === 'string') return '<cursor>';
    return withoutPlaces(part);
  };
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plain(name, part)]));
}

const INSTANT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;
const HEX = /\b[0-9a-f]{64}\b/g;

/**
 * Exchanges with times and places taken out, and every id and hash replaced by its number in the order of first
 * appearance: two runs are equal when the same things are said, and the same ids stand in the same places.
 */
export function comparable(exchanges: readonly Exchange[]): readonly string[] {
  const names = new Map<string, string>();
  const nameOf = (hex: string) => {
    const name = names.get(hex) ?? `<hex ${names.size + 1}>`;
    names.set(hex, name);
    return name;
  };
  return exchanges.map(({ asked, answer }) =>
    `${asked} → ${canonical(withoutPlaces(answer))}`.replace(INSTANT, '<time>').replace(HEX, nameOf),
  );
}

/** Writes of a seeding go out many at once: by key they are in one order. */
export function byKey(exchanges: readonly Exchange[]): readonly Exchange[] {
  return [...exchanges].sort((left, right) => ((left.key ?? left.asked) < (right.key ?? right.asked) ? -1 : 1));
}

/** @throws AssertionError at the first exchange that differs */
export function expectSame(left: readonly Exchange[], right: readonly Exchange[]): void {
  const [one, other] = [comparable(left), comparable(right)];
  for (const [index, text] of one.entries()) expect(other[index]).toBe(text);
  expect(other.length).toBe(one.length);
}
