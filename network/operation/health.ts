/** Which nodes of a folder's provinces are behind what the network has, as far as it can be asked. */
import { WITHOUT_NOTICE } from './orderer-height.js';

/** A province's nodes by their blocks; null for one that does not answer. */
export interface ProvinceHeights {
  readonly slug: string;
  readonly peerHeight: number | null;
  readonly ordererHeight: number | null;
}

export interface Behind {
  readonly slug: string;
  readonly node: 'orderer' | 'peer';
  readonly height: number;
  /** what the network had when it was first looked at */
  readonly wanted: number;
}

/** Orderers that have to be up for anything to be ordered: three of four, of which one may lie. */
const QUORUM = 3;

export function highest(provinces: readonly ProvinceHeights[]): number {
  return Math.max(0, ...provinces.flatMap(({ peerHeight, ordererHeight }) => [peerHeight ?? 0, ordererHeight ?? 0]));
}

/** Of these provinces' nodes that answer, those that have fewer blocks than wanted; an orderer may lack what it needs no notice of. */
export function behind(provinces: readonly ProvinceHeights[], wanted: number): readonly Behind[] {
  return provinces.flatMap(({ slug, peerHeight, ordererHeight }) => [
    ...(ordererHeight !== null && ordererHeight < wanted - WITHOUT_NOTICE
      ? [{ slug, node: 'orderer' as const, height: ordererHeight, wanted }]
      : []),
    ...(peerHeight !== null && peerHeight < wanted ? [{ slug, node: 'peer' as const, height: peerHeight, wanted }] : []),
  ]);
}

/** Whether so many orderers answer that the channel goes on. */
export function canOrder(provinces: readonly ProvinceHeights[]): boolean {
  return provinces.filter(({ ordererHeight }) => ordererHeight !== null).length >= QUORUM;
}
