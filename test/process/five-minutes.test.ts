import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServerProcess } from '../../scripts/faults/server-process.js';
import { freshFolder, PATIENCE, ROOT, startServer } from '../support/first-run.js';

const HEADING = '## Five minutes';
const tools = ['curl', 'sha256sum', 'dd'].filter((name) => spawnSync(name, ['--version']).status !== 0);
/** Nothing can be reached from in there; where a namespace cannot be made, the server is at least down. */
const OFFLINE = spawnSync('unshare', ['-n', 'true']).status === 0 ? 'unshare -n ' : '';

describe('the five minutes of the README', { timeout: PATIENCE }, () => {
  const folder = freshFolder();
  const dataDir = join(folder, 'data');
  let server: ServerProcess;
  let blocks: string[];

  beforeAll(async () => {
    const section = readFileSync(join(ROOT, 'README.md'), 'utf8').split(HEADING)[1]?.split('\n## ')[0] ?? '';
    blocks = [...section.matchAll(/```sh\n([^`]*)```/g)].map(([, commands]) => commands as string);
    server = await startServer(dataDir);
  }, PATIENCE);
  afterAll(() => server?.kill());

  /** The commands as they stand, but for where this test has its server, data and files. */
  function here(commands: string): string {
    return commands
      .replaceAll('http://127.0.0.1:8080', server.url)
      .replaceAll(/\b(?:line|proof|trust|checkpoint)\.json/g, (name) => join(folder, name))
      .replaceAll(/(?<=[ =])data(?=[/ ])/g, dataDir);
  }

  function run(commands: string) {
    const path = `${join(ROOT, 'node_modules/.bin')}:${process.env.PATH}`;
    const env = { ...process.env, PATH: path, DATA_DIR: dataDir, PORT: String(server.port) };
    return spawnSync('bash', ['--norc', '-euo', 'pipefail', '-c', here(commands)], { cwd: ROOT, env, encoding: 'utf8' });
  }

  it('end as it says: a proof that holds offline, an audit that finds nothing, then the byte', async (test) => {
    if (tools.length > 0) test.skip(`${tools.join(', ')} missing`);
    expect(blocks).toHaveLength(2);
    const [anchoring = '', judging = ''] = blocks;
    const anchored = run(anchoring);
    expect([anchored.status, anchored.stderr]).toEqual([0, '']);
    expect(JSON.parse(anchored.stdout)).toMatchObject({ accepted: 1, rejected: [] });
    expect(await server.stop()).toBe(0);

    const [verify = '', audit = '', change = '', again = ''] = judging.trim().split('\n');
    expect(run(`${OFFLINE}${verify}`)).toMatchObject({ status: 0 });
    const other = run(verify.replace('food-application.pdf', 'food-licence.pdf'));
    expect(other.status).toBe(1);
    expect(run(audit)).toMatchObject({ status: 0, stdout: expect.stringContaining('Nothing differs.') });
    expect(run(change).status).toBe(0);
    expect(run(again)).toMatchObject({ status: 1, stdout: expect.stringMatching(/First difference: block \d+/) });
  });
});
