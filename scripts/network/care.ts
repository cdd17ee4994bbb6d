/** The commands that look after a running network: revoke, rotate, replace, rebuild, upgrade, rehearse. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { NetworkFault } from '../../network/operation/fault.js';
import { withLock } from '../../network/operation/lock-network.js';
import { openNetwork, operatedMember } from '../../network/operation/open-network.js';
import { takeSnapshot } from '../../network/operation/peer-snapshot.js';
import { type Beginning, rebuildPeer } from '../../network/operation/rebuild-peer.js';
import { RUNBOOKS, type Runbook, rehearse } from '../../network/operation/rehearsal/rehearse.js';
import { replaceOrderer } from '../../network/operation/replace-orderer.js';
import { revokeAgency, revokeCertificates } from '../../network/operation/revoke.js';
import { ROTATIONS, type Rotation, rotate } from '../../network/operation/rotate.js';
import { temporaryNetwork } from '../../network/operation/temporary-network.js';
import { finishUpgrade, upgradeProvince } from '../../network/operation/upgrade-chaincode.js';
import { fileOf, tellWritten, UPDATE, type Update, updateCommands } from './updates.js';

type Network = ReturnType<typeof openNetwork>;
type Make = (name: string, description: string) => Command;
interface Folder {
  readonly folder: string;
}

async function inNetwork(folder: string, work: (network: Network) => Promise<unknown>): Promise<void> {
  const network = openNetwork(resolve(folder));
  await withLock(network.root, () => work(network));
}

function oneOf<T extends string>(known: readonly T[], text: string): T {
  const found = known.find((name) => name === text);
  if (found === undefined) throw new NetworkFault(`${text} is not known here: give one of ${known.join(', ')}`);
  return found;
}

function block(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('give the number of a block, above 0.');
}

interface RebuildOptions {
  readonly snapshotOf?: string;
  readonly snapshot?: string;
  readonly hash?: string;
}

function beginningOf(network: Network, { snapshotOf, snapshot, hash }: RebuildOptions): Beginning | undefined {
  if (snapshotOf !== undefined && (snapshot !== undefined || hash !== undefined))
    throw new NetworkFault('a peer begins from one snapshot: give --snapshot-of, or --snapshot with --hash');
  if (snapshotOf !== undefined) return { snapshotOf: operatedMember(network, snapshotOf) };
  if (snapshot === undefined && hash === undefined) return undefined;
  if (snapshot !== undefined && hash !== undefined) return { snapshot, hash };
  throw new NetworkFault(
    '--snapshot and --hash go together: give the folder, and the hash that two other provinces have of that block (npm run network -- snapshot)',
  );
}

/** On a network of its own, which is removed afterwards. */
async function rehearseAlone(names: readonly string[], basePort: number): Promise<boolean> {
  const all = Object.keys(RUNBOOKS) as Runbook[];
  const wanted = names.length > 0 ? names.map((name) => oneOf(all, name)) : all;
  const network = await temporaryNetwork('rehearsal-', basePort, () => undefined);
  try {
    const seen = await rehearse(openNetwork(network.root), wanted, (one) => console.log(JSON.stringify(one)));
    return seen.every(({ held }) => held);
  } finally {
    await network.remove();
  }
}

/** @param make makes a command that knows `--folder` */
export function careCommands(make: Make): void {
  make('revoke', 'puts an agency’s certificates on its province’s list of revoked ones, in the channel')
    .argument('<agencyId>')
    .option('--certificate <file>', 'when the wallet does not have it')
    .option('--province <name>', 'whose certificate it is')
    .action(async (agencyId: string, { folder, certificate, province }: Folder & { certificate?: string; province?: string }) =>
      inNetwork(folder, (network) =>
        certificate === undefined
          ? revokeAgency(network, agencyId)
          : revokeCertificates(network, operatedMember(network, province ?? ''), [readFileSync(certificate, 'utf8')]),
      ),
    );
  make('rotate', `renews a node’s certificate or key: ${ROTATIONS.join(', ')}`)
    .argument('<province>')
    .argument('<what>')
    .option(...UPDATE)
    .action((province: string, what: string, { folder, update }: Folder & Update) =>
      inNetwork(folder, async (network) => {
        const rotation = oneOf<Rotation>(ROTATIONS, what);
        tellWritten(update, await rotate(network, operatedMember(network, province), rotation, fileOf(update)));
      }),
    );
  updateCommands(make);
  make('replace-orderer', 'puts an empty orderer with new keys in the place of a province’s lost one')
    .argument('<province>')
    .option(...UPDATE)
    .action((province: string, { folder, update }: Folder & Update) =>
      inNetwork(folder, async (network) =>
        tellWritten(update, await replaceOrderer(network, operatedMember(network, province), fileOf(update))),
      ),
    );
  make('snapshot', 'has a province’s peer write a snapshot; prints its folder, its last block and its hash')
    .argument('<province>')
    .option('--block <number>', 'its last block, the newest or one still to come; the newest without', block)
    .action((province: string, { folder, block }: Folder & { block?: number }) =>
      inNetwork(folder, async (network) => {
        const taken = await takeSnapshot(network, operatedMember(network, province), block);
        console.log(`${taken.folder}\nlast block ${taken.lastBlock}\nhash ${taken.hash}`);
      }),
    );
  make('rebuild-peer', 'empties a province’s peer and fills it again, from block 0 or from a snapshot')
    .argument('<province>')
    .option('--snapshot-of <province>', 'from one of that province’s peer, taken now: its keys have to be here too')
    .option('--snapshot <folder>', 'from one that was brought here; nothing is removed unless it has this --hash')
    .option('--hash <hash>', 'what two other provinces have of that block')
    .action((province: string, { folder, ...options }: Folder & RebuildOptions) =>
      inNetwork(folder, (network) => rebuildPeer(network, operatedMember(network, province), beginningOf(network, options))),
    );
  make('upgrade', 'brings this build’s chaincode to one province, or with --finish to the channel’s definition')
    .argument('[province]')
    .option('--finish', 'when the provinces run it')
    .action((province: string | undefined, { folder, finish }: Folder & { finish?: boolean }) =>
      inNetwork(folder, async (network) => {
        if (!finish) return upgradeProvince(network, operatedMember(network, province ?? ''));
        const missing = await finishUpgrade(network);
        console.log(
          missing.length === 0
            ? 'the channel’s definition has this build’s version'
            : `approved from here; not yet by ${missing.join(', ')}: give upgrade --finish there too, the third to approve commits`,
        );
      }),
    );
  make('rehearse', `plays runbooks on a network of its own, and removes it: ${Object.keys(RUNBOOKS).join(', ')}`)
    .argument('[runbook...]')
    .option('--ports <base>', 'its first port', Number, 17_650)
    .action(async (names: string[], { ports }: { ports: number }) => {
      if (!(await rehearseAlone(names, ports))) process.exitCode = 1;
    });
}
