/** Shapes of the REST API for OTP tokens, by the names of the document. */
import type { components } from './schema';

type Schemas = components['schemas'];
export type OtpToken = Schemas['OtpToken'];
export type OtpTokenDraft = Schemas['OtpTokenDraft'];
export type OtpVerified = Schemas['OtpVerified'];
export type FoundOtpTokens = Schemas['FoundOtpTokens'];
export type NewEmergencyCodes = Schemas['NewEmergencyCodes'];
export type EmergencyCodes = Schemas['EmergencyCodes'];
export type ImportTokenRow = Schemas['ImportTokenRow'];
