import { describe, expect, it } from 'vitest';
import { type PeerDatabase, unequalDatabases } from '../../scripts/faults/history/database.js';
import { PEERS } from '../support/fault-history.js';

const FILES = { 'public_state.data': 'aa', 'public_state.metadata': 'bb', 'txids.data': 'cc' };
const four = (change: (one: PeerDatabase, index: number) => PeerDatabase = (one) => one) =>
  PEERS.map((mspId, index) => change({ mspId, block: 9, files: FILES }, index));
const having = (one: PeerDatabase, files: Readonly<Record<string, string>>) => ({ ...one, files: { ...one.files, ...files } });

describe('the databases of four peers', () => {
  it('are found equal when each snapshot has the same files', () => {
    expect(unequalDatabases(four())).toEqual([]);
  });

  it('name the province whose state is torn', () => {
    const torn = four((one, index) => (index === 3 ? having(one, { 'public_state.data': 'torn' }) : one));
    expect(unequalDatabases(torn)).toEqual([
      'the database of AnhuiMSP is not that of ShanghaiMSP, JiangsuMSP, ZhejiangMSP: public_state.data at block 9',
    ]);
  });

  it('name the first province when it is the odd one', () => {
    const torn = four((one, index) => (index === 0 ? having(one, { 'txids.data': 'torn' }) : one));
    expect(unequalDatabases(torn)).toEqual([
      'the database of ShanghaiMSP is not that of JiangsuMSP, ZhejiangMSP, AnhuiMSP: txids.data at block 9',
    ]);
  });

  it('name a file that only one has', () => {
    const more = four((one, index) => (index === 1 ? having(one, { 'private_state_hashes.data': 'dd' }) : one));
    expect(unequalDatabases(more).join()).toMatch(/JiangsuMSP is not that of .*: private_state_hashes.data at block 9$/);
  });

  it('name two when two differ from two', () => {
    const parted = four((one, index) => (index > 1 ? having(one, { 'public_state.data': 'other' }) : one));
    expect(unequalDatabases(parted).map((sentence) => sentence.split(' is not')[0])).toEqual([
      'the database of ZhejiangMSP',
      'the database of AnhuiMSP',
    ]);
  });

  it('cannot be compared at different blocks, or when none was read', () => {
    const behind = four((one, index) => (index === 2 ? { ...one, block: 8 } : one));
    expect(unequalDatabases(behind)).toEqual([
      'the databases were not read at one block: ShanghaiMSP at 9, JiangsuMSP at 9, ZhejiangMSP at 8, AnhuiMSP at 9',
    ]);
    expect(unequalDatabases([])).toEqual(['no database was read']);
  });
});
