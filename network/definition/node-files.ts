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

function connectionFile(root: string, { province }: Member): string {
  return join(provincePaths(root, province.slug).peer, 'connection.json');
}

/** Where the service is, for the peer's builder; a peer that runs has to build again to take it. */
export function writeConnection(root: string, member: Member): void {
  writeWhole(connectionFile(root, member), json(connection(root, member)), 0o600);
}

export interface NodeFile {
  /** whose settings it is; a process reads them when it starts */
  readonly node: 'orderer' | 'peer' | 'chaincode' | 'watch';
  readonly path: string;
  readonly text: string;
  readonly mode: number;
}

/** All that the definition says of a province's processes. @param packageId of the chaincode this province's service runs */
export function nodeFiles(root: string, member: Member, packageId: string): readonly NodeFile[] {
  const { peer, orderer, chaincode } = provincePaths(root, member.province.slug);
  const service: ServiceSettings = {
    address: `${LOOPBACK}:${member.ports.chaincode}`,
    packageId,
    key: 'tls/key.pem',
    certificate: 'tls/certificate.pem',
    clients: 'tls/clients.pem',
  };
  const scripts = Object.entries(BUILDER_SCRIPTS).map(
    ([name, text]): NodeFile => ({ node: 'peer', path: join(peer, 'builder/bin', name), text, mode: 0o755 }),
  );
  return [
    { node: 'orderer', path: join(orderer, 'orderer.yaml'), text: toYaml(ordererSettings(member), ORIGIN), mode: 0o644 },
    { node: 'peer', path: join(peer, 'core.yaml'), text: toYaml(peerSettings(member), ORIGIN), mode: 0o644 },
    { node: 'peer', path: connectionFile(root, member), text: json(connection(root, member)), mode: 0o600 },
    ...scripts,
    { node: 'chaincode', path: join(chaincode, 'service.json'), text: json(service), mode: 0o644 },
  ];
}

export function writeNodeFile({ path, text, mode }: NodeFile): void {
  writeWhole(path, text, mode);
  // The caller's umask may have taken from it what others need to run it.
  chmodSync(path, mode);
}

/** @param packageId of the chaincode this province's service runs */
export function writeNodeFiles(root: string, member: Member, packageId: string): void {
  for (const file of nodeFiles(root, member, packageId)) writeNodeFile(file);
}
