import { Context, Contract, Info, Param, Returns, Transaction } from 'fabric-contract-api';
import { execute } from '../runtime/execute.js';
import { foundRegistrar } from '../transactions/registry/found-registrar.js';
import { registerAgency } from '../transactions/registry/register-agency.js';

@Info({ title: 'registry', description: 'Agencies, instruments, service centres and officers' })
export class RegistryContract extends Contract {
  constructor() {
    super('registry');
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async FoundRegistrar(ctx: Context, argument: string): Promise<string> {
    return foundRegistrar(ctx, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async RegisterAgency(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, registerAgency, argument);
  }
}
