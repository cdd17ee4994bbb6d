import { createHash, X509Certificate } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PublicPart } from '../../network/definition/public-part.js';
import { readProfile } from '../../network/fabric/profile.js';
import { makeFourIdentities, postedParts, SLUGS } from '../support/ceremony.js';
import { fabricMissing, fakePrograms, network } from '../support/network-command.js';

const HOSTS = ['10.1.0.1', '10.1.0.2', '10.1.0.3', 'ah.example'];
const ADVICE = 'Take from each of these provinces the file that its own identities command wrote, unchanged.\n';
const digest = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');

describe('four hosts that found a network, none of which has another’s keys', { timeout: 120_000 }, () => {
  const missing = fabricMissing();
  let home: string;
  let post: string;
  let assembled: string;
  let environment: Readonly<Record<string, string>>;
  let told: readonly string[];
  let folders = 0;
  const fresh = () => {
    folders += 1;
    return join(home, `folder-${folders}`);
  };
  const folderOf = (slug: string) => join(home, 'hosts', slug);
  const postOf = (slug: string) => join(post, `${slug}.public.json`);
  const partOf = (slug: string) => JSON.parse(readFileSync(postOf(slug), 'utf8')) as PublicPart;
  const filesIn = (folder: string) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(folder, name)).isFile());
  const secretsIn = (folder: string) =>
    filesIn(folder).filter((name) => /PRIVATE KEY/.test(readFileSync(join(folder, name), 'latin1')));

  /** What is said to Anhui's part as it is after a change, the others' being what they are. */
  async function said(change: (part: PublicPart) => object): Promise<string> {
    const file = join(home, 'anhui.public.json');
    writeFileSync(file, JSON.stringify(change(partOf('anhui'))));
    return refusal([...postedParts(post).slice(0, 3), file]);
  }
  async function refusal(files: readonly string[]): Promise<string> {
    const out = fresh();
    const { code, complaint } = await network(['assemble', ...files, '--out', out], environment);
    expect([code, existsSync(out)]).toEqual([1, false]);
    return complaint;
  }
  const faults = (...lines: readonly string[]) =>
    `no network comes of these public parts:\n${lines.map((line) => `  - ${line}\n`).join('')}${ADVICE}`;

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'ceremony-'));
    [post, assembled] = [join(home, 'post'), join(home, 'assembled')];
    environment = { FABRIC_BIN: fakePrograms(join(home, 'bin')) };
    told = await makeFourIdentities({ hosts: HOSTS, basePort: 17_000, folderOf, environment }, post);
    if (missing) return;
    const { complaint } = await network(['assemble', ...postedParts(post), '--out', assembled]);
    expect(complaint).toBe('');
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  it('each makes its keys in its own folder, and is told the digest of what it sends', () => {
    for (const [index, slug] of SLUGS.entries()) {
      expect(readdirSync(join(folderOf(slug), 'provinces'))).toEqual([slug]);
      expect(secretsIn(folderOf(slug)).length).toBeGreaterThan(8);
      expect(told[index]).toContain(`${digest(postOf(slug))}  ${slug}.public.json\n`);
      expect(statSync(folderOf(slug)).mode & 0o777).toBe(0o700);
    }
  });

  it('what is sent holds four certificates of that province, host and ports, and no key', () => {
    expect(secretsIn(post)).toEqual([]);
    const { certificates, ...rest } = partOf('anhui');
    expect(rest).toEqual({
      format: 'yrd-province/1',
      province: 'anhui',
      mspId: 'AnhuiMSP',
      host: 'ah.example',
      basePort: 17_000,
    });
    const [root, tlsRoot, orderer, ordererTls] = Object.values(certificates).map((pem) => new X509Certificate(pem));
    expect([
      orderer?.verify((root as X509Certificate).publicKey),
      ordererTls?.verify((tlsRoot as X509Certificate).publicKey),
    ]).toEqual([true, true]);
  });

  it('identities are made for a province that there is, in an empty folder', async () => {
    const other = fresh();
    const unknown = await network(['identities', 'hubei', '--host', 'hb.example', '--folder', other]);
    expect([unknown.code, unknown.complaint]).toEqual([
      1,
      'hubei is no province: name one of shanghai, jiangsu, zhejiang, anhui\n',
    ]);
    const again = await network(['identities', 'anhui', '--host', 'ah.example', '--folder', folderOf('anhui')]);
    expect([again.code, again.complaint]).toEqual([1, `${folderOf('anhui')} is not empty: name another folder\n`]);
    const host = await network(['identities', 'anhui', '--host', 'a b', '--folder', other]);
    expect([host.code, host.complaint, existsSync(other)]).toEqual([1, 'not a host name or IPv4 address: a b\n', false]);
  });

  it('a public part with a private key in it is refused, wherever the key stands', async () => {
    const key = readFileSync(join(folderOf('anhui'), 'provinces/anhui/ca/key.pem'), 'utf8');
    const expected = faults(
      `${join(home, 'anhui.public.json')} holds a private key: that province makes its identities anew if anybody else has seen it`,
    );
    expect(await said((part) => ({ ...part, key }))).toBe(expected);
    const root = (part: PublicPart) => ({ ...part.certificates, root: `${part.certificates.root}${key}` });
    expect(await said((part) => ({ ...part, certificates: root(part) }))).toBe(expected);
  });

  it('a province that is missing, or there twice, is named', async () => {
    const [shanghai, jiangsu, zhejiang] = SLUGS.map(postOf) as [string, string, string];
    expect(await refusal([shanghai, jiangsu, zhejiang])).toBe(faults('there is none of anhui'));
    expect(await refusal([shanghai, jiangsu, zhejiang, zhejiang])).toBe(
      faults(`there are several of zhejiang: ${zhejiang}, ${zhejiang}`, 'there is none of anhui'),
    );
    expect(await refusal([shanghai, jiangsu, zhejiang, join(home, 'none')])).toBe(
      `there is no ${join(home, 'none')}: name the files that identities and assemble wrote\n`,
    );
  });

  it('certificates that do not chain are refused, and which', async () => {
    const file = join(home, 'anhui.public.json');
    const { certificates: other } = partOf('zhejiang');
    const withOther = (name: keyof PublicPart['certificates']) =>
      said((part) => ({ ...part, certificates: { ...part.certificates, [name]: other[name] } }));
    const orderer = `${file}: its orderer’s certificate was not issued to an orderer by its root`;
    const tls = `${file}: its orderer’s TLS certificate was not issued by its TLS root`;
    expect(await withOther('root')).toBe(faults(orderer));
    expect(await withOther('orderer')).toBe(faults(orderer));
    expect(await withOther('tlsRoot')).toBe(faults(tls));
    expect(await withOther('ordererTls')).toBe(
      faults(tls, `${file}: its orderer’s TLS certificate is not for its host ah.example`),
    );
    const swapped = ({ certificates }: PublicPart) => ({ ...certificates, root: certificates.orderer });
    expect(await said((part) => ({ ...part, certificates: swapped(part) }))).toBe(
      faults(`${file}: a root certificate in it is no authority’s own`, orderer),
    );
  });

  it('a peer’s certificate is no orderer’s', async () => {
    const peer = readFileSync(join(folderOf('anhui'), 'provinces/anhui/peer/msp/signcerts/certificate.pem'), 'utf8');
    expect(await said((part) => ({ ...part, certificates: { ...part.certificates, orderer: peer } }))).toContain(
      'was not issued to an orderer by its root',
    );
  });

  it('MSP, host, ports and form are to be what they say', async () => {
    const file = join(home, 'anhui.public.json');
    expect(await said((part) => ({ ...part, mspId: 'JiangsuMSP' }))).toBe(
      faults(`${file}: its MSP is JiangsuMSP, while Anhui’s is AnhuiMSP`),
    );
    expect(await said((part) => ({ ...part, host: 'other.example' }))).toBe(
      faults(`${file}: its orderer’s TLS certificate is not for its host other.example`),
    );
    expect(await said((part) => ({ ...part, basePort: 17_100 }))).toBe(
      faults('their first ports differ (17000, 17100): identities takes the same --ports everywhere'),
    );
    const form = faults(`${file} is no public part of a province, in the format of this build`);
    expect(await said((part) => ({ ...part, format: 'yrd-province/2' }))).toBe(form);
    expect(await said((part) => ({ ...part, more: '' }))).toBe(form);
  });

  it('one authority does not serve two provinces', async () => {
    const { certificates: other } = partOf('zhejiang');
    const zhejiang = { ...partOf('zhejiang'), province: 'anhui', mspId: 'AnhuiMSP' };
    expect(zhejiang.certificates).toEqual(other);
    const file = join(home, 'anhui.public.json');
    expect(await said(() => zhejiang)).toBe(faults(`${postOf('zhejiang')} and ${file} have an authority’s key in common`));
  });

  it('what is assembled is block 0 and the public parts as they came, without a key', (test) => {
    if (missing) return test.skip(missing);
    expect(readdirSync(assembled).sort()).toEqual([...SLUGS.map((slug) => `${slug}.public.json`), 'genesis.block'].sort());
    expect(secretsIn(assembled)).toEqual([]);
    for (const slug of SLUGS) expect(readFileSync(join(assembled, `${slug}.public.json`))).toEqual(readFileSync(postOf(slug)));
  });

  it('each host takes it beside its own keys, with a profile that can be read there', async (test) => {
    if (missing) return test.skip(missing);
    const before = digest(join(folderOf('jiangsu'), 'provinces/jiangsu/ca/key.pem'));
    const { output, complaint } = await network(['take', '--from', assembled, '--folder', folderOf('jiangsu')]);
    expect(complaint).toBe('');
    for (const name of readdirSync(assembled)) expect(output).toContain(`${digest(join(assembled, name))}  ${name}\n`);
    const folder = folderOf('jiangsu');
    expect(digest(join(folder, 'channel/genesis.block'))).toBe(digest(join(assembled, 'genesis.block')));
    expect(digest(join(folder, 'provinces/jiangsu/ca/key.pem'))).toBe(before);
    expect(secretsIn(folder).filter((name) => !name.startsWith('provinces/jiangsu/'))).toEqual([]);
    const others = filesIn(folder).filter((name) => /^provinces\/(?!jiangsu)/.test(name));
    expect(others).toHaveLength(9);
    expect(readProfile(join(folder, 'profiles/jiangsu.json')).provinces.map(({ peer }) => peer.address)).toEqual(
      HOSTS.map((host, index) => `${host}:${17_003 + 20 * index}`),
    );
    const again = await network(['take', '--from', assembled, '--folder', folder]);
    expect([again.code, again.complaint]).toEqual([
      1,
      `${folder} has its part of a network already: give up or join there, or take into another folder\n`,
    ]);
  });

  it('a block 0 that says anything else than the four public parts is not taken', async (test) => {
    if (missing) return test.skip(missing);
    const [parts, other] = [fresh(), fresh()];
    const [strange, strangeOut] = [fresh(), fresh()];
    const made = await network(['identities', 'shanghai', '--host', HOSTS[0] as string, '--ports', '17000', '--folder', strange]);
    expect(made.complaint).toBe('');
    const files = [join(strange, 'shanghai.public.json'), ...postedParts(post).slice(1)];
    expect((await network(['assemble', ...files, '--out', strangeOut])).complaint).toBe('');
    const take = (from: string) => network(['take', '--from', from, '--folder', folderOf('anhui')]);

    cpSync(assembled, parts, { recursive: true });
    copyFileSync(join(strangeOut, 'genesis.block'), join(parts, 'genesis.block'));
    const changed = await take(parts);
    expect([changed.code, changed.complaint]).toEqual([
      1,
      expect.stringMatching(/genesis\.block is not the block 0 .* \(Channel\/\S+ differs\), and nothing was taken/),
    ]);
    writeFileSync(join(parts, 'genesis.block'), 'no block');
    expect((await take(parts)).complaint).toBe(
      `${join(parts, 'genesis.block')} is no block 0: take it again from whoever assembled it\n`,
    );

    cpSync(strangeOut, other, { recursive: true });
    const own = await network(['take', '--from', other, '--folder', folderOf('shanghai')]);
    expect([own.code, own.complaint]).toEqual([
      1,
      `${join(other, 'shanghai.public.json')} is not ${postOf('shanghai').replace(post, folderOf('shanghai'))}, and nothing was taken: have the network assembled again from this one\n`,
    ]);
    for (const slug of ['anhui', 'shanghai']) expect(existsSync(join(folderOf(slug), 'network.json'))).toBe(false);
  });

  it('nothing is taken where there are no identities', async () => {
    const empty = fresh();
    const { code, complaint } = await network(['take', '--from', assembled, '--folder', empty], environment);
    expect([code, complaint, existsSync(empty)]).toEqual([
      1,
      `${empty} holds no province's identities: name the --folder of the identities command\n`,
      false,
    ]);
  });
});
