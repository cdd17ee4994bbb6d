/** The commands that look after a running network: revoke, rotate, replace, rebuild, upgrade, rehearse. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { NetworkFault } from '../../network/operation/fault.js';
import { withLock } from '../../network/operation/lock-network.js';
import { openNetwork, operatedMember } from '../../network/operation/open-network.js';
import { rebuildPeer } from '../../network/operation/rebuild-peer.js';
import { RUNBOOKS, type Runbook, rehearse } from '../../network/operation/rehearsal/rehearse.js';
import { replaceOrderer } from '../../network/operation/replace-orderer.js';
import { revokeAgency, revokeCertificates } from '../../network/operation/revoke.js';
import { ROTATIONS, type Rotation, rotate } from '../../network/operation/rotate.js';
import { temporaryNetwork } from '../../network/operation/temporary-network.js';
import { finishUpgrade, upgradeProvince } from '../../network/operation/upgrade-chaincode.js';
import { fileOf, tellWritten, UPDATE, type Update, updateCommands } from './updates.js';

type Make = (name: string, description: string) => Command;
interface Folder {
  readonly folder: string;
}

async function inNetwork(folder: string, work: (network: ReturnType<typeof openNetwork>) => Promise<unknown>): Promise<void> {
  const network = openNetwork(resolve(folder));
  await withLock(network.root, () => work(network));
}

function oneOf<T extends string>(known: readonly T[], text: string): T {
  const found = known.find((name) => name === text);
  if (found === undefined) throw new NetworkFault(`${text} is not known here: give one of ${known.join(', ')}`);
  return found;
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
  make('rebuild-peer', 'empties a province’s peer and fills it again, from block 0 or from another’s snapshot')
    .argument('<province>')
    .option('--snapshot-of <province>')
    .action((province: string, { folder, snapshotOf }: Folder & { snapshotOf?: string }) =>
      inNetwork(folder, (network) =>
        rebuildPeer(
          network,
          operatedMember(network, province),
          snapshotOf === undefined ? undefined : operatedMember(network, snapshotOf),
        ),
      ),
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
