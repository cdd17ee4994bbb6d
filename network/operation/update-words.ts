/** What an update of the channel's configuration changes, in words, for whoever is asked to sign it: all of it, or it would hide in what is left out. */
import { createHash, X509Certificate } from 'node:crypto';
import type { ConfigGroup, ConfigUpdate } from './configtxlator.js';

const LONGEST = 80;
const KINDS = ['groups', 'values', 'policies'] as const;

/** Certificates stand in the configuration as base64 of PEM. */
function certificateIn(text: string): X509Certificate | undefined {
  const pem = Buffer.from(text, 'base64').toString('latin1');
  if (!pem.startsWith('-----BEGIN CERTIFICATE-----')) return undefined;
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const certificate = typeof value === 'string' ? certificateIn(value) : undefined;
  if (certificate) {
    const { subject, issuer, validToDate, fingerprint256 } = certificate;
    const [holder, by] = [subject, issuer].map((name) => JSON.stringify(/CN=(.*)/.exec(name)?.[1] ?? name));
    return `certificate of ${holder} by ${by}, until ${validToDate.toISOString().slice(0, 10)}, SHA-256 ${fingerprint256}`;
  }
  const text = JSON.stringify(value);
  if (text.length <= LONGEST) return text;
  return `${text.slice(0, LONGEST)}… (${text.length} characters, SHA-256 ${createHash('sha256').update(text).digest('hex')})`;
}

/** Every leaf under its path. */
function leaves(value: unknown, path: string): [string, unknown][] {
  const isEmpty = value === null || typeof value !== 'object' || Object.keys(value).length === 0;
  if (isEmpty) return path === '' ? [] : [[path, value ?? undefined]];
  return Object.entries(value as object).flatMap(([name, item]) => leaves(item, path === '' ? name : `${path}.${name}`));
}

function differences(before: object, after: object): string[] {
  const [old, next] = [new Map(leaves(before, '')), new Map(leaves(after, ''))];
  return [...new Set([...old.keys(), ...next.keys()])]
    .filter((path) => JSON.stringify(old.get(path)) !== JSON.stringify(next.get(path)))
    .map((path) => `${path}: ${shown(old.get(path))} → ${shown(next.get(path))}`);
}

const NONE: ConfigGroup = { version: '', mod_policy: '', groups: {}, values: {}, policies: {} };

/** @param read by whose versions Fabric tells what is written from what is only named, so that a group does not lose it */
function groupWords(path: string, before: ConfigGroup, read: ConfigGroup, after: ConfigGroup): string[] {
  const items = (['values', 'policies'] as const).flatMap((kind) =>
    Object.entries(after[kind]).flatMap(([name, item]) => {
      if (read[kind][name]?.version === item.version) return [];
      const { version: _old, ...was } = before[kind][name] ?? { version: '' };
      const { version: _next, ...is } = item;
      return differences(was, is).map((words) => `${path}, ${name}: ${words}`);
    }),
  );
  const groups = Object.entries(after.groups).flatMap(([name, group]) => {
    const old = before.groups[name];
    const added = old ? [] : [`${path} gets ${name}`];
    return [...added, ...groupWords(`${path}/${name}`, old ?? NONE, read.groups[name] ?? NONE, group)];
  });
  const lost = KINDS.flatMap((kind) => Object.keys(before[kind]).filter((name) => !(name in after[kind])));
  const own = [
    ...lost.map((name) => `${path} loses ${name}`),
    ...(before.mod_policy === after.mod_policy
      ? []
      : [`${path} is changed by ${after.mod_policy}, not ${before.mod_policy || 'nobody'}`]),
  ];
  return [...(read.version === after.version ? [] : own), ...items, ...groups];
}

/** A line for each thing that would be another; none when it is so already. */
export function wordsOf(channel: ConfigGroup, { read_set, write_set }: ConfigUpdate): readonly string[] {
  return groupWords('Channel', channel, read_set, write_set);
}

type Versions = { readonly version: string } | undefined;

/** Whether what was read stands at that version still, and what is written at the next one. */
function follows(before: Versions, read: Versions, after: Versions): boolean {
  if (read !== undefined && read.version !== before?.version) return false;
  if (after === undefined || after.version === read?.version) return true;
  return after.version === String(before === undefined ? 0 : Number(before.version) + 1);
}

function groupFollows(before: ConfigGroup | undefined, read: ConfigGroup | undefined, after: ConfigGroup | undefined): boolean {
  if (!follows(before, read, after)) return false;
  const [was, known, is] = [before ?? NONE, read ?? NONE, after ?? NONE];
  const names = (kind: (typeof KINDS)[number]) => [...new Set([...Object.keys(known[kind]), ...Object.keys(is[kind])])];
  return (
    names('values').every((name) => follows(was.values[name], known.values[name], is.values[name])) &&
    names('policies').every((name) => follows(was.policies[name], known.policies[name], is.policies[name])) &&
    names('groups').every((name) => groupFollows(was.groups[name], known.groups[name], is.groups[name]))
  );
}

/** Whether an update was made from this very configuration; orderers refuse one that was not. */
export function isMadeFrom(channel: ConfigGroup, { read_set, write_set }: ConfigUpdate): boolean {
  return groupFollows(channel, read_set, write_set);
}
