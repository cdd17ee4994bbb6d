/**
 * Who and what the authorisation matrix is played with: in each province one agency for each role, which
 * owns nothing, and three agencies with every acting role: an owner, a partner of other owners, a centre.
 */
import { PROVINCE_CODES, type ProvinceCode } from '../../../chaincode/provinces.js';
import { ROLES, type Role } from '../../../chaincode/roles.js';
import { expectStatus, freshId } from '../api-business.js';
import { type ApiAgency, type ApiResponse, ApiWorld } from '../api-world.js';
import { freshAgencyId } from '../contract-world.js';
import { sha256 } from '../digests.js';

export const ACTING: readonly Role[] = ROLES.filter((role) => role !== 'registrar' && role !== 'auditor');

export interface GridActor extends ApiAgency {
  readonly role: Role;
}

const CONSULTATION = { opensAt: '2026-01-01T00:00:00Z', closesAt: '2026-02-01T00:00:00Z', noticeDigest: sha256('notice') };
const RESULT = { adopted: 1, notAdopted: 0, summaryDigest: sha256('summary') };

type OfProvince = ReadonlyMap<ProvinceCode, ApiAgency>;

export class Stage {
  readonly world: ApiWorld;
  /** the four provinces × eight roles */
  readonly grid: GridActor[] = [];
  readonly owners = new Map<ProvinceCode, ApiAgency>();
  readonly partners = new Map<ProvinceCode, ApiAgency>();
  readonly centres = new Map<ProvinceCode, ApiAgency>();
  readonly portals = new Map<ProvinceCode, ApiAgency>();
  /** a published item, one that comes and goes, a data set and a standard; departments and providers are the owners */
  readonly item = 'matrix-item';
  readonly restless = 'matrix-restless';
  readonly dataSet = 'matrix-data';
  readonly standard = 'matrix-standard';

  private constructor(world: ApiWorld) {
    this.world = world;
  }

  static async set(): Promise<Stage> {
    const stage = new Stage(await ApiWorld.create());
    await stage.#cast();
    await stage.#publishCatalogue();
    for (const centre of stage.centres.values()) await stage.registerCentre(centre);
    return stage;
  }

  owner(province: ProvinceCode = '310000'): ApiAgency {
    return of(this.owners, province);
  }

  /** A partner of another province. */
  partner(province: ProvinceCode = '310000'): ApiAgency {
    return of(this.partners, next(province));
  }

  centre(province: ProvinceCode = '310000'): ApiAgency {
    return of(this.centres, province);
  }

  portal(province: ProvinceCode): ApiAgency {
    return of(this.portals, province);
  }

  registrar(province: ProvinceCode): ApiAgency {
    return this.world.registrar(province);
  }

  /** Does what must succeed, and gives the record. */
  async does(agency: ApiAgency, path: string, body: unknown = {}): Promise<Record<string, never>> {
    return expectStatus(await this.world.post(path, agency, body), 201).body.record;
  }

  /** The same agency with a token for one of its roles. */
  async withRole(agency: ApiAgency, role: Role): Promise<ApiAgency> {
    return { ...agency, token: await this.world.token({ ...agency, roles: [role] }) };
  }

  send(method: string, path: string, agency: ApiAgency | undefined, body: unknown): Promise<ApiResponse> {
    const authorization = agency && { authorization: `Bearer ${agency.token}` };
    if (body === undefined) return this.world.send(method, path, { ...authorization });
    return this.world.send(method, path, { ...authorization, 'content-type': 'application/json' }, JSON.stringify(body));
  }

  async registerAgency(province: ProvinceCode, kind = 'department'): Promise<string> {
    return (await this.world.agency(province, ['data-user'], kind)).agencyId;
  }

  centreBody(centreId: string, province: ProvinceCode) {
    return {
      centreId,
      name: { zh: '政务服务中心' },
      divisionCode: province,
      standard: { code: this.standard, version: 1 },
      validFrom: '2026-01-01T00:00:00Z',
      contractDigest: sha256('contract'),
    };
  }

  async registerCentre({ agencyId, province }: ApiAgency): Promise<void> {
    await this.does(this.registrar(province), '/v1/centres', this.centreBody(agencyId, province));
  }

  itemBody(code: string, proposer?: ApiAgency) {
    const departments = proposer ? [proposer] : [...this.owners.values()];
    return {
      code,
      name: { zh: '测试事项' },
      domain: 'entry',
      audience: 'enterprise',
      modes: ['standard'],
      departments: Object.fromEntries(departments.map(({ province, agencyId }) => [province, [agencyId]])),
      materials: [],
      timeLimit: { workingDays: 10 },
    };
  }

  dataSetBody(code: string) {
    return {
      code,
      name: { zh: '测试数据' },
      providers: Object.fromEntries([...this.owners.values()].map(({ province, agencyId }) => [province, agencyId])),
      shareClass: 'conditional',
      grade: 2,
      confidentiality: 'internal',
      standard: { code: 'S', version: '1', digest: sha256('standard') },
      fields: [{ name: 'status', title: { zh: '状态' }, type: 'string' }],
      updateFrequency: 'daily',
    };
  }

  standardBody(code: string) {
    const duties = ['assist', 'verify-identity'];
    return { code, name: { zh: '服务标准' }, digest: sha256('standard'), duties, effectiveFrom: '2026-01-01T00:00:00Z' };
  }

  /** A draft of the owner's, as far along as asked. @returns the version's path, and the digest to vote on */
  async draft(
    owner: ApiAgency,
    upTo: 'draft' | 'consultation' | 'consulted',
    code = freshId(owner.province, 'item'),
    kind = 'service-items',
  ) {
    const bodies = { 'data-sets': () => this.dataSetBody(code), 'service-standards': () => this.standardBody(code) };
    const body = bodies[kind as keyof typeof bodies]?.() ?? this.itemBody(code);
    const { version, contentDigest } = await this.does(owner, `/v1/catalogue/${kind}`, body);
    const path = `/v1/catalogue/${kind}/${code}/versions/${version}`;
    const open = { ...CONSULTATION, ...(upTo === 'consultation' && { closesAt: '2036-01-01T00:00:00Z' }) };
    if (upTo !== 'draft') await this.does(owner, `${path}/consultation`, open);
    if (upTo === 'consulted') await this.does(owner, `${path}/consultation/result`, RESULT);
    return { path, contentDigest };
  }

  async publish(code: string, kind = 'service-items'): Promise<string> {
    const { path, contentDigest } = await this.draft(this.owner(), 'consulted', code, kind);
    for (const owner of this.owners.values()) await this.does(owner, `${path}/votes`, { vote: 'approve', contentDigest });
    return path;
  }

  async #cast(): Promise<void> {
    for (const province of PROVINCE_CODES) {
      for (const role of ROLES) this.grid.push({ ...(await this.#gridAgency(province, role)), role });
      this.owners.set(province, await this.world.agency(province, ACTING));
      this.partners.set(province, await this.world.agency(province, ACTING));
      this.portals.set(province, await this.world.agency(province, ACTING, 'portal'));
      this.centres.set(province, await this.world.agency(province, ACTING, 'centre'));
    }
  }

  #gridAgency(province: ProvinceCode, role: Role): Promise<ApiAgency> | ApiAgency {
    if (role === 'registrar') return this.registrar(province);
    return this.world.agency(province, [role], role === 'auditor' ? 'auditor' : 'department');
  }

  async #publishCatalogue(): Promise<void> {
    await this.publish(this.item);
    await this.publish(this.restless);
    await this.publish(this.dataSet, 'data-sets');
    await this.publish(this.standard, 'service-standards');
  }
}

function of(agencies: OfProvince, province: ProvinceCode): ApiAgency {
  return agencies.get(province) as ApiAgency;
}

export function next(province: ProvinceCode): ProvinceCode {
  return PROVINCE_CODES[(PROVINCE_CODES.indexOf(province) + 1) % PROVINCE_CODES.length] as ProvinceCode;
}

/** An agency nobody has registered. */
export function unregistered(province: ProvinceCode): string {
  return freshAgencyId(province);
}
