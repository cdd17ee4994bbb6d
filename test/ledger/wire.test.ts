import { common } from '@hyperledger/fabric-protos';
import { describe, expect, it } from 'vitest';
import { FormatError, MessageReader, MessageWriter } from '../../network/format/wire.js';

describe('the wire reader', () => {
  it('refuses a field that reaches beyond its message', () => {
    expect(() => new MessageReader(Buffer.from([0x0a, 0x05, 0x01]))).toThrow(FormatError);
  });

  it('refuses a number that does not end', () => {
    expect(() => new MessageReader(Buffer.from([0x08, ...Array<number>(10).fill(0xff)]))).toThrow(FormatError);
    expect(() => new MessageReader(Buffer.from([0x08, 0xff]))).toThrow(FormatError);
  });

  it('refuses a number that a double cannot hold to whoever asks for it, and to nobody else', () => {
    const message = new MessageReader(Buffer.from([0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f, 0x10, 0x07]));
    expect(() => message.integer(1)).toThrow(FormatError);
    expect(message.integer(2)).toBe(7);
  });

  it('takes the last 32 bits of a number of 32 bits, as Go does', () => {
    const header = common.ChannelHeader.deserializeBinary(new MessageWriter().integer(1, 2 ** 32 + 3).finish());
    expect(header.getType()).toBe(3);
    expect(new MessageReader(new MessageWriter().integer(1, 2 ** 32 + 3).finish()).int32(1)).toBe(3);
    const negative = new common.ChannelHeader();
    negative.setVersion(-5);
    expect(new MessageReader(negative.serializeBinary()).int32(2)).toBe(-5);
  });

  it('passes over what Fabric does not use: fixed numbers and groups', () => {
    const unknown = [0x0d, 1, 2, 3, 4, 0x11, 1, 2, 3, 4, 5, 6, 7, 8, 0x1b, 0x23, 0x08, 0x01, 0x24, 0x1c];
    const message = new MessageReader(Buffer.from([...unknown, 0x28, 0x05]));
    expect(message.integer(5)).toBe(5);
    expect(message.all(3)).toEqual([]);
  });

  it.each([
    ['that does not end', [0x0b, 0x10, 0x01]],
    ['that ends as another', [0x0b, 0x14]],
    ['that did not begin', [0x0c]],
    ['of an unknown wire type', [0x0e]],
  ])('refuses a group %s', (_, bytes) => {
    expect(() => new MessageReader(Buffer.from(bytes))).toThrow(FormatError);
  });

  it('merges a message that is given twice, and takes the last of a value that is', () => {
    const first = new MessageWriter().text(1, 'first').item(2, Buffer.from('a'));
    const second = new MessageWriter().item(2, Buffer.from('b'));
    const bytes = new MessageWriter().message(1, first).message(1, second).text(2, 'old').text(2, 'new').finish();
    const message = new MessageReader(bytes);
    expect(message.message(1).text(1)).toBe('first');
    expect(message.message(1).all(2).map(String)).toEqual(['a', 'b']);
    expect(message.text(2)).toBe('new');
  });

  it('refuses field number zero', () => {
    expect(() => new MessageReader(Buffer.from([0x02, 0x00]))).toThrow(FormatError);
  });

  it('takes no bytes for a number and no number for bytes', () => {
    const message = new MessageReader(new MessageWriter().integer(1, 5).text(2, 'x').finish());
    expect(message.bytes(1).length).toBe(0);
    expect(message.all(1)).toEqual([]);
    expect(message.integer(2)).toBe(0);
  });

  it('reads the numbers it writes', () => {
    for (const value of [1, 127, 128, 16_384, 2 ** 31, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER])
      expect(new MessageReader(new MessageWriter().integer(3, value).finish()).integer(3)).toBe(value);
    expect(() => new MessageWriter().integer(1, -1)).toThrow(FormatError);
    expect(() => new MessageWriter().integer(1, 0.5)).toThrow(FormatError);
  });
});
