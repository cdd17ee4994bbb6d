/**
 * Tokens that are taken back before they run out: one, or all that an operator has so far. They stand in a file beside the
 * issuer's keys, a line of JSON each, which a running server looks at again within seconds.
 */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../../network/identity/files.js';
import { LOCAL_LIFETIME_SECONDS } from './local-issuer.js';

const LOOK_MILLISECONDS = 5000;

/** `at` in seconds since the epoch: when it was taken back */
export type Revocation =
  | { readonly jti: string; readonly at: number }
  /** all tokens of this `sub` that were issued until then */
  | { readonly sub: string; readonly at: number };

/** What is looked at of a token. */
export interface TokenClaims {
  readonly jti: string;
  readonly sub: string;
  readonly iat: number;
}

export type IsRevoked = (claims: TokenClaims) => boolean;

function fileIn(folder: string): string {
  return join(folder, 'revoked.ndjson');
}

function read(file: string): Revocation[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Revocation]));
}

/** Adds one to the folder's; those whose tokens have all run out since are left out. @param now milliseconds */
export function revokeTokens(folder: string, what: { jti: string } | { sub: string }, now: number): void {
  const at = Math.floor(now / 1000);
  const standing = read(fileIn(folder)).filter((one) => one.at + LOCAL_LIFETIME_SECONDS > at);
  const lines = [...standing, { ...what, at }].map((one) => `${JSON.stringify(one)}\n`);
  writeWhole(fileIn(folder), lines.join(''), 0o600);
}

/** @throws Error when the file is there and cannot be read: then no token is known to be good */
export function openRevokedTokens(folder: string, clock: () => number): IsRevoked {
  const file = fileIn(folder);
  let looked = Number.NEGATIVE_INFINITY;
  let version = '';
  let ids = new Set<string>();
  let operators = new Map<string, number>();
  const look = () => {
    const stat = statSync(file, { throwIfNoEntry: false });
    const found = stat ? `${stat.ino} ${stat.mtimeMs} ${stat.size}` : '';
    if (found === version) return;
    const all = read(file);
    ids = new Set(all.flatMap((one) => ('jti' in one ? [one.jti] : [])));
    operators = new Map(all.flatMap((one) => ('sub' in one ? [[one.sub, one.at] as const] : [])));
    version = found;
  };
  return ({ jti, sub, iat }) => {
    const now = clock();
    if (Math.abs(now - looked) >= LOOK_MILLISECONDS) {
      look();
      looked = now;
    }
    return ids.has(jti) || iat <= (operators.get(sub) ?? Number.NEGATIVE_INFINITY);
  };
}
