/**
 * The data that were used in a case: each grant of them that the reader may see, with the version of its data set and
 * the attempts to use it for the case.
 */
import { Malformed } from '../bytes.js';
import { type Json, type JsonObject, objectOf, stringOf } from '../canonical-json.js';
import { grantStatus } from './grant-status.js';
import { countOf, grantAt, type ToldUse, toldGrant, upTo, useAt } from './grant-story.js';
import { keyOf, recordAt } from './records.js';
import type { Telling, Told } from './story.js';

const NOTHING: Told = { sections: {}, status: [], captured: [], agencies: [] };

/** The grant that a proactive case was opened under. @throws Malformed */
function openedUnder({ proactive }: JsonObject): string | undefined {
  return proactive === undefined ? undefined : stringOf(objectOf(proactive).grantId);
}

/** An attempt that names no case was made for the one that its grant names. */
function isFor(caseId: string, use: JsonObject, grant: JsonObject): boolean {
  return (use.caseId ?? grant.caseId) === caseId;
}

/** @param opened the grant that the case was opened under @throws Malformed for a grant or a use that is not the case's */
async function toldOf(grantId: string, uses: readonly ToldUse[], opened: string | undefined, telling: Telling): Promise<Told> {
  const { id, look, asOf } = telling;
  const granted = await grantAt(look, grantId);
  const { grant } = granted;
  const isNamed = grant.caseId === id;
  const strange = uses.find(({ use }) => !isFor(id, use, grant));
  if (strange) throw new Malformed(`${strange.use.useId} was not made for ${id}`);
  if (!isNamed && uses.length === 0 && grantId !== opened) throw new Malformed(`${grantId} has nothing to do with ${id}`);
  // A grant for this case permits no use for another: so its count is of uses for this one.
  const { count } = isNamed ? await countOf(look, grant) : {};
  return toldGrant({ ...granted, ...(count && { count }), uses: upTo(count, uses) }, asOf, `data/${grantId}/`);
}

/** Before `yrd-evidence/2` there was no more than the grant that a proactive case was opened under. */
async function tellFirst(opened: string | undefined, { parts, look, asOf }: Telling): Promise<Told> {
  if (opened === undefined || parts.grants.length === 0) return NOTHING;
  const grant = await recordAt(look, keyOf('grant', opened));
  return {
    ...NOTHING,
    sections: { grant },
    status: [{ type: 'grant', id: opened, ...grantStatus(grant, asOf) }],
    agencies: [stringOf(grant.grantee), stringOf(grant.provider)],
  };
}

async function tellAll(opened: string | undefined, telling: Telling): Promise<Told> {
  const { parts, look } = telling;
  const byGrant = new Map<string, ToldUse[]>([...parts.grants].sort().map((grantId) => [grantId, []]));
  for (const useId of parts.uses) {
    const made = await useAt(look, useId);
    const uses = byGrant.get(stringOf(made.use.grantId));
    if (!uses) throw new Malformed(`${useId} is of a grant that is not told of`);
    uses.push(made);
  }
  const told: Told[] = [];
  for (const [grantId, uses] of byGrant) told.push(await toldOf(grantId, uses, opened, telling));
  return {
    sections: { data: told.map(({ sections }): Json => sections) },
    status: told.flatMap(({ status }) => status),
    captured: told.flatMap(({ captured }) => captured),
    agencies: told.flatMap(({ agencies }) => agencies),
  };
}

/** @param record the case as signed @throws Malformed for a grant or a use that has nothing to do with it */
export async function tellData(record: JsonObject, telling: Telling): Promise<Told> {
  const opened = openedUnder(record);
  const told = await (telling.format === 'yrd-evidence/1' ? tellFirst : tellAll)(opened, telling);
  if (opened === undefined || telling.parts.grants.includes(opened)) return told;
  // The reader may not see it, it is somebody's who has nothing to do with the case, or it was never asked for.
  return { ...told, sections: { ...told.sections, withheld: [keyOf('grant', opened)] } };
}
