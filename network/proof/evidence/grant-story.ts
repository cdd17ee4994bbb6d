/** A grant with its steps and uses, and a use with its release and its grant. */
import type { Version } from '../answer.js';
import { Malformed } from '../bytes.js';
import { type JsonObject, numberOf, objectOf, stringOf } from '../canonical-json.js';
import type { Captured } from './captures.js';
import { catalogueOf } from './catalogue.js';
import { grantStatus, isAfter, stepsOf } from './grant-status.js';
import { type FoundRecord, keyOf, type Look, recordAt } from './records.js';
import type { Telling, Told } from './story.js';
import { instantOf } from './time.js';

export interface ToldUse {
  readonly use: JsonObject;
  readonly release: JsonObject | undefined;
  readonly version: Version | undefined;
}

/** Data are released for a permitted use only. @throws Malformed */
export async function useAt(look: Look, useId: string): Promise<ToldUse> {
  const { value, version } = await look(keyOf('use', useId));
  const use = objectOf(value);
  const release = use.decision === 'permitted' ? (await look(keyOf('release', useId))).value : null;
  return { use, release: release === null ? undefined : objectOf(release), version };
}

function shownUse({ use, release }: ToldUse): JsonObject {
  return { ...(release && { release }), use };
}

/** @param section where in the story: empty, or a place with `/` at its end */
function useCaptured({ use, release }: ToldUse, section: string): Captured[] {
  const useId = stringOf(use.useId);
  const given = { in: `${section}uses/${useId}/use`, value: use.queryDigest ?? null, recordedAt: use.recordedAt };
  if (!release) return [given];
  const { responseDigest = null, recordedAt, releasedAt } = release;
  return [given, { in: `${section}uses/${useId}/release`, value: responseDigest, recordedAt, statedAt: releasedAt }];
}

function stepsCaptured(grant: JsonObject, section: string): Captured[] {
  return stepsOf(grant).map(({ digest = null, recordedAt }, index) => ({
    in: `${section}grant/steps/${index}`,
    value: digest,
    recordedAt,
  }));
}

/** What there is to tell of a grant. */
export interface Granted {
  readonly grant: JsonObject;
  /** the version of its data set */
  readonly catalogue: JsonObject;
  readonly voters: readonly string[];
  /** where its uses are counted and all of them are told: how many it has had */
  readonly count?: FoundRecord;
  readonly uses: readonly ToldUse[];
}

/** A grant without its uses. @throws Malformed */
export async function grantAt(look: Look, grantId: string): Promise<Omit<Granted, 'uses'>> {
  const grant = await recordAt(look, keyOf('grant', grantId));
  const { dataSet, version } = grant;
  return { grant, ...(await catalogueOf(look, 'data-sets', stringOf(dataSet), numberOf(version))) };
}

/** Where a grant limits its uses, the record that counts them. */
export async function countOf(look: Look, { grantId, maxUses }: JsonObject): Promise<{ readonly count?: FoundRecord }> {
  return maxUses === undefined ? {} : { count: await look(keyOf('grant-count', stringOf(grantId))) };
}

/** Earlier in the ledger first; those whose place is not known stay as they are. */
function inOrder(left: ToldUse, right: ToldUse): number {
  if (!left.version || !right.version) return 0;
  return Number(isAfter(left.version, right.version)) - Number(isAfter(right.version, left.version));
}

/**
 * In the order of the ledger, the uses up to the moment that the count was read at: a permitted use is one transaction with its
 * count, so a later one belongs to a later story. Where there is no count, all that were found.
 */
export function upTo(count: FoundRecord | undefined, uses: readonly ToldUse[]): ToldUse[] {
  return [...uses].sort(inOrder).filter(({ use, version }) => {
    if (!count || use.decision !== 'permitted') return true;
    return count.version !== undefined && version !== undefined && !isAfter(version, count.version);
  });
}

/** @param section where in the story: empty, or a place with `/` at its end @throws Malformed */
export function toldGrant({ grant, catalogue, voters, count, uses }: Granted, asOf: string, section = ''): Told {
  return {
    sections: { catalogue, ...(count && { count: count.value }), grant, uses: uses.map(shownUse) },
    status: [{ type: 'grant', id: stringOf(grant.grantId), ...grantStatus(grant, asOf) }],
    captured: [...stepsCaptured(grant, section), ...uses.flatMap((use) => useCaptured(use, section))],
    agencies: [stringOf(grant.grantee), stringOf(grant.provider), ...uses.map(({ use }) => stringOf(use.agency)), ...voters],
  };
}

export async function tellGrant({ id, asOf, parts, look }: Telling): Promise<Told> {
  const granted = await grantAt(look, id);
  const { count } = await countOf(look, granted.grant);
  const uses = upTo(count, await Promise.all(parts.uses.map((useId) => useAt(look, useId))));
  const stranger = uses.find(({ use }) => use.grantId !== id);
  if (stranger) throw new Malformed(`${stranger.use.useId} is no use of ${id}`);
  return toldGrant({ ...granted, ...(count && { count }), uses }, asOf);
}

function useStatus({ useId, decision, reason, recordedAt }: JsonObject, asOf: string): JsonObject {
  const isKnown = instantOf(recordedAt) <= instantOf(asOf);
  const said = isKnown ? { verdict: decision ?? null, ...(reason !== undefined && { reason }) } : { verdict: 'not-recorded' };
  return { type: 'use', id: useId ?? null, ...said };
}

export async function tellUse({ id, asOf, look }: Telling): Promise<Told> {
  const made = await useAt(look, id);
  const told = toldGrant({ ...(await grantAt(look, stringOf(made.use.grantId))), uses: [made] }, asOf);
  return { ...told, status: [useStatus(made.use, asOf), ...told.status] };
}
