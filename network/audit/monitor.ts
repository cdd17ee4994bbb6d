/** What whoever keeps an audit running is to be told of a chain that is right so far: it stands still, runs out, or runs other code. */
import { X509Certificate } from 'node:crypto';
import type { ChannelInForce } from '../identity/in-force.js';
import type { Audited } from './audit-chain.js';
import { CannotTell, type Difference, Differs } from './difference.js';

export const ALARM_FORMAT = 'yrd-audit-alarm/1';

export type AlarmKind = 'differs' | 'split-view' | 'cannot-tell' | 'stale' | 'gap' | 'certificate-expiring' | 'other-chaincode';

export interface Alarm {
  readonly format: typeof ALARM_FORMAT;
  readonly alarm: AlarmKind;
  /** RFC 3339 UTC */
  readonly time: string;
  readonly source: string;
  /** what is wrong and what to do */
  readonly problem: string;
  readonly difference?: Difference;
}

export interface MonitorSettings {
  readonly source: string;
  /** milliseconds without a new block */
  readonly staleMs: number;
  /** days that a certificate must have left */
  readonly expiryDays: number;
  /** milliseconds since the epoch */
  readonly clock: () => number;
}

const DAY = 86_400_000;

function certificatesOf({ configuration, consenters }: ChannelInForce): (readonly [string, string])[] {
  const authorities = [...configuration.members.values()].flatMap(({ mspId, roots }) =>
    roots.map((pem) => [mspId, pem] as const),
  );
  return [
    ...authorities.map(([mspId, pem]) => [`${mspId}'s authority`, pem] as const),
    ...consenters.map(({ mspId, certificate }) => [`${mspId}'s orderer`, certificate] as const),
  ];
}

export class Monitor {
  readonly #settings: MonitorSettings;
  /** told once until it is over */
  readonly #told = new Set<string>();
  #height = 0;
  #grewAt: number;
  #otherCode = 0;

  constructor(settings: MonitorSettings) {
    this.#settings = settings;
    this.#grewAt = settings.clock();
  }

  alarm(alarm: AlarmKind, problem: string, difference?: Difference): Alarm {
    const { source, clock } = this.#settings;
    const time = new Date(clock()).toISOString();
    return { format: ALARM_FORMAT, alarm, time, source, problem, ...(difference ? { difference } : {}) };
  }

  /** Whatever ended an audit that was to keep going: nobody follows any more. */
  ended(error: unknown): Alarm {
    if (error instanceof Differs)
      return this.alarm(error.difference.check === 'split-view' ? 'split-view' : 'differs', error.message, error.difference);
    const { message } = error as Error;
    if (error instanceof CannotTell) return this.alarm('cannot-tell', message);
    return this.alarm(
      'cannot-tell',
      `the audit failed, and nobody follows any more: ${message}; put it right and start it again`,
    );
  }

  #once(name: string, is: boolean, make: () => Alarm): Alarm[] {
    if (!is) this.#told.delete(name);
    if (!is || this.#told.has(name)) return [];
    this.#told.add(name);
    return [make()];
  }

  /** @param gaps what each province's peer lacks, by MSP id @returns what was not told yet */
  missing(gaps: ReadonlyMap<string, string | undefined>): Alarm[] {
    return [...gaps].flatMap(([mspId, lacks]) =>
      this.#once(`gap ${mspId}`, lacks !== undefined, () =>
        this.alarm('gap', `the peer of ${mspId} ${lacks}: look at it, and whether it can reach the others`),
      ),
    );
  }

  /** @param codes what each province's peer says it runs, by MSP id @returns what was not told yet */
  modified(codes: ReadonlyMap<string, string | undefined>): Alarm[] {
    const said = [...codes.values()].filter((digest) => digest !== undefined);
    const count = (digest: string) => said.filter((other) => other === digest).length;
    const most = said.reduce((best, digest) => (count(digest) > count(best) ? digest : best), said[0] ?? '');
    return [...codes].flatMap(([mspId, digest]) =>
      this.#once(`code ${mspId} ${digest}`, digest !== undefined && digest !== most, () =>
        this.alarm(
          'other-chaincode',
          `the peer of ${mspId} runs contracts ${digest}, the others ${most}: is it being upgraded, or was it modified?`,
        ),
      ),
    );
  }

  /** Asked whenever the chain was read to its end. @returns what was not told yet */
  look(at: Audited, channel: ChannelInForce): Alarm[] {
    const { clock, staleMs, expiryDays } = this.#settings;
    const now = clock();
    if (at.height > this.#height) [this.#height, this.#grewAt] = [at.height, now];
    const minutes = Math.floor((now - this.#grewAt) / 60_000);
    const stale = this.#once('stale', now - this.#grewAt >= staleMs, () =>
      this.alarm(
        'stale',
        `no block after block ${at.height - 1} for ${minutes} minutes: is the ledger running, and is this its newest data?`,
      ),
    );
    const other = at.otherCode > this.#otherCode ? [at.otherCode - this.#otherCode] : [];
    this.#otherCode = at.otherCode;
    const code = other.map((count) =>
      this.alarm(
        'other-chaincode',
        `${count} transactions were endorsed under other contracts than this build's: were they agreed?`,
      ),
    );
    const expiring = certificatesOf(channel).flatMap(([who, pem]) => {
      const until = new X509Certificate(pem).validToDate;
      const days = Math.floor((until.getTime() - now) / DAY);
      const problem = `the certificate of ${who} has ${days} days left, until ${until.toISOString()}: renew it`;
      return this.#once(who, days < expiryDays, () => this.alarm('certificate-expiring', problem));
    });
    return [...stale, ...code, ...expiring];
  }
}
