/** Signed as it should be, by three peers; but what they signed is not this answer. */

import { MessageWriter } from '../../../network/format/wire.js';
import { canonicalJson } from '../../../network/proof/canonical-json.js';
import {
  ABSENT,
  absent,
  CERTIFICATE_KEY,
  certificateAnswer,
  OPERATION,
  OPERATION_KEY,
  payloadOf,
  RECORD,
  read,
  recordsAnswer,
} from './payloads.js';
import { bad, type Stage, signedText, type Vector } from './vector.js';

const WRITE = { writes: [{ key: CERTIFICATE_KEY, value: Buffer.from('{}') }] };
const UNKNOWN = { verdict: 'unknown', faults: { answer: 'format.unknown' } } as const;

export function answerVectors(stage: Stage): Vector[] {
  const signed = (name: string, about: string, faults: Vector['faults'], payload: Buffer) =>
    bad(stage, name, about, faults, { receipt: signedText(stage, payload) });
  const answer = (name: string, about: string, payload: Buffer, code = 'proof.answer') =>
    signed(`answer-${name}`, about, { answer: code }, payload);
  const records = (name: string, about: string, payload: Buffer) =>
    signed(`records-${name}`, about, { records: 'proof.records' }, payload);
  const ledger = (name: string, about: string, payload: Buffer) =>
    signed(`ledger-${name}`, about, { ledger: 'proof.ledger' }, payload);
  const elsewhere = { ledger: { channel: 'delta-test', codeDigest: 'cd'.repeat(32) } };
  const event = new MessageWriter().bytes(2, Buffer.from('event')).finish();
  return [
    answer(
      'endorsement-of-a-write',
      'Peers’ endorsement of the issue itself, which may have failed afterwards',
      payloadOf(canonicalJson(RECORD.value), { ...WRITE, reads: [read(OPERATION_KEY)] }),
      'proof.write',
    ),
    answer(
      'endorsement-that-looks-like-one',
      'An endorsement that writes, with the words of an answer',
      payloadOf(certificateAnswer(), WRITE),
      'proof.write',
    ),
    answer(
      'deletion',
      'An endorsement that deletes',
      payloadOf(certificateAnswer(), { writes: [{ key: CERTIFICATE_KEY, value: undefined }] }),
      'proof.write',
    ),
    answer(
      'plain-record',
      'The answer to another query: the bare record',
      payloadOf(canonicalJson(RECORD.value), { reads: [read(CERTIFICATE_KEY)] }),
    ),
    answer('empty', 'The answer to a query that found nothing', payloadOf('', { reads: [absent(CERTIFICATE_KEY)] })),
    answer('refusal', 'A refusal', payloadOf(certificateAnswer(), { status: 500 })),
    answer('no-proposal', 'Bytes bound to no question', payloadOf(certificateAnswer(), { proposalHash: Buffer.alloc(0) })),
    answer(
      'not-canonical',
      'An answer that another chaincode wrote in its own way',
      payloadOf(`${canonicalJson(certificateAnswer())} `),
    ),
    answer(
      'other-question',
      'An answer to a question that a receipt does not ask',
      payloadOf(certificateAnswer({ question: 'everything' })),
    ),
    answer('without-time', 'An answer of no time', payloadOf(certificateAnswer({ time: '' }))),
    answer('impossible-time', 'An answer of the 32nd', payloadOf(certificateAnswer({ time: '2026-03-32T08:00:00.000Z' }))),
    answer('no-message', 'Not a peer’s message at all', Buffer.from('four provinces agree')),
    answer(
      'field-twice',
      'A message in which a field stands twice: two readers may take different ones',
      Buffer.concat([payloadOf(certificateAnswer()), new MessageWriter().item(2, event).finish()]),
    ),
    {
      ...answer(
        'unknown-version',
        'An answer of a version that is not known yet',
        payloadOf(certificateAnswer({ format: 'yrd-answer/2' })),
      ),
      ...UNKNOWN,
      name: 'unknown-answer-version',
    },
    ledger('other-channel', 'The same peers’ answer about another channel', payloadOf(certificateAnswer(elsewhere))),
    ledger(
      'other-chaincode',
      'The words of an answer from a chaincode that somebody else wrote',
      payloadOf(certificateAnswer(), { chaincode: { name: 'trust2', version: '1' } }),
    ),
    records('not-read', 'A record that the peers did not read', payloadOf(certificateAnswer(), { reads: [read(OPERATION_KEY)] })),
    records(
      'more-read',
      'The peers read more than the answer is about',
      payloadOf(certificateAnswer(), { reads: [read(CERTIFICATE_KEY), read(OPERATION_KEY)] }),
    ),
    records('nothing-read', 'The peers read nothing', payloadOf(certificateAnswer(), { reads: [] })),
    records(
      'absent-but-read',
      'Said to be absent, and yet it has a version',
      payloadOf(recordsAnswer([ABSENT]), { reads: [read(ABSENT.key)] }),
    ),
    records(
      'present-but-absent',
      'A record is shown, and yet it has no version',
      payloadOf(recordsAnswer(), { reads: [read(OPERATION_KEY), absent(CERTIFICATE_KEY)] }),
    ),
    records('twice', 'A record twice', payloadOf(recordsAnswer([OPERATION, OPERATION]), { reads: [read(OPERATION_KEY)] })),
    records('none', 'About no record', payloadOf(recordsAnswer([]))),
    records('without-value', 'A record whose value is left out', payloadOf(recordsAnswer([{ key: CERTIFICATE_KEY }]))),
  ];
}
