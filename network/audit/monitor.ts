/** What whoever keeps an audit running is to be told of a chain that is right so far: it stands still, runs out, or runs other code. */
import type { Block } from '../format/block.js';
import type { ChannelInForce } from '../identity/in-force.js';
import type { Audited, Companion } from './audit-chain.js';
import { declaredTime } from './declared-time.js';
import { CannotTell, type Difference, Differs } from './difference.js';
import { ExpiringCertificates } from './expiring-certificates.js';

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
  /** days that a certificate must have left; a caller's half as many */
  readonly expiryDays: number;
  /** milliseconds since the epoch */
  readonly clock: () => number;
}

export class Monitor {
  readonly #settings: MonitorSettings;
  /** told once until it is over */
  readonly #told = new Set<string>();
  readonly #certificates = new ExpiringCertificates();
  /** to be told of each block, for its time and the certificates in it */
  readonly companion: Companion = {
    afterBlock: (block, _at, _state, { signers }) => {
      this.#last = block;
      this.#certificates.see(signers);
    },
  };
  #last: Block | undefined;
  #height = 0;
  #grewAt = 0;
  #otherCode = 0;

  constructor(settings: MonitorSettings) {
    this.#settings = settings;
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

  /** A block that came while it followed came now; what was there before, when its transactions say so. */
  #cameAt(now: number): number {
    const isFirstLook = this.#height === 0;
    return (isFirstLook && this.#last && declaredTime(this.#last, now)) || now;
  }

  /** Asked whenever the chain was read to its end. @returns what was not told yet */
  look(at: Audited, channel: ChannelInForce): Alarm[] {
    const { clock, staleMs, expiryDays } = this.#settings;
    const now = clock();
    if (at.height > this.#height) [this.#height, this.#grewAt] = [at.height, this.#cameAt(now)];
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
    const runOut = this.#certificates.look(channel, now, expiryDays);
    const expiring = runOut.map((problem) => this.alarm('certificate-expiring', problem));
    return [...stale, ...code, ...expiring];
  }
}
