/** A case of evidence: what goes into its folder, and what most cases start from. */
import { freshId, useOf } from '../api-business.js';
import { sha256 } from '../digests.js';
import { EvidenceWorld, REASON } from '../evidence-world.js';
import { makeScene, type Scene, trustOf } from '../receipt-vectors/scene.js';
import type { VectorFiles } from '../vector-files.js';
import { bundleFrom, type Forgery, type Material, materialOf } from './material.js';

export interface EvidenceVector extends Omit<VectorFiles, 'judged'> {
  readonly evidence: string;
}

export const DOCUMENT = Buffer.from('a certificate of no particular content\n');

/** Bundles out of the embedded ledger with the contracts of the day, by what they are about. */
export interface Issued {
  readonly case: string;
  readonly otherCase: string;
  /** a case for which data were used */
  readonly data: string;
  readonly certificate: string;
  readonly revoked: string;
  readonly leaf: string;
  readonly grant: string;
  readonly use: string;
  readonly trust: string;
}

export type Materials = { readonly [name in Exclude<keyof Issued, 'trust'>]: Material };

export interface EvidenceStage {
  readonly issued: Issued;
  readonly good: Materials;
  readonly scene: Scene;
  readonly trust: string;
}

async function issue(world: EvidenceWorld): Promise<Issued> {
  const told = async (path: string) => {
    const { status, text } = await world.evidence(path);
    if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
    return text;
  };
  const document = { digests: [{ ...sha256(DOCUMENT.toString()), role: 'original' }] };
  const { certificateId } = await world.issued(document);
  const copy = { digest: sha256('copy'), purpose: 'loan', expiresAt: '2036-01-01T00:00:00Z' };
  await world.write(`/v1/certificates/${certificateId}/copies`, world.worker, copy);
  const revoked = (await world.issued()).certificateId;
  await world.write(`/v1/certificates/${revoked}/revocation`, world.worker, REASON);
  const grantId = await world.grant({ maxUses: 5 });
  const useId = await world.releasedUse(grantId);
  await world.releasedUse(grantId, { count: 2 });
  await world.business.world.post(`/v1/grants/${grantId}/uses`, world.worker, useOf(world.worker, { fields: ['place'] }));
  return {
    case: await told(`cases/${(await world.decidedCase()).caseId}`),
    otherCase: await told(`cases/${(await world.decidedCase()).caseId}`),
    data: await told(`cases/${(await world.caseWithData()).caseId}`),
    certificate: await told(`certificates/${certificateId}`),
    revoked: await told(`certificates/${revoked}`),
    leaf: await told(`certificates/${(await world.leaf()).certificateId}`),
    grant: await told(`grants/${grantId}`),
    use: await told(`uses/${useId}`),
    trust: world.trustText,
  };
}

export async function setEvidenceStage(): Promise<EvidenceStage> {
  const world = await EvidenceWorld.create();
  try {
    const issued = await issue(world);
    const { trust: _trust, ...texts } = issued;
    const good = Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, materialOf(text)])) as Materials;
    const scene = await makeScene();
    return { issued, good, scene, trust: trustOf(scene) };
  } finally {
    await world.close();
  }
}

type Made = Partial<Omit<EvidenceVector, 'name' | 'about' | 'verdict' | 'faults'>>;

/** A bundle of four provinces' ledger, which holds. */
export async function good(
  { good: materials, scene, trust }: EvidenceStage,
  kind: keyof Materials,
  name: string,
  about: string,
  forgery: Forgery = {},
  made: Made = {},
): Promise<EvidenceVector> {
  const evidence = await bundleFrom(materials[kind], scene, forgery);
  return { name: `holds-${name}`, about, evidence, trust, verdict: 'holds', faults: {}, ...made };
}

/** @param faults the check that fails and its code, or several */
export async function bad(
  { good: materials, scene, trust }: EvidenceStage,
  kind: keyof Materials,
  name: string,
  about: string,
  faults: EvidenceVector['faults'],
  forgery: Forgery,
  made: Made = {},
): Promise<EvidenceVector> {
  const evidence = made.evidence ?? (await bundleFrom(materials[kind], scene, forgery));
  return { name, about, evidence, trust, verdict: 'fails', faults, ...made };
}

/** An id that nothing has. */
export const STRANGE_ID = freshId('310000', 'nothing');
