/**
 * What the catalogue's rules say, in the plainest terms: for each act the code it is refused with, or the
 * change it makes. Property tests run it beside the contracts.
 */
import type { ProvinceCode } from '../../chaincode/provinces.js';
import type { CatalogueKind, CatalogueStatus } from '../../chaincode/transactions/catalogue/catalogue-version.js';

export interface Act {
  readonly type: 'draft' | 'open' | 'conclude' | 'approve' | 'reject' | 'suspend' | 'resume' | 'withdraw';
  readonly province: ProvinceCode;
  readonly version: number;
}

export interface ModelVersion {
  readonly proposer: ProvinceCode;
  status: CatalogueStatus;
  consulted: boolean;
  approvals: ProvinceCode[];
  withdrawals: ProvinceCode[];
}

const MEMBERS = 4;

/** One code of one kind; departments and providers of the entry are Shanghai's and Jiangsu's. */
export class CatalogueModel {
  readonly kind: CatalogueKind;
  readonly versions: ModelVersion[] = [];
  /** actions on the published list so far */
  readonly changes: string[] = [];

  constructor(kind: CatalogueKind) {
    this.kind = kind;
  }

  /** Applies an act. @returns the code it is refused with, undefined when it is accepted */
  apply(act: Act): string | undefined {
    if (act.type === 'draft') {
      this.versions.push({ proposer: act.province, status: 'draft', consulted: false, approvals: [], withdrawals: [] });
      return undefined;
    }
    const version = this.versions[act.version - 1];
    if (!version) return 'catalogue.not-found';
    if (act.type === 'open' || act.type === 'conclude') return this.#consult(act, version);
    if (act.type === 'approve' || act.type === 'reject') return this.#vote(act, version);
    if (act.type === 'withdraw') return this.#withdraw(act, version);
    return this.#pause(act, version);
  }

  #consult({ type, province }: Act, version: ModelVersion): string | undefined {
    if (province !== version.proposer) return 'auth.agency';
    const expected = type === 'open' ? 'draft' : 'consultation';
    if (version.status !== expected || version.approvals.length > 0) return 'catalogue.state';
    version.status = type === 'open' ? 'consultation' : 'consulted';
    version.consulted = type === 'conclude';
    return undefined;
  }

  #vote({ type, province, version: number }: Act, version: ModelVersion): string | undefined {
    const ready = version.status === 'consulted' || (version.status === 'draft' && this.kind !== 'service-items');
    const newer = this.versions.slice(number).some(({ status }) => status === 'published' || status === 'suspended');
    if (!ready || newer) return 'catalogue.state';
    if (version.approvals.includes(province)) return 'catalogue.voted';
    if (type === 'reject') Object.assign(version, { status: 'draft', consulted: false, approvals: [] });
    else version.approvals.push(province);
    if (version.approvals.length === MEMBERS) {
      for (const other of this.versions)
        if (other.status === 'published' || other.status === 'suspended') other.status = 'superseded';
      version.status = 'published';
      this.changes.push('publish');
    }
    return undefined;
  }

  #withdraw({ province }: Act, version: ModelVersion): string | undefined {
    if (version.status !== 'published' && version.status !== 'suspended') return 'catalogue.state';
    if (version.withdrawals.includes(province)) return 'catalogue.voted';
    version.withdrawals.push(province);
    if (version.withdrawals.length === MEMBERS) {
      version.status = 'withdrawn';
      this.changes.push('withdraw');
    }
    return undefined;
  }

  #pause({ type, province }: Act, version: ModelVersion): string | undefined {
    const answers = this.kind === 'service-standards' ? province === version.proposer : ['310000', '320000'].includes(province);
    if (!answers) return 'auth.agency';
    if (version.status !== (type === 'suspend' ? 'published' : 'suspended')) return 'catalogue.state';
    version.status = type === 'suspend' ? 'suspended' : 'published';
    this.changes.push(type);
    return undefined;
  }
}
