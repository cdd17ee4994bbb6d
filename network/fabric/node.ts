/**
 * One peer or orderer, and whether it is worth asking now. A node that cannot be reached is kept out of the
 * path of every call, and looked after in the background: the SDK alone would wait for it on each write.
 */
import { betweenCalls, CHANNEL_READY, type SdkEndpoint } from './sdk.js';
import type { Log } from './sdk-log.js';

const LOOK_EVERY_MS = 500;
const CONNECT_MS = 3000;
/** How long a node that was slow is asked last. */
const SLOW_MS = 10_000;

export class Node<E extends SdkEndpoint = SdkEndpoint> {
  readonly mspId: string;
  readonly endpoint: E;
  readonly #log: Log;
  readonly #watch: NodeJS.Timeout;
  /** it took a connection and then did not answer: a frozen process looks like that */
  #suspect = false;
  /** calls fail on its connection, whatever state that is said to be in */
  #broken = false;
  #looking = false;
  #told = true;
  #slowUntil = 0;
  #closed = false;

  constructor(mspId: string, endpoint: E, log: Log) {
    this.mspId = mspId;
    this.endpoint = endpoint;
    this.#log = log;
    endpoint.options['grpc-wait-for-ready-timeout'] = CONNECT_MS;
    this.#watch = setInterval(() => this.#look(), LOOK_EVERY_MS).unref();
  }

  get name(): string {
    return this.endpoint.name;
  }

  #hasConnection(): boolean {
    const { connected, service } = this.endpoint;
    return connected && service?.getChannel().getConnectivityState(true) === CHANNEL_READY;
  }

  /** Whether a call may be sent to it. */
  get isUp(): boolean {
    return !this.#closed && !this.#suspect && !this.#broken && this.#hasConnection();
  }

  get isSlow(): boolean {
    return Date.now() < this.#slowUntil;
  }

  wasSlow(): void {
    this.#slowUntil = Date.now() + SLOW_MS;
  }

  /** It did not answer a call in time. */
  wasSilent(): void {
    this.#suspect = true;
    this.#look();
  }

  /** A call failed for its connection's sake. @param over the connection that it went by: there may be another by now */
  wasBroken(over: SdkEndpoint['service']): void {
    if (over !== this.endpoint.service) return;
    this.#broken = true;
    this.#look();
  }

  #tell(up: boolean): void {
    if (up === this.#told) return;
    this.#told = up;
    this.#log(up ? `${this.name} can be reached again` : `${this.name} cannot be reached; it is tried again in the background`);
  }

  #look(): void {
    if (this.#closed || this.#looking) return;
    if (this.isUp) {
      this.#tell(true);
      return;
    }
    this.#looking = true;
    this.#reach()
      .catch(() => this.#tell(false))
      .finally(() => {
        this.#looking = false;
      });
  }

  async #reach(): Promise<void> {
    if (this.#hasConnection() && !this.#broken) await this.#greet();
    else {
      await betweenCalls();
      await this.endpoint.resetConnection();
      this.#broken = false;
    }
    this.#suspect = false;
  }

  /** A connection of its own: only a process that runs answers its first words. */
  #greet(): Promise<void> {
    const { serviceClass, endpoint, options } = this.endpoint;
    const client = new serviceClass(endpoint.addr, endpoint.creds, options);
    return new Promise<void>((resolve, reject) => {
      client.waitForReady(Date.now() + CONNECT_MS, (error) => (error ? reject(error) : resolve()));
    }).finally(() => client.close());
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#watch);
    await betweenCalls();
    this.endpoint.disconnect();
  }
}
