/** The part of a province's README about its API and the process that signs for it: their units, for its operator to put in place. */
import type { Member } from './definition.js';
import { INSTALLED } from './systemd-units.js';

/** the API's `DATA_DIR` on its host */
const API_FOLDER = '/srv/delta-api';
const SOCKET = '/run/delta/signer.sock';
const { folder, software, user } = INSTALLED;
const NODE = `${software}/node_modules/.bin/node ${software}/dist/scripts`;

function signerUnit({ province: { name, code, slug } }: Member): string {
  return `[Unit]
Description=signer of ${name.en}

[Service]
User=${user}
WorkingDirectory=${folder}
RuntimeDirectory=delta
RuntimeDirectoryMode=0700
ExecStart=${NODE}/signer.js --socket ${SOCKET} --wallet ${folder}/wallet --authority ${code}=${folder}/provinces/${slug}/ca
Restart=always
RestartSec=2
UMask=0077

[Install]
WantedBy=multi-user.target`;
}

function apiUnit({ province: { name, code, slug } }: Member): string {
  const environment = {
    HOST: '0.0.0.0',
    PORT: '8443',
    TLS_CERT: `${API_FOLDER}/tls/chain.pem`,
    TLS_KEY: `${API_FOLDER}/tls/key.pem`,
    DATA_DIR: API_FOLDER,
    LEDGER: 'fabric',
    FABRIC_PROFILE: `${folder}/profiles/${slug}.json`,
    PROVINCE: code,
    SIGNER_SOCKET: SOCKET,
  };
  return `[Unit]
Description=API of ${name.en}
After=network-online.target delta-peer.service delta-signer.service
Wants=network-online.target delta-signer.service

[Service]
User=${user}
WorkingDirectory=${API_FOLDER}
${Object.entries(environment)
  .map(([setting, value]) => `Environment=${setting}=${value}`)
  .join('\n')}
ExecStart=${NODE}/start.js
Restart=always
RestartSec=2
UMask=0077
InaccessiblePaths=${folder}/wallet ${folder}/provinces/${slug}/ca

[Install]
WantedBy=multi-user.target`;
}

export function apiSteps(home: Member): string {
  const { slug } = home.province;
  return `## The API of this province

Two more processes: the signing process has the agencies' keys and \`ca\`, with which it certifies them; the API has neither.

1. In \`${folder}/profiles/${slug}.json\` set \`"authorities": {}\`: an API whose profile names an authority that it cannot read does not start.
2. \`install -d -o ${user} -m 700 ${API_FOLDER}\`, with the certificate chain and key of its HTTPS name in \`${API_FOLDER}/tls\`, readable by \`${user}\`.
3. Write the two units below, then \`systemctl daemon-reload && systemctl enable --now delta-signer delta-api\`. All other settings are in the README of the software.

\`/etc/systemd/system/delta-signer.service\`:

\`\`\`ini
${signerUnit(home)}
\`\`\`

\`/etc/systemd/system/delta-api.service\`:

\`\`\`ini
${apiUnit(home)}
\`\`\`
`;
}
