/** `fabric-network` as its documentation uses it: `submitTransaction`, discovery on, one orderer. */
import { CHAINCODE_NAME, CHANNEL } from '../../../network/channel.js';
import type { BenchAgency } from './bench-agency.js';
import type { WriteClient } from './drive.js';

/** How long its commit is waited for; by its own default five minutes, for an envelope that an orderer may have lost. */
const COMMIT_TIMEOUT_S = 30;

function profileOf({ mspId, home }: BenchAgency) {
  const peer = {
    url: `grpcs://${home.address}`,
    tlsCACerts: { pem: home.tlsRoots },
    grpcOptions: { 'ssl-target-name-override': home.tlsName },
  };
  return {
    name: 'bench',
    version: '1.0.0',
    client: { organization: 'own' },
    organizations: { own: { mspid: mspId, peers: ['home'] } },
    peers: { home: peer },
  };
}

export async function submitTransactionClient(agency: BenchAgency): Promise<WriteClient> {
  // Loaded now and not before: the adapter sets up the SDK's logging when it loads it.
  const { Gateway } = await import('fabric-network');
  const gateway = new Gateway();
  await gateway.connect(profileOf(agency), {
    identity: {
      type: 'X.509',
      mspId: agency.mspId,
      credentials: { certificate: agency.certificate, privateKey: agency.privateKey },
    } as never,
    discovery: { enabled: true, asLocalhost: false },
    eventHandlerOptions: { commitTimeout: COMMIT_TIMEOUT_S },
  });
  const contract = (await gateway.getNetwork(CHANNEL)).getContract(CHAINCODE_NAME);
  return {
    write: async (argument) => {
      await contract.submitTransaction('certificate:IssueCertificate', argument);
    },
    close: async () => gateway.disconnect(),
  };
}
