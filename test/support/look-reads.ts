/** Reads that rule 13 is about, with who may make them and what the log must say of each; and reads that are for everybody. */
import type { Business } from './api-business.js';
import type { ApiAgency, ApiResponse } from './api-world.js';
import { PERSON, type Traced } from './trace-world.js';

export interface Entry {
  readonly action: string;
  readonly thing: string;
  readonly reason: string | null;
}

export interface Read {
  readonly name: string;
  readonly ask: (who: ApiAgency) => Promise<ApiResponse>;
  readonly readers: readonly ApiAgency[];
  /** what the answer holds that is not for everybody */
  readonly shows: string;
  /** one for each thing that the answer tells of; none for what is for everybody */
  readonly entries: readonly Entry[];
}

export interface Readers {
  readonly portal: ApiAgency;
  /** of the home province; `business.auditor` is of another */
  readonly auditor: ApiAgency;
}

/** Everybody who asks, the strangers too. */
export function askers({ provider, auditor, world }: Business, { user, stranger }: Traced, readers: Readers): ApiAgency[] {
  return [user, stranger, provider, auditor, readers.auditor, readers.portal, world.registrar()];
}

export function reads(business: Business, traced: Traced, { portal, auditor }: Readers): readonly Read[] {
  const { world, provider } = business;
  const { user, first, second, uses, certificateId } = traced;
  const auditors = [auditor, business.auditor];
  const get = (path: string) => (who: ApiAgency) => world.get(path, who);
  const post = (path: string, body: object) => (who: ApiAgency) => world.post(path, who, body);
  const read = (
    name: string,
    ask: Read['ask'],
    readers: Read['readers'],
    shows: string,
    thing: string,
    reason?: string,
  ): Read => ({
    name,
    ask,
    readers,
    shows,
    entries: [{ action: name, thing, reason: reason ?? null }],
  });
  const trace = (filter: string, thing: string, readers: readonly ApiAgency[], shows: string) =>
    read(`trace.${filter}`, get(`/v1/trace?${filter}=${thing}`), readers, shows, thing);
  const evidence = (type: string, id: string, readers: readonly ApiAgency[]) =>
    read(`evidence.${type}`, get(`/v1/${type}s/${id}/evidence`), readers, '"receipts"', id);
  /** a case's evidence tells of the uses of its grant */
  const withGrant = (of: Read, thing: string): Read => ({
    ...of,
    entries: [...of.entries, { action: 'evidence.grant', thing, reason: null }],
  });
  const open = (name: string, path: string, shows: string): Read => ({
    name,
    ask: get(path),
    readers: askers(business, traced, { portal, auditor }),
    shows,
    entries: [],
  });
  return [
    trace('subject', first.subject, [auditor], uses.good),
    trace('grant', first.grantId, auditors, uses.beyond),
    trace('case', first.caseId, auditors, uses.good),
    trace('certificate', certificateId, auditors, 'certificate:SuspendCertificate'),
    read('grant.uses', get(`/v1/grants/${first.grantId}/uses`), [user, provider, ...auditors], uses.strange, first.grantId),
    read('grant.uses', get(`/v1/grants/${second.grantId}/uses`), [user, provider, ...auditors], uses.other, second.grantId),
    read('subject.trace', post('/v1/subjects/trace', PERSON), [portal], uses.other, first.subject),
    read('subject.cases', post('/v1/subjects/cases', PERSON), [portal], second.caseId, first.subject),
    ...['complaint', 'court-order'].map((reason) => {
      const { subject } = first;
      return read(
        'subject.opening',
        post(`/v1/subjects/${subject}/opening`, { reason }),
        [user, auditor],
        PERSON.number,
        subject,
        reason,
      );
    }),
    read('audit.export', get('/v1/audit/export?format=ndjson'), auditors, uses.good, 'ndjson /'),
    read(
      'audit.export',
      get('/v1/audit/export?format=csv&from=2020-01-01T00:00:00Z'),
      auditors,
      uses.good,
      'csv 2020-01-01T00:00:00Z/',
    ),
    read('audit.reconciliation', get('/v1/audit/reconciliation'), auditors, uses.other, '/'),
    withGrant(evidence('case', first.caseId, [user, ...auditors]), first.grantId),
    evidence('grant', first.grantId, [user, provider, ...auditors]),
    open('statistics', '/v1/statistics', '{'),
    open('ledger', '/v1/ledger', 'codeDigest'),
  ];
}
