/** Enters what a transaction did into the trace. */
import { provinceOfMsp } from '../../../chaincode/provinces.js';
import type { RecordType } from '../../../chaincode/state/keys.js';
import type { LedgerTransaction } from '../../../network/ledger.js';
import { prepare } from '../../store/prepared.js';
import type { StoreTransaction } from '../../store/store.js';
import type { ProjectedWrite } from '../framework.js';
import { recordOf, type Traced, type Tracer } from './traced.js';
import { traceEntry } from './traced-cases.js';
import { traceBatch, traceCertificate, traceCopy } from './traced-certificates.js';
import { traceGrant, traceRelease, traceUse } from './traced-grants.js';
import { traceAnchors, traceCatalogue, traceErasure } from './traced-others.js';

/** By the record that says most of what was done; the first that reads something has it. */
const TRACERS: readonly (readonly [RecordType, Tracer])[] = [
  ['use', traceUse],
  ['release', traceRelease],
  ['grant', traceGrant],
  ['entry', traceEntry],
  ['certificate', traceCertificate],
  ['certificate-batch', traceBatch],
  ['certificate-digest', traceCopy],
  ['subject', traceErasure],
  ['anchor-batch', traceAnchors],
  ['catalogue-version', traceCatalogue],
];

const put = prepare((db, p) =>
  db.insertInto('trace').values({
    time: p(0),
    block: p(1),
    position: p(2),
    place: p(3),
    transaction_id: p(4),
    agency: p(5),
    province: p(6),
    action: p(7),
    subject: p(8),
    grant_id: p(9),
    data_set: p(10),
    certificate_id: p(11),
    case_id: p(12),
    decision: p(13),
    detail: p(14),
  }),
);

async function tracedIn(
  db: StoreTransaction,
  transaction: LedgerTransaction,
  all: readonly ProjectedWrite[],
): Promise<readonly Traced[]> {
  for (const [type, trace] of TRACERS) {
    const own = all.filter((write) => write.type === type);
    const traced = own.length > 0 ? await trace({ db, transaction, own, all }) : [];
    if (traced.length > 0) return traced;
  }
  const other = all.find(({ type }) => type !== 'operation');
  return other ? [{ record: recordOf(other) }] : [];
}

/** `writes` are those of one transaction of an agency, and the tables hold them. */
export async function enterTrace(
  db: StoreTransaction,
  agency: string,
  transaction: LedgerTransaction,
  writes: readonly ProjectedWrite[],
): Promise<void> {
  const { id, time, function: action, creatorMspId } = transaction;
  const province = provinceOfMsp(creatorMspId)?.code;
  const [first] = writes;
  if (!first || province === undefined) throw new Error(`transaction ${id} of ${agency} is of no province or wrote nothing`);
  const at = [Date.parse(time), first.block, first.position] as const;
  const traced = await tracedIn(db, transaction, writes);
  for (const [place, { subject, grant, dataSet, certificate, case: caseId, decision, ...detail }] of traced.entries()) {
    const things = [subject, grant, dataSet, certificate, caseId, decision].map((value) => value ?? null);
    await put(db, ...at, place, id, agency, province, action, ...things, JSON.stringify(detail));
  }
}
