import { describe, expect, it } from 'vitest';
import { declaredTime } from '../../network/audit/declared-time.js';
import { CHANNEL } from '../../network/channel.js';
import { encodeEnvelope } from '../../network/format/envelope.js';
import { encodeChannelHeader, encodeSignatureHeader, HEADER_TYPE } from '../../network/format/header.js';
import { encodeHeader } from '../../network/format/proposal.js';
import { MessageWriter } from '../../network/format/wire.js';

const NOTHING = Buffer.alloc(0);

/** An envelope of which only the time is of interest. */
function declaring(timestamp: number): Buffer {
  const type = HEADER_TYPE.endorserTransaction;
  const channelHeader = encodeChannelHeader({ type, channel: CHANNEL, transactionId: '', timestamp, chaincode: '' });
  const signatureHeader = encodeSignatureHeader({ creator: NOTHING, nonce: NOTHING });
  return encodeEnvelope(new MessageWriter().message(1, encodeHeader({ channelHeader, signatureHeader })).finish(), NOTHING);
}

describe('when a block was made', () => {
  const now = 1_790_000_000_000;

  it.each([
    ['the latest of its transactions', [now - 5000, now - 3000, now - 9000], now - 3000],
    ['that of the others, where one caller’s clock is ahead', [now - 5000, now + 1], now - 5000],
    ['not known, where all clocks are ahead', [now + 60_000], undefined],
    ['not known, where none is declared', [0], undefined],
  ])('is %s', (_name, times, expected) => {
    expect(declaredTime({ data: times.map(declaring) }, now)).toBe(expected);
  });

  it('is that of the others, where one is no transaction at all', () => {
    expect(declaredTime({ data: [declaring(now - 5), Buffer.from('nothing')] }, now)).toBe(now - 5);
    expect(declaredTime({ data: [] }, now)).toBeUndefined();
  });
});
