import { Context, Contract, Info, Param, Returns, Transaction } from 'fabric-contract-api';
import { execute } from '../runtime/execute.js';
import { acceptOfficer } from '../transactions/registry/accept-officer.js';
import { acceptPartner } from '../transactions/registry/accept-partner.js';
import { approveFeature } from '../transactions/registry/approve-feature.js';
import { deactivateAgency } from '../transactions/registry/deactivate-agency.js';
import { deactivateOfficer } from '../transactions/registry/deactivate-officer.js';
import { foundRegistrar } from '../transactions/registry/found-registrar.js';
import { proposePartner } from '../transactions/registry/propose-partner.js';
import { reactivateAgency } from '../transactions/registry/reactivate-agency.js';
import { registerAgency } from '../transactions/registry/register-agency.js';
import { registerCentre } from '../transactions/registry/register-centre.js';
import { registerInstrument } from '../transactions/registry/register-instrument.js';
import { registerOfficer } from '../transactions/registry/register-officer.js';
import { replaceAgencyKey } from '../transactions/registry/replace-agency-key.js';
import { setAgencyRoles } from '../transactions/registry/set-agency-roles.js';
import { withdrawPartner } from '../transactions/registry/withdraw-partner.js';

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

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async SetAgencyRoles(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, setAgencyRoles, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async DeactivateAgency(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, deactivateAgency, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async ReactivateAgency(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, reactivateAgency, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async ReplaceAgencyKey(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, replaceAgencyKey, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async RegisterInstrument(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, registerInstrument, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async RegisterCentre(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, registerCentre, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async ProposePartner(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, proposePartner, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async AcceptPartner(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, acceptPartner, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async WithdrawPartner(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, withdrawPartner, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async RegisterOfficer(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, registerOfficer, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async AcceptOfficer(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, acceptOfficer, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async DeactivateOfficer(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, deactivateOfficer, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async ApproveFeature(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, approveFeature, argument);
  }
}
