/** A case: what goes into its folder. */
import { type PeerSignature, receiptText } from '../../../network/proof/receipt.js';
import type { VectorFiles } from '../vector-files.js';
import { certificateAnswer, payloadOf } from './payloads.js';
import { makeScene, peersOf, type Scene, signedBy, trustOf } from './scene.js';

export interface Vector extends Omit<VectorFiles, 'judged'> {
  readonly receipt: string | Uint8Array;
}

/** What most cases start from: a good receipt of a network, and the trust that accepts it. */
export interface Stage {
  readonly scene: Scene;
  readonly payload: Buffer;
  readonly signatures: readonly PeerSignature[];
  readonly text: string;
  readonly trust: string;
}

export async function setStage(): Promise<Stage> {
  const scene = await makeScene();
  const payload = payloadOf(certificateAnswer());
  const signatures = signedBy(peersOf(scene), payload);
  return { scene, payload, signatures, text: receiptText({ payload, signatures }), trust: trustOf(scene) };
}

type Made = Partial<Omit<Vector, 'name' | 'about' | 'verdict' | 'faults'>>;

export function good(stage: Stage, name: string, about: string, made: Made = {}): Vector {
  return { name: `holds-${name}`, about, receipt: stage.text, trust: stage.trust, verdict: 'holds', faults: {}, ...made };
}

/** @param faults the check that fails and its code, or several */
export function bad(stage: Stage, name: string, about: string, faults: Vector['faults'], made: Made): Vector {
  return { name, about, receipt: stage.text, trust: stage.trust, verdict: 'fails', faults, ...made };
}

/** Signed by three peers as it should be; only what was signed is wrong. */
export function signedText(stage: Stage, payload: Buffer): string {
  return receiptText({ payload, signatures: signedBy(peersOf(stage.scene), payload) });
}
