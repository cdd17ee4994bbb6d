/** A network's status for people: a line a province. */
import { WITHOUT_NOTICE } from '../../network/operation/orderer-height.js';
import type { NetworkStatus, ProvinceStatus } from '../../network/operation/status.js';

const WIDTH = 12;

function cell(value: string | number | null): string {
  return String(value ?? '–').padEnd(WIDTH);
}

function line(province: ProvinceStatus): string {
  const { orderer, peer, chaincode } = province.processes;
  const cells = [province.slug, orderer, province.ordererHeight, peer, province.peerHeight, chaincode];
  const code = province.codeDigest?.slice(0, 16) ?? 'no answer';
  return `${cells.map(cell).join('')}${code.padEnd(18)}${province.certificateDays} (${province.certificate})`;
}

/** What to do about orderers that are behind; nothing when there are none. */
function behind(provinces: readonly ProvinceStatus[]): string[] {
  const highest = Math.max(...provinces.map(({ ordererHeight }) => ordererHeight ?? 0));
  return provinces
    .filter(({ ordererHeight }) => ordererHeight !== null && ordererHeight < highest - WITHOUT_NOTICE)
    .map(({ slug, ordererHeight, processes: { orderer } }) => {
      const end = orderer === null ? 'restart it' : `end it (kill ${orderer}) and run npm run network -- up`;
      return `${slug}'s orderer has ${ordererHeight} blocks of ${highest}: it fetches the rest within 15 s; at the same height a minute later it stands still: ${end}, which is safe`;
    });
}

export function statusText({ folder, healthy, leader, provinces }: NetworkStatus): string {
  const heads = ['province', 'orderer pid', 'blocks', 'peer pid', 'blocks', 'service pid'];
  return [
    `${folder}: ${healthy ? 'all runs, at one height, with one code 一切正常' : 'NOT all is well; npm run network -- up starts what does not run'}`,
    `leader: ${leader ?? 'not known'}`,
    `${heads.map(cell).join('')}${'code'.padEnd(18)}days left of the first certificate to run out`,
    ...provinces.map(line),
    ...behind(provinces),
  ].join('\n');
}
