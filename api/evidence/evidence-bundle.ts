/**
 * The evidence of a thing: its story, and receipts for every record in it. The tables tell which records belong to it; what
 * is told of them is what the peers signed, and nothing else.
 */

import { formatInstant } from '../../chaincode/time.js';
import { ATTESTED_RECORDS_LIMIT } from '../../chaincode/transactions/ledger/attest-records.js';
import { type Json, type JsonObject, objectOf, stringOf } from '../../network/proof/canonical-json.js';
import { bundleText, EVIDENCE_FORMAT, partOf, type Thing } from '../../network/proof/evidence/bundle.js';
import { type FoundRecord, type Look, SignedRecords } from '../../network/proof/evidence/records.js';
import { storyOf } from '../../network/proof/evidence/story.js';
import type { Principal } from '../auth/principal.js';
import type { Deps } from '../deps.js';
import { Problem } from '../http/problem.js';
import { findPlaced } from '../projection/records.js';
import { recordLook } from '../store/read-log.js';
import { askerFor } from './asker.js';
import { attestRecords } from './attest-records.js';
import { EVIDENCE_LIMIT, partsOf } from './evidence-parts.js';

/** The ledger goes on while peers are asked; so often it is asked for what has come to belong to the story since. */
const ROUNDS = 6;

async function projected({ store }: Deps, key: string): Promise<FoundRecord> {
  const row = await findPlaced(store, key);
  if (!row) return { value: null, version: undefined };
  return { value: JSON.parse(row.value) as Json, version: { block: row.block, position: row.position } };
}

/** The tables have caught up with what the peers have said. @throws Problem `ledger.unavailable` when they do not */
async function caughtUp({ projection, deadlineMilliseconds }: Deps, block: number): Promise<void> {
  try {
    await projection.waitFor(block, AbortSignal.timeout(deadlineMilliseconds));
  } catch {
    throw new Problem('ledger.unavailable');
  }
}

/** Receipts as they come in, and the records in them. */
interface Gathered {
  readonly receipts: Json[];
  readonly signed: SignedRecords;
  /** declared time of the first answer */
  time?: string;
}

async function gather(deps: Deps, agencyId: string, keys: readonly string[], gathered: Gathered): Promise<void> {
  const asker = await askerFor(deps, agencyId);
  for (let from = 0; from < keys.length; from += ATTESTED_RECORDS_LIMIT) {
    const { text, answer } = await attestRecords(deps.receipts, asker, keys.slice(from, from + ATTESTED_RECORDS_LIMIT));
    gathered.signed.add(answer);
    gathered.receipts.push(JSON.parse(text) as Json);
    gathered.time ??= answer.time;
  }
}

/** A story read from signed records where there are such, and from the tables where there are none yet. */
async function told(deps: Deps, thing: Thing, asOf: string, parts: ReturnType<typeof partsOf>, signed: SignedRecords) {
  const unsigned = new Set<string>();
  const reading = signed.read();
  const look: Look = (key) => {
    if (signed.get(key)) return reading.look(key);
    unsigned.add(key);
    return projected(deps, key);
  };
  const story: JsonObject = await storyOf(thing.type, {
    format: EVIDENCE_FORMAT,
    id: thing.id,
    asOf,
    parts: await parts(signed),
    look,
  });
  return { story, unsigned: [...unsigned], isWhole: unsigned.size === 0 && reading.unasked() === undefined };
}

/** A case's story tells of uses: who looked at those of a grant is found by the grant. @throws LookNotRecorded */
async function recordGrants(deps: Deps, principal: Principal, story: JsonObject): Promise<void> {
  const ids = partOf(story, 'data').map(({ grant = null }) => stringOf(objectOf(grant).grantId));
  await Promise.all(ids.map((thing) => recordLook(deps, { principal, action: 'evidence.grant', thing })));
}

export interface EvidenceQuestion {
  readonly thing: Thing;
  /** the day that statuses are told for; that of the first receipt unless given */
  readonly asOf?: string | undefined;
}

/**
 * The caller has found that the principal may read the thing. The look is recorded before peers are asked, and of each grant told with a case before the answer.
 * @returns the bundle's text
 * @throws LookNotRecorded, LedgerUnavailable, Problem `evidence.too-large`, `ledger.conflict`, `ledger.unavailable`
 */
export async function evidenceBundle(deps: Deps, principal: Principal, { thing, asOf }: EvidenceQuestion): Promise<string> {
  await recordLook(deps, { principal, action: `evidence.${thing.type}`, thing: thing.id });
  const gathered: Gathered = { receipts: [], signed: new SignedRecords() };
  const parts = partsOf(deps, principal, thing);
  for (let round = 0; round < ROUNDS; round += 1) {
    await caughtUp(deps, gathered.signed.highestBlock);
    const day = asOf ?? gathered.time ?? formatInstant(deps.clock());
    const { story, unsigned, isWhole } = await told(deps, thing, day, parts, gathered.signed);
    if (isWhole) {
      await recordGrants(deps, principal, story);
      return bundleText({ format: EVIDENCE_FORMAT, thing, receipts: gathered.receipts, story });
    }
    if (unsigned.length > EVIDENCE_LIMIT) throw new Problem('evidence.too-large');
    await gather(deps, principal.agencyId, unsigned, gathered);
  }
  throw new Problem('ledger.conflict');
}
