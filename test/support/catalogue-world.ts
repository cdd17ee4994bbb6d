/** A contract world with what catalogues need: an editor, a department and a portal in each province. */
import { PROVINCE_CODES, type ProvinceCode } from '../../chaincode/provinces.js';
import type { CatalogueKind } from '../../chaincode/transactions/catalogue/catalogue-version.js';
import { type Accepted, type Actor, ContractWorld } from './contract-world.js';

const DRAFTS = {
  'service-items': 'catalogue:DraftServiceItem',
  'data-sets': 'catalogue:DraftDataSet',
  'service-standards': 'catalogue:DraftServiceStandard',
} as const;

export const digest = (fill: string) => ({ alg: 'sha-256', value: fill.repeat(64) }) as const;

/** Where a version stands in the path of its verbs. */
export interface VersionPath {
  readonly kind: CatalogueKind;
  readonly code: string;
  readonly version: number;
}

export class CatalogueWorld {
  readonly contracts: ContractWorld;
  readonly #agencies: ReadonlyMap<string, Actor>;

  private constructor(contracts: ContractWorld, agencies: ReadonlyMap<string, Actor>) {
    this.contracts = contracts;
    this.#agencies = agencies;
  }

  static async create(): Promise<CatalogueWorld> {
    const contracts = await ContractWorld.create();
    const agencies = new Map<string, Actor>();
    for (const province of PROVINCE_CODES) {
      agencies.set(`editor ${province}`, await contracts.agency(province, ['catalogue-editor']));
      agencies.set(`department ${province}`, await contracts.agency(province, ['case-handler']));
      agencies.set(`portal ${province}`, await contracts.agency(province, ['application'], 'portal'));
    }
    return new CatalogueWorld(contracts, agencies);
  }

  #agency(what: string, province: ProvinceCode): Actor {
    const found = this.#agencies.get(`${what} ${province}`);
    if (!found) throw new Error(`no ${what} in ${province}`);
    return found;
  }

  readonly editor = (province: ProvinceCode) => this.#agency('editor', province);
  readonly department = (province: ProvinceCode) => this.#agency('department', province);
  readonly portal = (province: ProvinceCode) => this.#agency('portal', province);

  /** The least that each kind asks for, with the province's departments and providers. */
  body(kind: CatalogueKind, code: string, changes: object = {}): Record<string, unknown> & { readonly code: string } {
    const name = { zh: '企业跨省迁移登记', en: 'Moving a company between provinces' };
    const bodies = {
      'service-items': {
        domain: 'operation',
        audience: 'enterprise',
        modes: ['standard'],
        departments: { '310000': [this.department('310000').agencyId], '320000': [this.department('320000').agencyId] },
        materials: [{ code: 'application-form', name: { zh: '申请书' }, required: true }],
        timeLimit: { workingDays: 5 },
      },
      'data-sets': {
        providers: { '310000': this.department('310000').agencyId, '320000': this.department('320000').agencyId },
        shareClass: 'conditional',
        grade: 2,
        confidentiality: 'internal',
        standard: { code: 'DB31-T-1', version: '2024', digest: digest('5') },
        fields: [{ name: 'status', title: { zh: '状态' }, type: 'code' }],
        updateFrequency: 'daily',
      },
      'service-standards': { digest: digest('6'), duties: ['consult', 'receive'], effectiveFrom: '2026-01-01T00:00:00Z' },
    };
    return { code, name, ...bodies[kind], ...changes };
  }

  draft(kind: CatalogueKind, code: string, changes: object = {}, province: ProvinceCode = '310000'): Promise<Accepted> {
    return this.contracts.submit(this.editor(province), DRAFTS[kind], this.body(kind, code, changes));
  }

  /** Opens a consultation that has just closed and records its result. */
  async consult(path: VersionPath, province: ProvinceCode = '310000'): Promise<void> {
    const [opensAt, closesAt] = [this.contracts.now - 86_400_000, this.contracts.now].map((at) => new Date(at).toISOString());
    const editor = this.editor(province);
    await this.contracts.submit(editor, 'catalogue:OpenConsultation', { ...path, opensAt, closesAt, noticeDigest: digest('7') });
    const result = { adopted: 3, notAdopted: 1, summaryDigest: digest('8') };
    await this.contracts.submit(editor, 'catalogue:RecordConsultationResult', { ...path, ...result });
  }

  vote(path: VersionPath, province: ProvinceCode, changes: object = {}): Promise<Accepted> {
    const contentDigest = this.contentDigest(path);
    return this.contracts.submit(this.editor(province), 'catalogue:CastVote', {
      ...path,
      vote: 'approve',
      contentDigest,
      ...changes,
    });
  }

  contentDigest({ kind, code, version }: VersionPath): string {
    const record = this.contracts.read(`catalogue-version~${kind}~${code}~${String(version).padStart(8, '0')}`);
    return String(record?.contentDigest);
  }

  /** Drafts, consults where that is required, and has all four approve. */
  async publish(
    kind: CatalogueKind,
    code: string,
    changes: object = {},
  ): Promise<{ readonly path: VersionPath; readonly last: Accepted }> {
    const { record } = await this.draft(kind, code, changes);
    const path = { kind, code, version: Number(record.version) };
    if (kind === 'service-items') await this.consult(path);
    const votes: Accepted[] = [];
    for (const province of PROVINCE_CODES) votes.push(await this.vote(path, province));
    const last = votes.at(-1);
    if (!last) throw new Error('there are no provinces');
    return { path, last };
  }
}
