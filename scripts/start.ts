/** `npm start`: serves the API over the ledger of the settings, with demonstration records on a new one. */
import { join, resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Command } from 'commander';
import { type RunningServer, startServer } from '../api/server.js';
import { readSettings, type Settings, SettingsFault } from '../api/settings.js';
import { createClient } from './demo/client.js';
import { DemoFault } from './demo/fault.js';
import { playFirstStart } from './demo/first-start.js';
import { inProcess } from './demo/in-process.js';
import { tokensOf } from './demo/tokens.js';
import { issuerOf } from './issuer.js';
import { readyText } from './ready-text.js';
import { refusalText } from './refusal-text.js';

// While many writes wait for one block, their requests outlive a collection, and V8 starts to put what is made in
// the same places among the old objects. There each one keeps its whole request alive, and that does not end when the
// writes do: every young collection then took ten times as long, and verify lost a fifth of its rate.
setFlagsFromString('--no-allocation-site-pretenuring');

const began = process.hrtime.bigint();

function progress(zh: string, en: string): void {
  const seconds = Number((process.hrtime.bigint() - began) / 100_000_000n) / 10;
  console.log(`[${seconds.toFixed(1).padStart(5)} s] ${zh}  ${en}`);
}

/** Whether the demonstration's records are there. */
async function demonstrate(server: RunningServer, settings: Settings): Promise<boolean> {
  if (!settings.demo) return false;
  if (settings.province !== undefined) {
    progress('只服务一省，不写入演示数据', 'this API serves one province only: no demonstration records');
    return false;
  }
  const token = tokensOf(await issuerOf(settings.dataDir));
  const client = createClient({ address: server.url, token, send: inProcess(server.app) });
  const outcome = await playFirstStart({ client, file: join(settings.dataDir, 'demo.json'), progress });
  if (outcome === 'played-elsewhere') progress('账本上已有演示数据', 'the demonstration records are on the ledger already');
  if (outcome === 'not-new')
    progress('账本已有其他记录，不写入演示数据', 'the ledger has other records: no demonstration records');
  return outcome !== 'not-new';
}

function closeOnSignal(server: RunningServer): void {
  let closing = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (closing) process.exit(1);
      closing = true;
      progress('正在停止', `${signal}: stopping`);
      server.close().then(
        () => process.exit(0),
        (error) => {
          console.error(error);
          process.exit(1);
        },
      );
    });
}

async function start(): Promise<void> {
  const read = readSettings();
  const settings = { ...read, dataDir: resolve(read.dataDir) };
  progress(`打开 ${settings.dataDir}`, `opening ${settings.dataDir}`);
  let demonstrated = false;
  const server = await startServer(settings, {
    log: (message) => progress('账本', message),
    prepare: async (opened) => {
      progress('四省市账本就绪', 'the ledger of four provinces is open');
      demonstrated = await demonstrate(opened, settings);
    },
  });
  closeOnSignal(server);
  console.log(readyText(server, settings, demonstrated));
}

new Command('start')
  .description('Serves the API over the ledger of the settings, which come from the environment (HOST, PORT, DATA_DIR, DEMO …).')
  .parse();

try {
  await start();
} catch (error) {
  const text = error instanceof DemoFault || error instanceof SettingsFault ? error.message : refusalText(error);
  if (text === undefined) throw error;
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}
