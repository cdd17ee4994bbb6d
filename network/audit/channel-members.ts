/** The members, orderers and authorities of a channel, as its configuration block says, and how many of whom must sign. */
import { X509Certificate } from 'node:crypto';
import { BLOCK_SIGNATURES } from '../embedded/block-builder.js';
import type { Block } from '../format/block.js';
import { ordererCertificatesOf, rootCertificatesOf } from '../format/config.js';
import { Membership } from '../identity/msp.js';
import { Differs } from './difference.js';

export interface ChannelMembers {
  readonly membership: Membership;
  /** PEM of each member's root certificate, by MSP id */
  readonly roots: ReadonlyMap<string, string>;
  /** PEM of each member's orderer, by MSP id */
  readonly orderers: ReadonlyMap<string, string>;
  /** so many of them must have signed each block */
  readonly quorum: number;
}

/** @throws Differs when block 0 is no configuration */
export function membersOf(configuration: Block): ChannelMembers {
  try {
    const [envelope] = configuration.data;
    if (!envelope || configuration.data.length !== 1) throw new Error('it holds no configuration, or more than one');
    const roots = rootCertificatesOf(envelope);
    if (roots.size === 0) throw new Error('it names no members');
    return { membership: new Membership(roots), roots, orderers: ordererCertificatesOf(envelope), quorum: BLOCK_SIGNATURES };
  } catch (error) {
    throw new Differs({ check: 'record', block: 0, problem: `block 0: ${(error as Error).message}` });
  }
}

/** Who a certificate (PEM) says it is, for reports. */
export function nameOf(pem: string): string {
  try {
    return new X509Certificate(pem).subject.replaceAll('\n', ', ');
  } catch {
    return 'no certificate';
  }
}
