/** An orderer's `orderer.yaml`. Paths are relative to the orderer's folder, which it runs in. */
import { LOOPBACK, type Member } from './definition.js';
import { MESSAGE_BYTES, TIME_WINDOW } from './limits.js';
import type { Settings } from './yaml.js';

const CERTIFICATE = 'tls/certificate.pem';
const KEY = 'tls/key.pem';
const ROOTS = ['tls/roots.pem'];

export function ordererSettings({ listen, ports, province }: Member): Settings {
  return {
    General: {
      ListenAddress: listen,
      ListenPort: ports.orderer,
      TLS: { Enabled: true, PrivateKey: KEY, Certificate: CERTIFICATE, RootCAs: ROOTS, ClientAuthRequired: false },
      Keepalive: { ServerMinInterval: '10s', ServerInterval: '60s', ServerTimeout: '20s' },
      MaxRecvMsgSize: MESSAGE_BYTES,
      MaxSendMsgSize: MESSAGE_BYTES,
      // Orderers know one another by the very certificates that stand in the channel's configuration.
      Cluster: { SendBufferSize: 100, ClientCertificate: CERTIFICATE, ClientPrivateKey: KEY, ReplicationPolicy: 'consensus' },
      BootstrapMethod: 'none',
      LocalMSPDir: 'msp',
      LocalMSPID: province.mspId,
      BCCSP: { Default: 'SW', SW: { Hash: 'SHA2', Security: 256 } },
      Authentication: { TimeWindow: TIME_WINDOW },
      Profile: { Enabled: false },
    },
    FileLedger: { Location: 'ledger' },
    Consensus: { WALDir: 'consensus/wal', SnapDir: 'consensus/snapshots' },
    Operations: { ListenAddress: `${LOOPBACK}:${ports.ordererOperations}`, TLS: { Enabled: false } },
    Metrics: { Provider: 'prometheus' },
    // `osnadmin`, from this host only, and only with a certificate of the province's own TLS authority.
    Admin: {
      ListenAddress: `${LOOPBACK}:${ports.ordererAdmin}`,
      TLS: {
        Enabled: true,
        Certificate: CERTIFICATE,
        PrivateKey: KEY,
        RootCAs: ROOTS,
        ClientAuthRequired: true,
        ClientRootCAs: ROOTS,
      },
    },
    ChannelParticipation: { Enabled: true, MaxRequestBodySize: 4 * 1024 * 1024 },
  };
}
