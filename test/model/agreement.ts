/** Whether the records that a transaction wrote say what the model says of the same things. */
import { deepEqual } from 'node:assert/strict';
import { parseKey } from '../../chaincode/state/keys.js';
import type { CaseRecord } from '../../chaincode/transactions/case/case-record.js';
import type { HandoffRecord } from '../../chaincode/transactions/case/handoff.js';
import type { SessionRecord } from '../../chaincode/transactions/case/session.js';
import type { CatalogueHeadRecord } from '../../chaincode/transactions/catalogue/catalogue-head.js';
import type { CatalogueVersionRecord } from '../../chaincode/transactions/catalogue/catalogue-version.js';
import type { CertificateRecord } from '../../chaincode/transactions/certificate/certificate.js';
import type { GrantCountRecord, GrantRecord } from '../../chaincode/transactions/grant/grant.js';
import type { AgencyRecord } from '../../chaincode/transactions/registry/agency.js';
import type { HistoryLedger, Outcome } from './ledger.js';
import type { Model } from './state.js';

type View = (model: Model, record: never, parts: readonly string[]) => readonly [ledger: unknown, model: unknown];

const ordered = (values: Iterable<string>) => [...values].sort();

const at = (time: string | undefined) => (time === undefined ? undefined : Date.parse(time));

function caseView(model: Model, record: CaseRecord): readonly [unknown, unknown] {
  const {
    holder,
    heldUnder,
    status,
    offer,
    handoffs,
    subcases,
    routeDone,
    custody = 'none',
    pause,
    entries,
    recordedAt,
  } = record;
  const found = model.cases.get(record.caseId);
  return [
    {
      holder: holder.agency,
      offer: offer?.number,
      paused: pause !== undefined,
      heldUnder,
      status,
      handoffs,
      subcases,
      routeDone,
      custody,
      entries,
      recordedAt: at(recordedAt),
    },
    found && {
      holder: found.holder,
      offer: found.handoffs.at(-1)?.status === 'open' ? found.handoffs.length : undefined,
      paused: found.paused,
      heldUnder: found.heldUnder,
      status: found.status,
      handoffs: found.handoffs.length,
      subcases: found.subcases,
      routeDone: found.routeDone,
      custody: found.custody,
      entries: found.entries.length,
      recordedAt: found.recordedAt,
    },
  ];
}

function handoffView(model: Model, record: HandoffRecord): readonly [unknown, unknown] {
  const { from, to, status, heldUnder } = record;
  const found = model.cases.get(record.caseId)?.handoffs[record.number - 1];
  return [
    {
      ...{ from, to, status, heldUnder },
      dueAt: at(record.dueAt),
      offeredAt: at(record.offeredAt),
      settledAt: at(record.settledAt),
      returnedAt: at(record.return?.returnedAt),
    },
    found && { settledAt: undefined, returnedAt: undefined, ...found },
  ];
}

const VIEWS: Readonly<Record<string, View>> = {
  case: caseView,
  handoff: handoffView,
  session: (model, { caseId, sessionId, centre, counterpart, status, acknowledgedAt }: SessionRecord) => {
    const found = model.cases.get(caseId)?.sessions.get(sessionId);
    return [
      [centre, counterpart, status, at(acknowledgedAt)],
      found && [
        found.centre,
        found.counterpart,
        found.acknowledgedAt === undefined ? 'recorded' : 'acknowledged',
        found.acknowledgedAt,
      ],
    ];
  },
  grant: (model, { grantId, status }: GrantRecord) => [status, model.grants.get(grantId)?.status],
  'grant-count': (model, { used }: GrantCountRecord, [grantId = '']) => [used, model.grants.get(grantId)?.used],
  'catalogue-version': (model, { kind, code, version, status, votes }: CatalogueVersionRecord) => {
    const found = model.version(kind, code, version);
    return [[status, ordered(votes.map((vote) => vote.province))], found && [found.status, ordered(found.votes)]];
  },
  'catalogue-head': (model, { kind, code, latest, published }: CatalogueHeadRecord) => [
    { latest, published },
    model.head(kind, code),
  ],
  certificate: (model, { certificateId, batch, changes }: CertificateRecord) => [
    changes.map(({ change, effectiveAt }) => [change, Date.parse(effectiveAt)]),
    model.certificate(certificateId, batch?.batchId)?.changes.map(({ kind, effectiveAt }) => [kind, effectiveAt]),
  ],
  agency: (model, { agencyId, status, roles }: AgencyRecord) => {
    const found = model.agencies.get(agencyId);
    // What a history itself registers takes no part in it.
    return found
      ? [
          [status, roles],
          [found.active ? 'active' : 'inactive', found.roles],
        ]
      : [true, model.newcomers.has(agencyId)];
  },
};

/** @throws AssertionError naming the first key on which ledger and model disagree */
export function checkAgreement(model: Model, ledger: HistoryLedger, { simulation }: Outcome): void {
  for (const { key } of simulation.writes) {
    const { type = '', parts = [] } = parseKey(key) ?? {};
    const view = VIEWS[type];
    if (!view) continue;
    const [actual, expected] = view(model, ledger.read(key) as never, parts);
    deepEqual([key, actual], [key, expected]);
  }
}
