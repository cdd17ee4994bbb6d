/** A province's three processes and the watch over its orderer as systemd units, for a host where its folder is at `/srv/delta`. */
import type { Member } from './definition.js';
import { LOGGED } from './limits.js';
import { provincePaths } from './network-folder.js';

/** where the province's folder, this software and Fabric's programs are on its host */
export const INSTALLED = { folder: '/srv/delta', software: '/opt/delta', fabric: '/opt/fabric/bin', user: 'delta' } as const;

interface Unit {
  readonly description: string;
  readonly folder: string;
  readonly command: string;
  readonly environment: readonly string[];
  readonly after: string;
}

function unitText({ description, folder, command, environment, after }: Unit): string {
  return `# written by network/definition/systemd-units.ts
[Unit]
Description=${description}
After=network-online.target ${after}
Wants=network-online.target

[Service]
User=${INSTALLED.user}
WorkingDirectory=${folder}
${environment.map((variable) => `Environment=${variable}\n`).join('')}ExecStart=${command}
Restart=always
RestartSec=2
TimeoutStopSec=30
LimitNOFILE=65536
UMask=0077
NoNewPrivileges=yes
PrivateTmp=yes
ProtectHome=yes
ProtectSystem=strict
ReadWritePaths=${folder}

[Install]
WantedBy=multi-user.target
`;
}

/** File name → unit. */
export function systemdUnits({ province }: Member): Readonly<Record<string, string>> {
  const paths = provincePaths(INSTALLED.folder, province.slug);
  const fabric = (folder: string, logged: string) => [`FABRIC_CFG_PATH=${folder}`, `FABRIC_LOGGING_SPEC=${logged}`];
  const name = province.name.en;
  return {
    'delta-orderer.service': unitText({
      description: `orderer of ${name}`,
      folder: paths.orderer,
      command: `${INSTALLED.fabric}/orderer start`,
      environment: fabric(paths.orderer, LOGGED.orderer),
      after: '',
    }),
    'delta-chaincode.service': unitText({
      description: `chaincode service of ${name}`,
      folder: paths.chaincode,
      command: `${INSTALLED.software}/node_modules/.bin/node ${INSTALLED.software}/dist/network/chaincode-service/main.js service.json`,
      environment: [],
      after: '',
    }),
    'delta-peer.service': unitText({
      description: `peer of ${name}`,
      folder: paths.peer,
      command: `${INSTALLED.fabric}/peer node start`,
      environment: [...fabric(paths.peer, LOGGED.peer), `CORE_LEDGER_SNAPSHOTS_ROOTDIR=${paths.peer}/snapshots`],
      after: 'delta-chaincode.service',
    }),
    // No privilege: it ends the orderer, which is the same user's, and systemd starts that again.
    'delta-watch.service': unitText({
      description: `watch over the orderer of ${name}`,
      folder: INSTALLED.folder,
      command: `${INSTALLED.software}/node_modules/.bin/node ${INSTALLED.software}/dist/scripts/network.js watch --folder ${INSTALLED.folder}`,
      environment: [`FABRIC_BIN=${INSTALLED.fabric}`],
      after: 'delta-orderer.service',
    }),
  };
}
