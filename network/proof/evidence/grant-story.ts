/** A grant with its steps and uses, and a use with its release and its grant. */
import type { Version } from '../answer.js';
import { Malformed } from '../bytes.js';
import { type Json, type JsonObject, numberOf, objectOf, stringOf } from '../canonical-json.js';
import type { Captured } from './captures.js';
import { catalogueOf } from './catalogue.js';
import { grantStatus, isAfter, stepsOf } from './grant-status.js';
import { keyOf, type Look, recordAt } from './records.js';
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

export function shownUse({ use, release }: ToldUse): JsonObject {
  return { ...(release && { release }), use };
}

/** @param section where in the story: empty, or a place with `/` at its end */
export function useCaptured({ use, release }: ToldUse, section = ''): Captured[] {
  const useId = stringOf(use.useId);
  const given = { in: `${section}uses/${useId}/use`, value: use.queryDigest ?? null, recordedAt: use.recordedAt };
  if (!release) return [given];
  const { responseDigest = null, recordedAt, releasedAt } = release;
  return [given, { in: `${section}uses/${useId}/release`, value: responseDigest, recordedAt, statedAt: releasedAt }];
}

export function stepsCaptured(grant: JsonObject, section = ''): Captured[] {
  return stepsOf(grant).map(({ digest = null, recordedAt }, index) => ({
    in: `${section}grant/steps/${index}`,
    value: digest,
    recordedAt,
  }));
}

export async function dataSetOf(look: Look, { dataSet, version }: JsonObject) {
  return catalogueOf(look, 'data-sets', stringOf(dataSet), numberOf(version));
}

export const inOrder = (left: ToldUse, right: ToldUse) =>
  left.version && right.version && isAfter(left.version, right.version) ? 1 : -1;

/**
 * The uses up to the moment that the count was read at: a permitted use is one transaction with its count, so a later one
 * belongs to a later story. Where there is no count, all that were found.
 */
function upTo(count: { readonly value: Json; readonly version: Version | undefined } | undefined, uses: readonly ToldUse[]) {
  return [...uses].sort(inOrder).filter(({ use, version }) => {
    if (!count || use.decision !== 'permitted') return true;
    return count.version !== undefined && version !== undefined && !isAfter(version, count.version);
  });
}

export async function tellGrant({ id, asOf, parts, look }: Telling): Promise<Told> {
  const grant = await recordAt(look, keyOf('grant', id));
  const count = grant.maxUses === undefined ? undefined : await look(keyOf('grant-count', id));
  const { catalogue, voters } = await dataSetOf(look, grant);
  const uses = upTo(count, await Promise.all(parts.uses.map((useId) => useAt(look, useId))));
  const stranger = uses.find(({ use }) => use.grantId !== id);
  if (stranger) throw new Malformed(`${stranger.use.useId} is no use of ${id}`);
  return {
    sections: { catalogue, ...(count && { count: count.value }), grant, uses: uses.map(shownUse) },
    status: [{ type: 'grant', id, ...grantStatus(grant, asOf) }],
    captured: [...stepsCaptured(grant), ...uses.flatMap((use) => useCaptured(use))],
    agencies: [stringOf(grant.grantee), stringOf(grant.provider), ...uses.map(({ use }) => stringOf(use.agency)), ...voters],
  };
}

function useStatus({ useId, decision, reason, recordedAt }: JsonObject, asOf: string): JsonObject {
  const isKnown = instantOf(recordedAt) <= instantOf(asOf);
  const said = isKnown ? { verdict: decision ?? null, ...(reason !== undefined && { reason }) } : { verdict: 'not-recorded' };
  return { type: 'use', id: useId ?? null, ...said };
}

export async function tellUse({ id, asOf, look }: Telling): Promise<Told> {
  const told = await useAt(look, id);
  const { use } = told;
  const grantId = stringOf(use.grantId);
  const grant = await recordAt(look, keyOf('grant', grantId));
  const { catalogue, voters } = await dataSetOf(look, grant);
  return {
    sections: { catalogue, grant, uses: [shownUse(told)] },
    status: [useStatus(use, asOf), { type: 'grant', id: grantId, ...grantStatus(grant, asOf) }],
    captured: [...stepsCaptured(grant), ...useCaptured(told)],
    agencies: [stringOf(grant.grantee), stringOf(grant.provider), stringOf(use.agency), ...voters],
  };
}
