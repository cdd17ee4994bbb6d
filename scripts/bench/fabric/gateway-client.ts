/** The newer client, as its documentation uses it: the baseline. */
import { createPrivateKey } from 'node:crypto';
import { credentials, Client as GrpcClient } from '@grpc/grpc-js';
import { connect, hash, signers } from '@hyperledger/fabric-gateway';
import { CHAINCODE_NAME, CHANNEL } from '../../../network/channel.js';
import type { BenchAgency } from './bench-agency.js';
import type { WriteClient } from './drive.js';

export function gatewayClient({ mspId, certificate, privateKey, home }: BenchAgency): WriteClient {
  const { address, tlsName, tlsRoots } = home;
  const client = new GrpcClient(address, credentials.createSsl(Buffer.from(tlsRoots)), {
    'grpc.ssl_target_name_override': tlsName,
  });
  const gateway = connect({
    client,
    identity: { mspId, credentials: Buffer.from(certificate) },
    signer: signers.newPrivateKeySigner(createPrivateKey(privateKey)),
    hash: hash.sha256,
  });
  const contract = gateway.getNetwork(CHANNEL).getContract(CHAINCODE_NAME);
  return {
    write: async (argument) => {
      await contract.submitTransaction('certificate:IssueCertificate', argument);
    },
    close: async () => {
      gateway.close();
      client.close();
    },
  };
}
