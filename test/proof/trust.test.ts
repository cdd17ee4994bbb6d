import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodePrimitives } from '../../network/proof/node-primitives.js';
import { openRevocationList } from '../../network/proof/revocation.js';
import { parseTrust } from '../../network/proof/trust.js';

const FOLDER = join(import.meta.dirname, '../vectors/receipts');
const text = readFileSync(join(FOLDER, 'holds-certificate/trust.json'), 'utf8');

interface File {
  format: string;
  channel: string;
  assurance: string;
  receiptPolicy: { k: number };
  provinces: { code: string; mspId: string; roots: string[] }[];
}

function changed(change: (file: File) => unknown): string {
  const file = JSON.parse(text) as File;
  change(file);
  return JSON.stringify(file);
}

const province = (file: File, index: number) => file.provinces[index] as File['provinces'][0];

describe('a trust file', () => {
  it('names channel, assurance, provinces and how many must sign', () => {
    const { channel, assurance, k, provinces } = parseTrust(text);
    expect({ channel, assurance, k, codes: provinces.map(({ code }) => code) }).toEqual({
      channel: 'delta',
      assurance: 'bft-4',
      k: 3,
      codes: ['310000', '320000', '330000', '340000'],
    });
  });

  const refused: Readonly<Record<string, string>> = {
    'is not JSON': 'trust me',
    'is of another version': changed((file) => (file.format = 'yrd-trust/2')),
    'has a field more': changed((file) => Object.assign(file, { note: 'x' })),
    'names an assurance that does not exist': changed((file) => (file.assurance = 'bft-7')),
    'asks for more provinces than there are': changed((file) => (file.receiptPolicy.k = 5)),
    'asks for none': changed((file) => (file.receiptPolicy.k = 0)),
    'is content with one of four that may lie': changed((file) => (file.receiptPolicy.k = 1)),
    'asks for half a province': changed((file) => (file.receiptPolicy.k = 2.5)),
    'has a province without a root': changed((file) => (province(file, 0).roots = [])),
    'has one root under two provinces': changed((file) => (province(file, 1).roots = province(file, 0).roots)),
    'has one membership twice': changed((file) => (province(file, 1).mspId = 'ShanghaiMSP')),
    'has one province twice': changed((file) => (province(file, 1).code = '310000')),
    'has a root that is cut off': changed(
      (file) => (province(file, 0).roots = [(province(file, 0).roots[0] ?? '').slice(0, 200)]),
    ),
    'has no provinces': changed((file) => (file.provinces = [])),
  };
  it.each(Object.keys(refused))('that %s is refused, and the reader told what to do', (name) => {
    expect(() => parseTrust(refused[name] as string)).toThrow(/^the trust file cannot be used: .+: get it again/);
  });
});

describe('a revocation list', () => {
  const folder = join(FOLDER, 'holds-superseded-later');
  const trust = parseTrust(readFileSync(join(folder, 'trust.json'), 'utf8'));
  const list = readFileSync(join(folder, 'list-0.crl'), 'utf8');
  const open = (pem: string, against = trust) => openRevocationList(pem, against, nodePrimitives.checkSignature);

  it('is opened when a pinned root signed it', async () => {
    expect((await open(list)).revoked.size).toBe(1);
  });

  it('is refused when no pinned root did, when it was changed, and when it is none', async () => {
    await expect(open(list, parseTrust(text))).rejects.toThrow(/not signed by a root of the trust file/);
    const der = Buffer.from(list.replace(/-----[^-]+-----|\n/g, ''), 'base64');
    der[der.length - 90] = (der[der.length - 90] ?? 0) ^ 1;
    const pem = `-----BEGIN X509 CRL-----\n${der.toString('base64')}\n-----END X509 CRL-----\n`;
    await expect(open(pem)).rejects.toThrow(/^the revocation list/);
    await expect(open('none')).rejects.toThrow(/^the revocation list cannot be read: .+: get it again$/);
  });
});
