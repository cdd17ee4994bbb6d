/**
 * This build's settings for the nodes of a network that another build made. Only files that a process reads when it
 * starts: what block 0 or an update brought into the channel, keys and ledgers stay as they are.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { ServiceSettings } from '../chaincode-service/settings.js';
import type { Member } from '../definition/definition.js';
import { networkPaths, provincePaths } from '../definition/network-folder.js';
import { type NodeFile, nodeFiles, writeNodeFile } from '../definition/node-files.js';
import { systemdUnits } from '../definition/systemd-units.js';
import { NetworkFault } from './fault.js';
import { withLock } from './lock-network.js';
import { definitionOf, operatedBy, readRecord, writeRecord } from './network-record.js';
import { SERVICE_SETTINGS } from './nodes.js';
import { running } from './process-record.js';

export interface Rewritten {
  /** from the network's folder */
  readonly files: readonly string[];
  /** the nodes that have to be started again to read them, in the order in which to do so, and how */
  readonly restarts: readonly string[];
  /** what else there is to do first */
  readonly before: readonly string[];
}

const UNITS = 'systemd';

/** The package that the province's service runs: another one comes by `upgrade` alone. */
function packageOf(root: string, { province }: Member): string {
  const file = join(provincePaths(root, province.slug).chaincode, SERVICE_SETTINGS);
  return (JSON.parse(readFileSync(file, 'utf8')) as ServiceSettings).packageId;
}

/** Beside the folder of a province alone, the units by which its host starts the processes. */
function unitFiles(root: string, member: Member): readonly NodeFile[] {
  return Object.entries(systemdUnits(member)).map(([name, text]) => {
    const node = name.replace(/^delta-|\.service$/g, '') as NodeFile['node'];
    return { node, path: join(root, UNITS, name), text, mode: 0o644 };
  });
}

function isWritten({ path, text }: NodeFile): boolean {
  return existsSync(path) && readFileSync(path, 'utf8') === text;
}

/** @param alone whether the folder is one province's, whose processes systemd starts unless `up` did */
function restartOf(root: string, member: Member, node: NodeFile['node'], alone: boolean): string {
  const name = `${member.province.slug}-${node}`;
  const process = running(networkPaths(root).pids, name);
  if (process) return `${name}: kill ${process.pid}, then npm run network -- up`;
  return `${name}: ${alone ? `systemctl restart delta-${node}` : 'does not run; npm run network -- up starts it'}`;
}

/** What a restart alone does not bring: the system's copies of the units, and what a peer keeps of its builder. */
function beforeRestart(root: string, files: readonly string[]): string[] {
  const units = files.filter((file) => file.startsWith(`${UNITS}/`));
  const connections = files.filter((file) => file.endsWith('/connection.json'));
  return [
    ...(units.length > 0 ? [`cp ${root}/${UNITS}/*.service /etc/systemd/system/ && systemctl daemon-reload`] : []),
    ...connections.map(
      (file) => `rm -r ${root}/${file.replace(/connection\.json$/, 'ledger/externalbuilder')}, while that peer is stopped`,
    ),
  ];
}

/**
 * Writes what differs, and then into the folder's record that it has this build's settings. Broken off, it is given again.
 * @param told each file, before it is written
 * @throws NetworkFault when the folder is no network's, or of other members
 */
export function writeSettings(root: string, told: (file: string) => void): Promise<Rewritten> {
  const record = readRecord(root);
  if (!record) throw new NetworkFault(`there is no network in ${root}: npm run network -- up makes one`);
  return withLock(root, async () => {
    const alone = record.home !== undefined;
    const operated = operatedBy(record, definitionOf(root, record, undefined));
    const owned = operated.flatMap((member) => {
      const units = alone ? unitFiles(root, member) : [];
      const all = [...nodeFiles(root, member, packageOf(root, member)), ...units];
      return all.filter((file) => !isWritten(file)).map((file) => ({ member, file }));
    });
    const files = owned.map(({ file }) => relative(root, file.path));
    for (const [index, { file }] of owned.entries()) {
      told(files[index] as string);
      writeNodeFile(file);
    }
    writeRecord(root, record.definition, true, record.home);
    const restarts = new Set(owned.map(({ member, file }) => restartOf(root, member, file.node, alone)));
    return { files, restarts: [...restarts], before: beforeRestart(root, files) };
  });
}
