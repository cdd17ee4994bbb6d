/** A peer's `core.yaml`. Paths are relative to the peer's folder, which it runs in. */
import { LOOPBACK, type Member, peerAddress } from './definition.js';
import { MESSAGE_BYTES, PEER, TIME_WINDOW } from './limits.js';
import type { Settings } from './yaml.js';

const KEEPALIVE = { interval: '60s', timeout: '20s' };
/** what `peer.handlers` needs; without `TimeWindowCheck` a client could date its transaction as it likes */
const FILTERS = ['DefaultAuth', 'ExpirationCheck', 'TimeWindowCheck'] as const;

function peerSection(member: Member): Settings {
  const { listen, ports, province } = member;
  return {
    id: member.peerName,
    networkId: 'delta',
    listenAddress: `${listen}:${ports.peer}`,
    address: peerAddress(member),
    addressAutoDetect: false,
    chaincodeListenAddress: `${LOOPBACK}:${ports.peerChaincode}`,
    chaincodeAddress: `${LOOPBACK}:${ports.peerChaincode}`,
    fileSystemPath: 'ledger',
    mspConfigPath: 'msp',
    localMspId: province.mspId,
    localMspType: 'bccsp',
    BCCSP: { Default: 'SW', SW: { Hash: 'SHA2', Security: 256 } },
    tls: {
      enabled: true,
      // Agencies' APIs prove who they are by signing, not by a TLS certificate.
      clientAuthRequired: false,
      cert: { file: 'tls/certificate.pem' },
      key: { file: 'tls/key.pem' },
      rootcert: { file: 'tls/roots.pem' },
    },
    authentication: { timewindow: TIME_WINDOW },
    handlers: {
      authFilters: FILTERS.map((name) => ({ name })),
      decorators: [{ name: 'DefaultDecorator' }],
      endorsers: { escc: { name: 'DefaultEndorsement' } },
      validators: { vscc: { name: 'DefaultValidation' } },
    },
    // One peer a province, so it is the one that fetches blocks, and it fetches them from the orderers only.
    gossip: {
      bootstrap: peerAddress(member),
      endpoint: peerAddress(member),
      externalEndpoint: peerAddress(member),
      useLeaderElection: false,
      orgLeader: true,
      state: { enabled: false },
      pvtData: { reconciliationEnabled: false, implicitCollectionDisseminationPolicy: { requiredPeerCount: 0, maxPeerCount: 0 } },
    },
    deliveryclient: {
      // `simple` would take blocks from one orderer without noticing that it withholds some.
      policy: 'cluster',
      blockGossipEnabled: false,
      reConnectBackoffThreshold: PEER.reconnectBackoff,
      minimalReconnectInterval: '100ms',
      reconnectTotalTimeThreshold: '3600s',
      blockCensorshipTimeoutKey: PEER.censorship,
      connTimeout: PEER.connect,
    },
    gateway: {
      enabled: true,
      endorsementTimeout: PEER.gatewayEndorse,
      broadcastTimeout: PEER.gatewayBroadcast,
      dialTimeout: PEER.gatewayDial,
    },
    discovery: { enabled: true, authCacheEnabled: true, authCacheMaxSize: 1000, orgMembersAllowedAccess: false },
    limits: {
      concurrency: { endorserService: PEER.endorser, deliverService: PEER.deliver, gatewayService: PEER.gateway },
    },
    maxRecvMsgSize: MESSAGE_BYTES,
    maxSendMsgSize: MESSAGE_BYTES,
    client: { connTimeout: PEER.connect },
    keepalive: { ...KEEPALIVE, minInterval: '10s', client: KEEPALIVE, deliveryClient: KEEPALIVE },
    profile: { enabled: false },
  };
}

export function peerSettings(member: Member): Settings {
  return {
    peer: peerSection(member),
    // No container runtime: chaincode is a process that the peer connects to.
    vm: { endpoint: '' },
    chaincode: {
      mode: 'net',
      externalBuilders: [{ name: 'service', path: 'builder' }],
      installTimeout: '60s',
      startuptimeout: PEER.chaincodeStart,
      executetimeout: PEER.chaincodeExecute,
      system: { _lifecycle: 'enable', cscc: 'enable', lscc: 'enable', qscc: 'enable' },
      logging: { level: 'info', shim: 'warning' },
    },
    ledger: {
      state: { stateDatabase: 'goleveldb', totalQueryLimit: 10_000 },
      // Records carry their own chain; nothing asks for history.
      history: { enableHistoryDatabase: false },
      // The directory of snapshots has to be absolute: it comes as CORE_LEDGER_SNAPSHOTS_ROOTDIR.
      pvtdataStore: { purgeInterval: 100 },
    },
    operations: { listenAddress: `${LOOPBACK}:${member.ports.peerOperations}`, tls: { enabled: false } },
    metrics: { provider: 'prometheus' },
  };
}
