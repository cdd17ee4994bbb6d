/** Things of every kind that evidence is asked of, and how it is judged. */

import { type EvidenceJudgement, verifyEvidence } from '../../network/proof/evidence/verify-evidence.js';
import { nodePrimitives } from '../../network/proof/node-primitives.js';
import { parseTrust, type Trust } from '../../network/proof/trust.js';
import type { Given } from '../../network/proof/verify-receipt.js';
import {
  activeGrant,
  type Business,
  certificateOf,
  createBusiness,
  expectStatus,
  freshId,
  offerTo,
  openedCase,
  useOf,
  workerOf,
} from './api-business.js';
import type { ApiAgency, ApiResponse, ApiWorldOptions } from './api-world.js';
import { sha256 } from './digests.js';

export const REASON = { reasonCode: 'false-documents', legalBasis: '《行政许可法》第六十九条' };

export class EvidenceWorld {
  readonly business: Business;
  readonly trust: Trust;
  /** the trust file */
  readonly trustText: string;
  /** works in Shanghai: opens, issues, uses */
  readonly worker: ApiAgency;

  private constructor(business: Business, trustText: string) {
    this.business = business;
    this.trustText = trustText;
    this.trust = parseTrust(trustText);
    this.worker = workerOf(business, '310000');
  }

  static async create(options: ApiWorldOptions = {}): Promise<EvidenceWorld> {
    const business = await createBusiness(options);
    return new EvidenceWorld(business, (await business.world.get('/v1/trust-anchors')).text);
  }

  async write(path: string, agency: ApiAgency, body: unknown = {}) {
    return expectStatus(await this.business.world.post(path, agency, body), 201).body;
  }

  evidence(path: string, agency: ApiAgency = this.worker, query = ''): Promise<ApiResponse> {
    return this.business.world.get(`/v1/${path}/evidence${query}`, agency);
  }

  judge(text: string, given: Partial<Given> = {}): Promise<EvidenceJudgement> {
    return verifyEvidence(text, { trust: this.trust, primitives: nodePrimitives, ...given });
  }

  async anchor(caseId: string, recordIds: readonly string[], agency = this.worker): Promise<void> {
    const lines = recordIds.map((recordId) => ({
      recordId,
      kind: 'milestone',
      caseId,
      digest: sha256(recordId),
      occurredAt: '2026-11-02T01:02:03Z',
    }));
    expectStatus(await this.business.world.post('/v1/anchors?wait=true', agency, lines), 202);
  }

  async issued(changes: object = {}): Promise<ReturnType<typeof certificateOf>> {
    const body = certificateOf(this.worker, freshId('310000', 'c'), changes);
    await this.write('/v1/certificates', this.worker, body);
    return body;
  }

  /** Issued as the second of three leaves. */
  async leaf(): Promise<ReturnType<typeof certificateOf>> {
    const items = [1, 2, 3].map(() => certificateOf(this.worker, freshId('310000', 'b')));
    await this.write('/v1/certificates/batch', this.worker, { items });
    return items[1] as (typeof items)[0];
  }

  /** A case that went from Shanghai to Jiangsu and was decided there, with two certificates, and two records anchored under it. */
  async decidedCase(): Promise<{ readonly caseId: string; readonly certificateId: string; readonly receiver: ApiAgency }> {
    const receiver = workerOf(this.business, '320000');
    const caseId = await openedCase(this.business, this.worker);
    const step = (verb: string, body: unknown, agency = this.worker) => this.write(`/v1/cases/${caseId}/${verb}`, agency, body);
    await step('milestones', { name: 'accepted', occurredAt: '2026-11-02T01:00:00Z', digest: sha256('milestone') });
    await this.anchor(caseId, [freshId('310000', 'a'), freshId('310000', 'a')]);
    await step('handoffs', offerTo(receiver));
    await step('handoffs/1/acceptance', {}, receiver);
    const [{ certificateId }, leaf] = [await this.issued({ caseId }), await this.leaf()];
    const certificates = [certificateId, leaf.certificateId, `${this.worker.agencyId}-never-issued`];
    await step('decision', { outcome: 'granted', certificates }, receiver);
    return { caseId, certificateId, receiver };
  }

  /** A case for which the worker used data under a grant that names it and under one that does not, and was denied once. */
  async caseWithData() {
    const caseId = await openedCase(this.business, this.worker);
    const [own, other] = [await this.grant({ caseId, maxUses: 5 }), await this.grant()];
    const uses: string[] = [];
    for (const [grantId, changes] of [
      [own, {}],
      [own, { caseId }],
      [other, { caseId }],
      [other, { caseId }],
    ] as const)
      uses.push(await this.releasedUse(grantId, changes));
    const elsewhere = await this.releasedUse(other);
    const denied = useOf(this.worker, { caseId, fields: ['place'] });
    expectStatus(await this.business.world.post(`/v1/grants/${own}/uses`, this.worker, denied), 403);
    return { caseId, grants: { own, other }, uses, elsewhere, denied: denied.useId };
  }

  /** An active grant of the worker's. */
  grant(changes: object = {}): Promise<string> {
    return activeGrant(this.business, this.worker, changes);
  }

  /** A use that was permitted, and what was released for it. @returns its id */
  async releasedUse(grantId: string, changes: object = {}): Promise<string> {
    const { useId } = (await this.write(`/v1/grants/${grantId}/uses`, this.worker, useOf(this.worker, changes))).record;
    const released = { responseDigest: sha256('salted answer'), recordCount: 1, releasedAt: '2026-11-02T01:00:00Z' };
    await this.write(`/v1/uses/${useId}/release`, this.business.provider, released);
    return useId;
  }

  /** What the looks at evidence were recorded as. */
  async looks(): Promise<{ readonly agency: string; readonly action: string; readonly thing: string }[]> {
    const rows = await this.business.world.service.deps.store.db.selectFrom('read_log').selectAll().execute();
    return rows
      .filter(({ action }) => action.startsWith('evidence.'))
      .map(({ agency, action, thing }) => ({ agency, action, thing }));
  }

  close(): Promise<void> {
    return this.business.world.close();
  }
}
