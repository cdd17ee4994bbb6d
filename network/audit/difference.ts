/** What an audit reports: the first difference, by its exact place; or that it cannot tell, and why. */

/** What was compared; the order is that in which a block is looked at. */
export type Check =
  | 'record'
  | 'link'
  | 'data-hash'
  | 'orderers'
  | 'creator'
  | 'certificate'
  | 'configuration'
  | 'validation-code'
  | 'execution'
  | 'commit-hash'
  | 'watermark'
  | 'state'
  | 'projection'
  | 'identity'
  | 'checkpoint'
  | 'split-view';

export interface Difference {
  readonly check: Check;
  /** one sentence, which names what differs */
  readonly problem: string;
  readonly block?: number;
  /** of the transaction in its block, from 0 */
  readonly position?: number;
  /** its id, 64 hex */
  readonly transaction?: string;
  /** of the state, or `table: key` of the projection */
  readonly key?: string;
  readonly expected?: string;
  readonly found?: string;
}

/** Thrown at the first difference: everything before it was found right. */
export class Differs extends Error {
  override readonly name = 'Differs';
  readonly difference: Difference;

  constructor(difference: Difference) {
    super(difference.problem);
    this.difference = difference;
  }
}

/** Something is not there, or not whole. Beside a running ledger it may only be on its way, as while a folder is put back. */
export class NotThere extends Differs {}

/** The audit could not be made, or not to its end; the message says what to do. */
export class CannotTell extends Error {
  override readonly name = 'CannotTell';
}

const SHOWN = 400;

/** A value for a report: its text, cut, or hexadecimal where it is no text. */
export function shown(value: Uint8Array | undefined): string {
  if (value === undefined) return 'nothing';
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  const text = bytes.toString('utf8');
  const readable = Buffer.from(text, 'utf8').equals(bytes) && !/\p{Cc}/u.test(text);
  const whole = readable ? text : `0x${bytes.toString('hex')}`;
  return whole.length > SHOWN ? `${whole.slice(0, SHOWN)}… (${bytes.length} bytes)` : whole;
}
