/** How long a province's certificates still hold, and by what each is renewed. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rotation } from './rotate.js';

const DAY = 86_400_000;
/** `network/runbooks` has them renewed with a month left: with so few nobody did */
const TOO_FEW_DAYS = 7;

/** By what it is renewed; an authority's own by no command. */
const CERTIFICATES: Readonly<Record<string, Rotation | undefined>> = {
  // The authorities' own, which may be kept elsewhere with their keys.
  'msp/cacerts/root.pem': undefined,
  'msp/tlscacerts/root.pem': undefined,
  'orderer/msp/signcerts/certificate.pem': 'orderer',
  // Nobody else signs it, and it can be done when nothing is ordered any more.
  'orderer/tls/certificate.pem': 'orderer-tls-same-key',
  'peer/msp/signcerts/certificate.pem': 'peer',
  'peer/tls/certificate.pem': 'peer-tls',
  'peer/chaincode-client/certificate.pem': 'chaincode',
  'chaincode/tls/certificate.pem': 'chaincode',
  'admin/msp/signcerts/certificate.pem': 'admin',
  'admin/tls/certificate.pem': 'admin',
  'reader/certificate.pem': 'reader',
};

export interface Remaining {
  /** from the province's folder */
  readonly certificate: string;
  /** whole days; negative for one that ran out */
  readonly days: number;
  readonly renewedBy: Rotation | null;
}

/** The first to run out first. @param folder the province's */
export function remaining(folder: string, now: number): readonly [Remaining, ...Remaining[]] {
  const all = Object.entries(CERTIFICATES).map(([certificate, rotation]): Remaining => {
    const until = new X509Certificate(readFileSync(join(folder, certificate))).validToDate.getTime();
    return { certificate, days: Math.floor((until - now) / DAY), renewedBy: rotation ?? null };
  });
  return all.sort((one, other) => one.days - other.days) as unknown as readonly [Remaining, ...Remaining[]];
}

export function runsOut({ days }: Remaining): boolean {
  return days < TOO_FEW_DAYS;
}
