/** A network's status for people: a line a province, and what to do about what is not well. */
import type { Remaining } from '../../network/operation/certificate-days.js';
import { type Behind, canOrder, type ProvinceHeights } from '../../network/operation/health.js';
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

function otherLine({ slug, ordererHeight, peerHeight }: ProvinceHeights): string {
  return `${[slug, null, ordererHeight, null, peerHeight, null].map(cell).join('')}on another host`;
}

const CATCHES_UP = {
  orderer: 'it fetches the rest within 15 s; at the same height a minute later it stands still',
  peer: 'it fetches the rest within half a minute of its orderers being back; at the same height two minutes later something holds it',
} as const;

function behindLine(provinces: readonly ProvinceStatus[]) {
  return ({ slug, node, height, wanted }: Behind): string => {
    const pid = provinces.find((province) => province.slug === slug)?.processes[node] ?? null;
    const end = pid === null ? 'restart it' : `end it (kill ${pid}) and run npm run network -- up`;
    return `${slug}'s ${node} has ${height} blocks of ${wanted}: ${CATCHES_UP[node]}: ${end}, which is safe`;
  };
}

function expiringLine(slug: string) {
  return ({ certificate, days, renewedBy }: Remaining): string => {
    const when = days < 0 ? 'has run out' : `runs out within ${days + 1} days`;
    const renewal = renewedBy ? `npm run network -- rotate ${slug} ${renewedBy}` : 'network/runbooks, "Certificates"';
    return `${slug}'s ${certificate} ${when}: ${renewal}`;
  };
}

function advice({ provinces, others, behind }: NetworkStatus): string[] {
  const all = [...provinces, ...others];
  const answering = all.filter(({ ordererHeight }) => ordererHeight !== null).length;
  return [
    ...behind.map(behindLine(provinces)),
    ...provinces.flatMap(({ slug, expiring }) => expiring.map(expiringLine(slug))),
    ...(canOrder(all)
      ? []
      : [
          `${answering} of ${all.length} orderers can be asked from here, and nothing is ordered with fewer than three: start what does not run, then look at the link and ask the other provinces`,
        ]),
  ];
}

export function statusText(status: NetworkStatus): string {
  const { folder, healthy, leader, provinces, others } = status;
  const heads = ['province', 'orderer pid', 'blocks', 'peer pid', 'blocks', 'service pid'];
  return [
    `${folder}: ${healthy ? 'all runs, at one height, with one code 一切正常' : 'NOT all is well; npm run network -- up starts what does not run'}`,
    `leader: ${leader ?? 'not known'}`,
    `${heads.map(cell).join('')}${'code'.padEnd(18)}days left of the first certificate to run out`,
    ...provinces.map(line),
    ...others.map(otherLine),
    ...advice(status),
  ].join('\n');
}
