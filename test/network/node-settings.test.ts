import { describe, expect, it } from 'vitest';
import { defineNetwork, type Member } from '../../network/definition/definition.js';
import { ordererSettings } from '../../network/definition/orderer-settings.js';
import { peerSettings } from '../../network/definition/peer-settings.js';
import { systemdUnits } from '../../network/definition/systemd-units.js';

const [local] = defineNetwork({ basePort: 17_000 }).members as readonly [Member];
const [hosted] = defineNetwork({ basePort: 17_000, hosts: ['sh.example', 'js.example', 'zj.example', 'ah.example'] })
  .members as readonly [Member];

describe('a peer', () => {
  const settings = peerSettings(local) as Record<string, Record<string, unknown>>;

  it('refuses what is dated five minutes off, and keeps the filter that does it', () => {
    expect(settings.peer).toMatchObject({ authentication: { timewindow: '5m' } });
    expect(settings.peer).toMatchObject({
      handlers: { authFilters: [{ name: 'DefaultAuth' }, { name: 'ExpirationCheck' }, { name: 'TimeWindowCheck' }] },
    });
  });

  it('fetches blocks itself, from several orderers, and comes back within seconds', () => {
    expect(settings.peer).toMatchObject({
      gossip: { orgLeader: true, useLeaderElection: false, state: { enabled: false } },
      deliveryclient: { policy: 'cluster', reConnectBackoffThreshold: '8s', blockCensorshipTimeoutKey: '20s' },
    });
  });

  it('states its limits', () => {
    expect(settings.peer).toMatchObject({
      limits: { concurrency: { endorserService: 500, deliverService: 250, gatewayService: 500 } },
      maxRecvMsgSize: 33_554_432,
      maxSendMsgSize: 33_554_432,
    });
    expect(settings.chaincode).toMatchObject({ executetimeout: '30s', startuptimeout: '10s' });
  });

  it('speaks TLS, and runs no container', () => {
    expect(settings.peer).toMatchObject({ tls: { enabled: true } });
    expect(settings.vm).toEqual({ endpoint: '' });
    expect(settings.chaincode).toMatchObject({ externalBuilders: [{ name: 'service', path: 'builder' }] });
  });

  it('shows its operations and its chaincode port to its own host only, wherever it listens', () => {
    const elsewhere = peerSettings(hosted) as Record<string, Record<string, unknown>>;
    expect(elsewhere.peer).toMatchObject({
      listenAddress: '0.0.0.0:17003',
      address: 'sh.example:17003',
      chaincodeListenAddress: '127.0.0.1:17004',
    });
    expect(elsewhere.operations).toMatchObject({ listenAddress: '127.0.0.1:17005' });
  });
});

describe('an orderer', () => {
  const settings = ordererSettings(hosted) as Record<string, Record<string, unknown>>;

  it('speaks TLS to all, and takes administration from its own host with a certificate only', () => {
    expect(settings.General).toMatchObject({
      TLS: { Enabled: true },
      Authentication: { TimeWindow: '5m' },
      BootstrapMethod: 'none',
    });
    expect(settings.Admin).toMatchObject({ ListenAddress: '127.0.0.1:17001', TLS: { Enabled: true, ClientAuthRequired: true } });
    expect(settings.Operations).toMatchObject({ ListenAddress: '127.0.0.1:17002' });
  });

  it('takes blocks from others by what the consensus agreed on', () => {
    expect(settings.General).toMatchObject({ Cluster: { ReplicationPolicy: 'consensus' } });
  });
});

describe('the systemd units of a province', () => {
  const units = systemdUnits(hosted);

  it('are its nodes and the watch over its orderer, each restarted when it ends and confined to its folder', () => {
    const confinedTo = Object.entries(units).map(([name, text]) => {
      expect(text).toContain('Restart=always');
      expect(text).toContain('NoNewPrivileges=yes');
      return [name, /^ReadWritePaths=(.*)$/m.exec(text)?.[1]];
    });
    expect(Object.fromEntries(confinedTo)).toEqual({
      'delta-orderer.service': '/srv/delta/provinces/shanghai/orderer',
      'delta-chaincode.service': '/srv/delta/provinces/shanghai/chaincode',
      'delta-peer.service': '/srv/delta/provinces/shanghai/peer',
      'delta-watch.service': '/srv/delta',
    });
  });

  it('run in the folder that the settings’ paths are relative to', () => {
    expect(units['delta-peer.service']).toContain('WorkingDirectory=/srv/delta/provinces/shanghai/peer\n');
    expect(units['delta-peer.service']).toContain('Environment=FABRIC_CFG_PATH=/srv/delta/provinces/shanghai/peer\n');
    expect(units['delta-peer.service']).toContain('ExecStart=/opt/fabric/bin/peer node start\n');
  });
});
