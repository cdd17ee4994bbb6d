// One real write and read over HTTP against a running server, as a newcomer would do by hand.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';

const base = process.argv[2];
const ledger = await (await fetch(`${base}/v1/ledger`)).json();
const registrar = ledger.provinces[0].registrar;
const token = execFileSync('npm', ['run', '--silent', 'token', '--', registrar], { encoding: 'utf8' }).trim();

const code = `ci-${randomBytes(6).toString('hex')}`;
const instrument = {
  code,
  title: { zh: '持续集成往返', en: 'Round trip' },
  issuer: registrar,
  effectiveFrom: '2026-01-01T00:00:00Z',
  digest: { alg: 'sha-256', value: createHash('sha256').update(code).digest('hex') },
};
const written = await fetch(`${base}/v1/instruments`, {
  method: 'POST',
  headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': `${code}-0000000000` },
  body: JSON.stringify(instrument),
});
const answer = await written.json();
assert.equal(written.status, 201, JSON.stringify(answer));
assert.equal(answer.transaction.endorsers.length, 3);
let cursor = '';
let found;
do {
  const page = await (await fetch(`${base}/v1/instruments?limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`)).json();
  found = page.items.find((item) => item.code === code);
  cursor = page.nextCursor ?? '';
} while (!found && cursor);
assert.ok(found, 'the instrument that was written is listed');
console.log(`round trip: ${code} written in block ${answer.transaction.block} and read back`);
