/** A case: its timeline, what was anchored under it, the item it was handled under, its certificates, and the data used in it. */
import { type Json, type JsonObject, listOf, numberOf, objectOf, stringOf } from '../canonical-json.js';
import type { Leaf } from './bundle.js';
import type { Captured } from './captures.js';
import { tellData } from './case-data.js';
import { catalogueOf } from './catalogue.js';
import { certificateOf } from './certificate-story.js';
import { keyOf, type Look, recordAt } from './records.js';
import type { Telling, Told } from './story.js';
import { stateAsOf } from './timeline.js';

const MOST_CERTIFICATES = 1000;

function entryCaptured(entry: JsonObject): Captured {
  const data = objectOf(entry.data);
  const place = `timeline/${numberOf(entry.number)}`;
  return { in: place, value: data, recordedAt: entry.time, statedAt: data.occurredAt ?? data.endedAt };
}

/** The record under a leaf's batch says when it came to the ledger. @throws Malformed */
async function leafCaptured(look: Look, { record, batchId }: Leaf, index: number): Promise<Captured> {
  const { recordedAt } = await recordAt(look, keyOf('anchor-batch', batchId));
  return { in: `anchored/${index}`, value: record, recordedAt, statedAt: record.occurredAt };
}

function certificatesNamed({ decision }: JsonObject): string[] {
  return decision === undefined ? [] : listOf(objectOf(decision).certificates, MOST_CERTIFICATES).map(stringOf);
}

function statusOf(id: string, asOf: string, timeline: readonly JsonObject[]): JsonObject {
  const state = stateAsOf(timeline, asOf);
  if (!state) return { type: 'case', id, verdict: 'not-recorded' };
  const { status, holder, offeredTo, entries } = state;
  return { type: 'case', id, verdict: status, holder, ...(offeredTo !== undefined && { offeredTo }), entries };
}

export async function tellCase(telling: Telling): Promise<Told> {
  const { id, asOf, parts, look } = telling;
  const record = await recordAt(look, keyOf('case', id));
  const { code, version } = objectOf(record.item);
  const { catalogue, voters } = await catalogueOf(look, 'service-items', stringOf(code), numberOf(version));
  const certificates = [];
  for (const certificateId of certificatesNamed(record)) certificates.push(await certificateOf(telling, certificateId));
  const anchored = await Promise.all(parts.anchored.map((leaf, index) => leafCaptured(look, leaf, index)));
  const data = await tellData(record, telling);
  const timeline = [...parts.timeline];
  return {
    sections: {
      anchored: parts.anchored.map((leaf): Json => ({ ...leaf })),
      case: record,
      catalogue,
      certificates: certificates.map(({ told }) => told),
      timeline,
      ...data.sections,
    },
    status: [statusOf(id, asOf, timeline), ...certificates.flatMap(({ status }) => status), ...data.status],
    captured: [
      ...timeline.map(entryCaptured),
      ...anchored,
      ...certificates.flatMap(({ captured }) => captured),
      ...data.captured,
    ],
    agencies: [
      stringOf(objectOf(record.opener).agency),
      ...timeline.map(({ agency }) => stringOf(agency)),
      ...parts.anchored.map(({ record: { agency } }) => stringOf(agency)),
      ...certificates.flatMap(({ issuer }) => issuer),
      ...data.agencies,
      ...voters,
    ],
  };
}
