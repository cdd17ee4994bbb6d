/**
 * The data that were used in a case: each grant of them that the reader may see, with the version of its data set and
 * every attempt to use it for the case.
 */
import { Malformed } from '../bytes.js';
import { type Json, type JsonObject, objectOf, stringOf } from '../canonical-json.js';
import { grantStatus } from './grant-status.js';
import { dataSetOf, inOrder, shownUse, stepsCaptured, type ToldUse, useAt, useCaptured } from './grant-story.js';
import { keyOf, recordAt } from './records.js';
import type { Telling, Told } from './story.js';

interface Data {
  readonly grant: JsonObject;
  readonly catalogue: JsonObject;
  readonly voters: readonly string[];
  readonly uses: readonly ToldUse[];
}

const NOTHING: Told = { sections: {}, status: [], captured: [], agencies: [] };

/** The grant that a proactive case was opened under. */
export function openedUnder({ proactive }: JsonObject): string | undefined {
  return proactive === undefined ? undefined : stringOf(objectOf(proactive).grantId);
}

async function dataUnder(grantId: string, record: JsonObject, { id, look }: Telling, all: readonly ToldUse[]): Promise<Data> {
  const grant = await recordAt(look, keyOf('grant', grantId));
  const uses = all.filter(({ use }) => use.grantId === grantId);
  const isNamed = (named: JsonObject) => named.caseId === id;
  const stranger = uses.find(({ use }) => !isNamed(use) && !isNamed(grant));
  if (stranger) throw new Malformed(`${stranger.use.useId} was not made for ${id}`);
  if (!isNamed(grant) && uses.length === 0 && grantId !== openedUnder(record))
    throw new Malformed(`${grantId} has nothing to do with ${id}`);
  const { catalogue, voters } = await dataSetOf(look, grant);
  return { grant, catalogue, voters, uses };
}

function toldOf({ grant, catalogue, voters, uses }: Data, asOf: string): Told {
  const id = stringOf(grant.grantId);
  const section = `data/${id}/`;
  return {
    sections: { catalogue, grant, uses: uses.map(shownUse) },
    status: [{ type: 'grant', id, ...grantStatus(grant, asOf) }],
    captured: [...stepsCaptured(grant, section), ...uses.flatMap((use) => useCaptured(use, section))],
    agencies: [stringOf(grant.grantee), stringOf(grant.provider), ...uses.map(({ use }) => stringOf(use.agency)), ...voters],
  };
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

async function tellAll(record: JsonObject, telling: Telling): Promise<Told> {
  const { parts, look, asOf } = telling;
  const uses = (await Promise.all(parts.uses.map((useId) => useAt(look, useId)))).sort(inOrder);
  const ids = [...parts.grants].sort();
  const strange = uses.find(({ use }) => !ids.includes(stringOf(use.grantId)));
  if (strange) throw new Malformed(`${strange.use.useId} is of a grant that is not told of`);
  const told: Told[] = [];
  for (const grantId of ids) told.push(toldOf(await dataUnder(grantId, record, telling, uses), asOf));
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
  const told = telling.format === 'yrd-evidence/1' ? await tellFirst(opened, telling) : await tellAll(record, telling);
  if (opened === undefined || telling.parts.grants.includes(opened)) return told;
  // The reader may not see it, or it was never asked for.
  return { ...told, sections: { ...told.sections, withheld: [keyOf('grant', opened)] } };
}
