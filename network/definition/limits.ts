/** Every timeout and limit of the network, with its reason, in one place. Durations are as Go writes them. */
import { TIME_WINDOW_MS } from '../channel.js';

const MEBIBYTE = 1024 * 1024;

/** A proposal or an envelope whose declared time is further from the node's clock is refused. */
export const TIME_WINDOW = `${TIME_WINDOW_MS / 60_000}m`;

/**
 * SmartBFT. Fabric's own times (heartbeat 60 s, complaint 20 s) keep writers waiting up to 80 s after a
 * leader's death. The relations forward ≤ complaint ≤ removal and resend ≤ view change are SmartBFT's own.
 */
export const CONSENSUS = {
  RequestBatchMaxInterval: '10ms',
  /** our clients send to every orderer; sooner, three of them would send a busy leader again what it has */
  RequestForwardTimeout: '3s',
  RequestComplainTimeout: '4s',
  RequestAutoRemoveTimeout: '3m',
  ViewChangeResendInterval: '1s',
  /**
   * A new leader counts nobody who lacks the last block. Where that leaves too few, this time passes, then twice it, until
   * the one who lacks it leads: it takes the block from the others. At 6 s writers were seen to wait 22 s, at 2 s 11 s.
   */
  ViewChangeTimeout: '2s',
  LeaderHeartbeatTimeout: '5s',
  LeaderHeartbeatCount: 10,
  CollectTimeout: '1s',
  IncomingMessageBufferSize: 200,
  /** Fabric's 400 turn away bursts that the network can take within seconds */
  RequestPoolSize: 2000,
  SyncOnStart: false,
  /** waits for a quorum before it joins a view change; the faster way is documented as less safe */
  SpeedUpViewChange: false,
} as const;

export const BLOCK = {
  MaxMessageCount: 500,
  AbsoluteMaxBytes: 10 * MEBIBYTE,
  PreferredMaxBytes: 2 * MEBIBYTE,
} as const;

/** A message is at most a block of the largest size and what surrounds it. */
export const MESSAGE_BYTES = 32 * MEBIBYTE;

export const PEER = {
  /** Fabric's default backs off up to an hour: a peer that was cut off for long would stay behind for as long */
  reconnectBackoff: '8s',
  /** an orderer that shows headers and withholds blocks is left after this */
  censorship: '20s',
  connect: '3s',
  gatewayEndorse: '15s',
  gatewayBroadcast: '15s',
  gatewayDial: '10s',
  chaincodeExecute: '30s',
  chaincodeStart: '10s',
  chaincodeDial: '5s',
  /** calls at once; what comes beyond is refused at once */
  endorser: 500,
  deliver: 250,
  gateway: 500,
} as const;

/**
 * How long a command of `peer` waits until the peers have what it sent. Fabric's own 30 s are less than a peer takes that
 * has to leave a silent orderer first: `censorship`, then the back-off, then what it missed.
 */
export const COMMAND_WAITS_FOR_PEERS = '1m';

/** Days that a certificate of a node or an administrator is valid; rotate before. */
export const NODE_DAYS = 730;
export const ADMINISTRATOR_DAYS = 365;

/**
 * FABRIC_LOGGING_SPEC of the nodes. Left at `info`, the loggers that are named here write up to twenty lines a block or a
 * call, four fifths of all that is logged; what goes wrong they tell as warnings.
 */
export const LOGGED = {
  orderer:
    'info:orderer.consensus.smartbft.consensus=warning:orderer.consensus.smartbft.chain=warning:grpc=warning:comm.grpc.server=warning',
  peer: 'info:gossip=warning:grpc=warning:comm.grpc.server=warning',
} as const;
