/** What a province's processes read besides keys: settings, the external builder, where the chaincode service is. */
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceSettings } from '../chaincode-service/settings.js';
import { writeWhole } from '../identity/files.js';
import { LOOPBACK, type Member } from './definition.js';
import { BUILDER_SCRIPTS } from './external-builder.js';
import { CERTIFICATE_FILE, KEY_FILE } from './identities.js';
import { PEER } from './limits.js';
import { provincePaths } from './network-folder.js';
import { ordererSettings } from './orderer-settings.js';
import { peerSettings } from './peer-settings.js';
import { toYaml } from './yaml.js';

const ORIGIN = 'written from network/definition: change it there, not here';
const json = (value: object) => `${JSON.stringify(value, null, 2)}\n`;

/** What the peer's builder hands to the peer: where the service is, and with which key to speak to it. */
function connection(root: string, member: Member): object {
  const paths = provincePaths(root, member.province.slug);
  const read = (...names: readonly string[]) => readFileSync(join(...names), 'utf8');
  return {
    address: `${LOOPBACK}:${member.ports.chaincode}`,
    dial_timeout: PEER.chaincodeDial,
    tls_required: true,
    client_auth_required: true,
    client_key: read(paths.peer, 'chaincode-client', KEY_FILE),
    client_cert: read(paths.peer, 'chaincode-client', CERTIFICATE_FILE),
    root_cert: read(paths.chaincode, 'tls/roots.pem'),
  };
}

/** Where the service is, for the peer's builder; a peer that runs has to build again to take it. */
export function writeConnection(root: string, member: Member): void {
  const { peer } = provincePaths(root, member.province.slug);
  writeWhole(join(peer, 'connection.json'), json(connection(root, member)), 0o600);
}

/** @param packageId of the chaincode this province's service runs */
export function writeNodeFiles(root: string, member: Member, packageId: string): void {
  const paths = provincePaths(root, member.province.slug);
  writeWhole(join(paths.peer, 'core.yaml'), toYaml(peerSettings(member), ORIGIN), 0o644);
  writeWhole(join(paths.orderer, 'orderer.yaml'), toYaml(ordererSettings(member), ORIGIN), 0o644);
  writeConnection(root, member);
  for (const [name, script] of Object.entries(BUILDER_SCRIPTS)) {
    const file = join(paths.peer, 'builder/bin', name);
    writeWhole(file, script, 0o755);
    chmodSync(file, 0o755);
  }
  const service: ServiceSettings = {
    address: `${LOOPBACK}:${member.ports.chaincode}`,
    packageId,
    key: 'tls/key.pem',
    certificate: 'tls/certificate.pem',
    clients: 'tls/clients.pem',
  };
  writeWhole(join(paths.chaincode, 'service.json'), json(service), 0o644);
}
