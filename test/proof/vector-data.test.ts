import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseTrust, SINGLE_OPERATOR } from '../../network/proof/trust.js';
import { KeptVectors } from '../support/kept-vectors.js';
import { JUDGED_FILES, type VectorKind } from '../support/vector-files.js';

const FOLDER = join(import.meta.dirname, '../vectors');
const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) => name.split('/').length === 3);

/** The names under which PKCS #8, SEC 1 and JWK tell a private key: in PEM, in DER as base64 (an EC key's OIDs), in JSON. */
const PRIVATE = /PRIVATE KEY|MIGHAgEAMBMGByqGSM49|MHcCAQEEI|"d":"/;

describe('what is kept as vectors', () => {
  it('is a folder a case under each kind, with the files that belong to it and no others', () => {
    expect(readdirSync(FOLDER).sort()).toEqual(Object.keys(JUDGED_FILES).sort());
    for (const name of files) {
      const [kind, , file] = name.split('/') as [VectorKind, string, string];
      expect(
        [JUDGED_FILES[kind], 'case.json', 'trust.json', 'document'].includes(file) || /^list-\d\.crl$/.test(file),
        name,
      ).toBe(true);
    }
    expect(files.length).toBeGreaterThan(900);
  });

  it.each(Object.keys(JUDGED_FILES) as VectorKind[])(
    'has %s that four provinces on Fabric gave, and a forgery of them',
    (kind) => {
      const kept = new KeptVectors(kind);
      const issued = kept.names.filter((name) => name.startsWith('holds-from-fabric'));
      const forged = kept.names.filter((name) => name.startsWith('from-fabric-'));
      expect(issued.length).toBeGreaterThan(0);
      expect(forged.length).toBeGreaterThanOrEqual(2 * issued.length);
      for (const name of issued) {
        const { assurance, provinces } = parseTrust(kept.read(name, 'trust.json'));
        expect([assurance, provinces.length]).toEqual(['bft-4', 4]);
        expect(provinces.flatMap(({ roots }) => roots.flatMap(({ issuerUnits }) => issuerUnits))).not.toContain(SINGLE_OPERATOR);
      }
    },
  );

  it('holds no private key in any of its forms', () => {
    expect(files.filter((name) => PRIVATE.test(readFileSync(join(FOLDER, name), 'latin1')))).toEqual([]);
    const key = '-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0w';
    expect(PRIVATE.test(key) && PRIVATE.test(key.slice(28))).toBe(true);
  });
});
