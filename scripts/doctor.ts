/** `npm run doctor`: looks at the installation and says what to do about what it finds. Exit 1 for a fault. */
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { readSettings, type Settings, SettingsFault } from '../api/settings.js';
import { addressOf } from './address.js';
import { checkDataFolder, checkKeyModes, checkLock, lastWrite } from './doctor/data-folder.js';
import { type Finding, fault, ok } from './doctor/finding.js';
import { checkClock, checkDisk, checkPort } from './doctor/machine.js';
import { checkNetwork } from './doctor/network.js';
import { checkReadLog } from './doctor/read-log.js';
import { checkNode, checkPackages } from './doctor/runtime.js';

/** The package's root, from `dist/scripts` or from `scripts`. */
const ROOT = resolve(dirname(fileURLToPath(import.meta.url)).replace(/dist\/scripts$/, 'scripts'), '..');

function settingsOf(findings: Finding[]): Settings | undefined {
  try {
    const settings = readSettings();
    findings.push(
      ok('settings', `DATA_DIR ${resolve(settings.dataDir)}, ${addressOf(settings)}, DEMO ${settings.demo ? 'on' : 'off'}`),
    );
    return settings;
  } catch (error) {
    if (!(error instanceof SettingsFault)) throw error;
    for (const found of error.faults) findings.push(fault('settings', found, 'Correct the environment variable.'));
    return undefined;
  }
}

/** All findings, in the order in which a reader should act on them. */
async function examine(): Promise<readonly Finding[]> {
  const findings = [checkNode(), checkPackages(ROOT)];
  const settings = settingsOf(findings);
  if (!settings) return findings;
  const dataDir = resolve(settings.dataDir);
  findings.push(checkDataFolder(dataDir), checkLock(dataDir), checkKeyModes(dataDir), checkReadLog(dataDir));
  findings.push(checkClock(Date.now(), lastWrite(dataDir)), checkDisk(dataDir));
  findings.push(await checkPort(settings.host, settings.port, addressOf(settings)));
  if (settings.fabricProfile !== undefined) findings.push(...(await checkNetwork(settings.fabricProfile, settings)));
  return findings;
}

const MARKS = { ok: '  ok  ', note: ' note ', fault: 'FAULT ' } as const;

async function main(): Promise<void> {
  const program = new Command('doctor')
    .description('Checks the installation and says what to do.')
    .option('--json', 'one line of JSON a finding');
  const { json } = program.parse().opts<{ json?: boolean }>();
  const findings = await examine();
  for (const finding of findings) {
    if (json) console.log(JSON.stringify(finding));
    else
      console.log(
        `${MARKS[finding.verdict]} ${finding.check}: ${finding.found}${finding.advice ? `\n       → ${finding.advice}` : ''}`,
      );
  }
  const faults = findings.filter(({ verdict }) => verdict === 'fault').length;
  if (!json)
    console.log(faults === 0 ? 'Nothing is in the way. 一切就绪。' : `${faults} to put right. 有 ${faults} 项需要处理。`);
  process.exitCode = faults === 0 ? 0 : 1;
}

await main();
