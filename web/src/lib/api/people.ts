/** Shapes of the REST API for people, roles, settings and downloads, by the names of the document. */
import type { components } from './schema';

type Schemas = components['schemas'];
export type User = Schemas['User'];
export type UserDraft = Schemas['UserDraft'];
export type UserImport = Schemas['UserImport'];

export type Role = Schemas['Role'];
export type Administrator = Schemas['Administrator'];
export type AdministratorSession = Schemas['AdministratorSession'];
export type Invitation = Schemas['Invitation'];
export type ApiToken = Schemas['ApiToken'];

export type Encryption = Schemas['MailEncryption'];
export type MailSettings = Schemas['MailSettings'];
export type Settings = Schemas['Settings'];
export type OidcSettings = Schemas['OidcSettings'];
export type OidcTested = Schemas['OidcTested'];
export type RadiusClient = Schemas['RadiusClient'];
export type RadiusClients = Schemas['RadiusClients'];
export type SetupLink = Schemas['SetupLink'];
export type SignInMethods = Schemas['SignInMethods'];

export type System = Schemas['DownloadSystem'];
export type Download = Schemas['Download'];
export type Checkpoint = Schemas['AuditCheckpoint'];
