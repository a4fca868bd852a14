/** WebAuthn with the JSON that the server speaks: binary fields travel as base64url. */
type Json = Record<string, unknown>;

const decode = (text: string): ArrayBuffer => {
  const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(plain, (char) => char.charCodeAt(0)).buffer;
};
const encode = (buffer: ArrayBuffer | null): string | null =>
  buffer && btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');

interface Descriptor { id: string; type: 'public-key'; transports?: AuthenticatorTransport[] }
const descriptors = (list: unknown) => ((list as Descriptor[] | undefined) ?? []).map((one) => ({ ...one, id: decode(one.id) }));
const inner = (options: Json): Json => (options.publicKey as Json | undefined) ?? options;

export const passkeysWork = (): boolean => 'PublicKeyCredential' in globalThis && isSecureContext;

/** Asks a key or the platform to sign; the answer goes to the server as it is. */
export async function signWith(options: Json): Promise<Json> {
  const given = inner(options);
  const publicKey = { ...given, challenge: decode(String(given.challenge)), allowCredentials: descriptors(given.allowCredentials) };
  const credential = (await navigator.credentials.get({ publicKey: publicKey as unknown as PublicKeyCredentialRequestOptions })) as PublicKeyCredential;
  const response = credential.response as AuthenticatorAssertionResponse;
  return {
    id: credential.id, rawId: encode(credential.rawId), type: credential.type, extensions: credential.getClientExtensionResults(),
    response: {
      authenticatorData: encode(response.authenticatorData), clientDataJSON: encode(response.clientDataJSON),
      signature: encode(response.signature), userHandle: encode(response.userHandle),
    },
  };
}

export async function createWith(options: Json): Promise<Json> {
  const given = inner(options);
  const user = given.user as Json;
  const publicKey = {
    ...given, challenge: decode(String(given.challenge)), user: { ...user, id: decode(String(user.id)) },
    excludeCredentials: descriptors(given.excludeCredentials),
  };
  const credential = (await navigator.credentials.create({ publicKey: publicKey as unknown as PublicKeyCredentialCreationOptions })) as PublicKeyCredential;
  const response = credential.response as AuthenticatorAttestationResponse;
  return {
    id: credential.id, rawId: encode(credential.rawId), type: credential.type, extensions: credential.getClientExtensionResults(),
    response: {
      attestationObject: encode(response.attestationObject), clientDataJSON: encode(response.clientDataJSON),
      transports: response.getTransports?.() ?? [],
    },
  };
}

/** The person closed the browser's window or let it time out: no error worth a red line. */
export const wasCancelled = (error: unknown): boolean => error instanceof DOMException && ['NotAllowedError', 'AbortError'].includes(error.name);
