/** The reference model's state: what four provinces' records should say, in the plainest form. */
import type { ProvinceCode } from '../../chaincode/provinces.js';
import type { Role } from '../../chaincode/roles.js';
import type { Actor } from '../support/contract-world.js';

export interface Agency {
  /** with the key that the ledger has of it */
  actor: Actor;
  /** the same agency with each key that it may be given, its first one among them */
  readonly spares: readonly Actor[];
  readonly kind: string;
  /** as the ledger has them; the certificate's are in `actor.roles` */
  roles: readonly Role[];
  active: boolean;
}

export interface Handoff {
  readonly from: string;
  readonly to: string;
  readonly dueAt: number;
  readonly heldUnder: number;
  /** recorded times, as the case has them */
  readonly offeredAt: number;
  settledAt?: number;
  returnedAt?: number;
  status: string;
}

export interface Session {
  readonly centre: string;
  readonly counterpart: string;
  acknowledgedAt?: number;
}

export interface CaseState {
  readonly caseId: string;
  readonly itemCode: string;
  readonly version: number;
  readonly mode: string;
  readonly opener: string;
  readonly parties: Set<string>;
  readonly handoffs: Handoff[];
  readonly subcases: string[];
  readonly sessions: Map<string, Session>;
  /** the materials that each entry brought, by the entry's number less one */
  readonly entries: (readonly string[])[];
  holder: string;
  heldUnder: number;
  status: string;
  routeDone: number;
  custody: string;
  paused: boolean;
  /** of the last entry; it never runs backwards */
  recordedAt: number;
}

export interface Change {
  readonly kind: string;
  readonly effectiveAt: number;
}

export interface CertificateState {
  readonly certificateId: string;
  readonly issuer: string;
  readonly validFrom: number;
  readonly issuedAt: number;
  recordedAt: number;
  readonly digests: readonly string[];
  readonly changes: Change[];
}

/** A leaf of a batch, and the proof that shows it. */
export interface Leaf {
  readonly certificate: CertificateState;
  readonly batchId: string;
  readonly proof: object;
}

export interface GrantState {
  readonly grantId: string;
  readonly dataSet: string;
  readonly version: number;
  readonly provider: string;
  readonly grantee: string;
  readonly purpose: string;
  readonly caseId: string | undefined;
  readonly fields: readonly string[];
  readonly subject: string | undefined;
  readonly validFrom: number;
  readonly validTo: number;
  readonly maxUses: number | undefined;
  readonly steps: string[];
  status: string;
  used: number;
  recordedAt: number;
}

export interface VersionState {
  readonly kind: string;
  readonly code: string;
  readonly version: number;
  readonly province: ProvinceCode;
  readonly content: Record<string, unknown>;
  readonly contentDigest: string;
  readonly proposer: string;
  /** provinces that approved in this round */
  votes: Set<string>;
  withdrawal: Set<string>;
  consultation: { readonly opensAt: number; readonly closesAt: number } | undefined;
  status: string;
}

export interface OfficerState {
  readonly officerId: string;
  readonly centre: string;
  readonly host: string | undefined;
  readonly serves: readonly string[];
  readonly duties: readonly string[];
  readonly validFrom: number;
  readonly validTo: number;
  status: string;
}

export class Model {
  readonly agencies = new Map<string, Agency>();
  readonly cases = new Map<string, CaseState>();
  readonly certificates = new Map<string, CertificateState>();
  /** those whose id another issue has the key of */
  readonly contested = new Set<CertificateState>();
  /** batch leaves, the first of each id */
  readonly leaves = new Map<string, Leaf>();
  readonly digests = new Set<string>();
  readonly grants = new Map<string, GrantState>();
  readonly uses = new Map<string, { readonly provider: string; readonly permitted: boolean; released: boolean }>();
  readonly versions = new Map<string, VersionState>();
  readonly heads = new Map<string, { latest: number; published: number | undefined }>();
  readonly officers = new Map<string, OfficerState>();
  readonly centres = new Map<string, ProvinceCode>();
  readonly partners = new Map<string, string>();
  readonly instruments = new Set<string>();
  /** provinces that approved each feature */
  readonly features = new Map<string, Set<string>>();
  readonly erased = new Set<string>();
  /** agencies registered during the history */
  readonly newcomers = new Set<string>();

  /** The one that has a key, as the issue by itself or by a batch. */
  certificate(certificateId: string, batchId: string | undefined): CertificateState | undefined {
    const leaf = this.leaves.get(certificateId);
    return leaf && leaf.batchId === batchId ? leaf.certificate : this.certificates.get(certificateId);
  }
  /** the clock of this history, in milliseconds */
  now: number;

  constructor(now: number) {
    this.now = now;
  }

  agency(agencyId: string): Agency {
    const found = this.agencies.get(agencyId);
    if (!found) throw new Error(`the model knows no agency ${agencyId}`);
    return found;
  }

  provinceOf(agencyId: string): ProvinceCode {
    return this.agency(agencyId).actor.province;
  }

  /** Every actor of the history with one of the roles, in a fixed order; all of them without any. */
  actors(...roles: readonly Role[]): Actor[] {
    const all = [...this.agencies.values()].map((agency) => agency.actor);
    return roles.length === 0 ? all : all.filter((actor) => actor.roles.some((role) => roles.includes(role)));
  }

  version(kind: string, code: string, version: number): VersionState | undefined {
    return this.versions.get(`${kind}/${code}/${version}`);
  }

  head(kind: string, code: string): { latest: number; published: number | undefined } | undefined {
    return this.heads.get(`${kind}/${code}`);
  }
}
