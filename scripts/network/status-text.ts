/** A network's status for people: a line a province. */
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

export function statusText({ folder, healthy, leader, provinces }: NetworkStatus): string {
  const heads = ['province', 'orderer pid', 'blocks', 'peer pid', 'blocks', 'service pid'];
  return [
    `${folder}: ${healthy ? 'all runs, at one height, with one code 一切正常' : 'NOT all is well; npm run network -- up starts what does not run'}`,
    `leader: ${leader ?? 'not known'}`,
    `${heads.map(cell).join('')}${'code'.padEnd(18)}days left of the first certificate to run out`,
    ...provinces.map(line),
  ].join('\n');
}
