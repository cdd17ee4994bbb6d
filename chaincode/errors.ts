/**
 * Refusals: the business errors of the contracts. A refusal writes nothing.
 *
 * Fabric carries a contract's error to the client as text only, so a refusal's message is
 * `refusal:` followed by canonical JSON; `parseRefusal` is the one place that reads it back.
 */
import canonicalize from 'canonicalize';

/** Every code a contract may refuse with. The API maps each to a status and public texts. */
export const REFUSAL_CODES = [
  'request.invalid',
  'request.id-invalid',
  'auth.invalid',
  'auth.role',
  'auth.province',
  'auth.agency',
  'operation.applied',
  'privacy.personal-data',
  'agency.not-found',
  'agency.exists',
  'agency.state',
  'agency.roles',
  'agency.key',
  'feature.state',
  'instrument.exists',
  'instrument.not-found',
  'centre.not-found',
  'centre.exists',
  'centre.kind',
  'centre.state',
  'partner.not-found',
  'partner.exists',
  'partner.state',
  'officer.not-found',
  'officer.exists',
  'officer.state',
  'catalogue.not-found',
  'catalogue.state',
  'catalogue.voted',
  'catalogue.content',
  'catalogue.not-published',
  'catalogue.state-secret',
  'catalogue.reference',
  'case.not-found',
  'case.exists',
  'case.state',
  'case.mode',
  'case.component',
  'case.not-holder',
  'case.route',
  'case.material',
  'case.officer',
  'case.subcases-open',
  'handoff.not-found',
  'handoff.state',
  'session.not-found',
  'session.exists',
  'session.state',
  'certificate.not-found',
  'certificate.exists',
  'certificate.state',
  'certificate.issuer',
  'certificate.digest',
  'certificate.proof',
  'grant.not-found',
  'grant.exists',
  'grant.state',
  'grant.provider',
  'grant.withheld',
  'grant.fields',
  'grant.item',
  'use.not-found',
  'use.exists',
  'use.state',
  'subject.not-found',
  'subject.state',
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** What a refusal tells besides its code; every field is free of personal data. */
export interface RefusalFacts {
  /** the thing's present state, for `<thing>.state` */
  readonly state?: string;
  /** JSON pointers of the fields at fault, for `request.*` */
  readonly fields?: readonly { readonly path: string; readonly message: string }[];
  /** the transaction that first applied the operation, for `operation.applied` */
  readonly transaction?: string;
  /** an identifier the message is about */
  readonly id?: string;
}

export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;
  readonly facts: RefusalFacts;

  constructor(code: RefusalCode, facts: RefusalFacts = {}) {
    super(`refusal:${canonicalize({ code, ...facts })}`);
    this.code = code;
    this.facts = facts;
  }
}

const KNOWN: ReadonlySet<string> = new Set(REFUSAL_CODES);

/**
 * Reads a refusal back from the text a peer returned; undefined when the text is no refusal
 * (a peer's own error, a crash). Text around the refusal, as gRPC layers add, is ignored.
 */
export function parseRefusal(message: string): Refusal | undefined {
  const start = message.indexOf('refusal:{');
  if (start < 0) return undefined;
  const end = message.lastIndexOf('}');
  try {
    const { code, ...facts } = JSON.parse(message.slice(start + 'refusal:'.length, end + 1));
    return KNOWN.has(code) ? new Refusal(code, facts) : undefined;
  } catch {
    return undefined;
  }
}
