/**
 * One stream to an orderer for all envelopes. The SDK opens a stream for each, which costs client and
 * orderer more than the envelope does. An orderer answers in the order in which it was sent to; with the first
 * answer that is no success it ends the stream, and what was sent behind that it never looks at.
 */
import { MessageReader } from '../format/wire.js';
import type { GrpcStream, SdkCommitter } from './sdk.js';

const METHOD = '/orderer.AtomicBroadcast/Broadcast';

/** `orderer.BroadcastResponse`. */
export interface BroadcastAnswer {
  /** `common.Status` by name; a number for one that is not known here */
  readonly status: string;
  readonly info: string;
}

const STATUS: Readonly<Record<number, string>> = {
  200: 'SUCCESS',
  400: 'BAD_REQUEST',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  413: 'REQUEST_ENTITY_TOO_LARGE',
  500: 'INTERNAL_SERVER_ERROR',
  501: 'NOT_IMPLEMENTED',
  503: 'SERVICE_UNAVAILABLE',
};

interface Waiting {
  readonly envelope: Uint8Array;
  readonly resolve: (answer: BroadcastAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** The orderer said nothing in time: a frozen process looks like that. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

function answerOf(bytes: Uint8Array): BroadcastAnswer {
  const reader = new MessageReader(bytes);
  const status = reader.integer(1);
  return { status: STATUS[status] ?? String(status), info: reader.text(2) };
}

export class BroadcastStream {
  readonly #endpoint: SdkCommitter;
  #stream: GrpcStream | undefined;
  #service: SdkCommitter['service'] = null;
  #waiting: Waiting[] = [];

  constructor(endpoint: SdkCommitter) {
    this.#endpoint = endpoint;
  }

  /**
   * @param fairMs how long an orderer may take; whoever waits less gives up alone, and keeps its place among the answers
   * @throws Error when the stream breaks before the answer, or the wait was short; NoAnswer when there is none in a fair time
   */
  send(envelope: Uint8Array, timeoutMs: number, fairMs: number): Promise<BroadcastAnswer> {
    return new Promise((resolve, reject) => {
      const stream = this.#open();
      const giveUp = () => {
        const told = `no answer within ${Math.round(timeoutMs)} ms`;
        if (timeoutMs < fairMs) return reject(new Error(told));
        // Whatever stream it is on by then: one that owes this answer gives none to those behind it either.
        this.#stop(new NoAnswer(told));
      };
      const timer = setTimeout(giveUp, timeoutMs);
      this.#waiting.push({
        envelope,
        resolve: (answer) => {
          clearTimeout(timer);
          resolve(answer);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      });
      stream.write(envelope);
    });
  }

  /** What was sent and not answered may have been taken: whoever waits is told that it broke. */
  close(): void {
    this.#stop(new Error('closed'));
  }

  #open(): GrpcStream {
    const { service, name } = this.#endpoint;
    if (!service) throw new Error(`${name} is not connected`);
    if (this.#stream && this.#service === service) return this.#stream;
    // The SDK has made the connection anew, so the stream is one of a connection that is gone.
    if (this.#stream) this.close();
    const asIs = (bytes: Uint8Array) => Buffer.from(bytes);
    const stream = service.makeBidiStreamRequest(METHOD, asIs, asIs);
    stream.on('data', (bytes) => this.#answered(stream, bytes));
    stream.on('error', (error) => this.#broken(stream, error));
    stream.on('end', () => this.#broken(stream, new Error('the orderer ended the stream')));
    this.#stream = stream;
    this.#service = service;
    return stream;
  }

  #answered(stream: GrpcStream, bytes: Uint8Array): void {
    if (stream !== this.#stream) return;
    try {
      const answer = answerOf(bytes);
      this.#waiting.shift()?.resolve(answer);
      if (answer.status !== 'SUCCESS') this.#goOn(stream);
    } catch (error) {
      this.#broken(stream, error as Error);
    }
  }

  /** Sends what the orderer has not looked at on a stream of its own. */
  #goOn(ended: GrpcStream): void {
    this.#stream = undefined;
    ended.cancel();
    if (this.#waiting.length === 0) return;
    const stream = this.#open();
    for (const { envelope } of this.#waiting) stream.write(envelope);
  }

  #broken(stream: GrpcStream, error: Error): void {
    if (stream === this.#stream) this.#stop(error);
  }

  /** Later answers could be taken for those of other envelopes, so all of the stream goes. */
  #stop(error: Error): void {
    const stream = this.#stream;
    const waiting = this.#waiting;
    this.#stream = undefined;
    this.#waiting = [];
    for (const { reject } of waiting) reject(error);
    stream?.cancel();
  }
}
