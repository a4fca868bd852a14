/** Privileges by what they are about, in the order of the grid. A server that knows more shows them at the end. */
export const GROUPS: { id: string; privileges: readonly string[] }[] = [
  { id: 'inventory', privileges: ['inventory.read', 'export'] },
  { id: 'stock', privileges: ['stock.import', 'stock.link', 'stock.delete'] },
  { id: 'key', privileges: ['key.assign', 'key.configure', 'key.enroll', 'key.suspend', 'key.revoke', 'key.reinstate', 'key.dispose'] },
  { id: 'pin', privileges: ['device.userpin.read', 'device.adminpin.read'] },
  { id: 'desk', privileges: ['unlock', 'verify_caller'] },
  { id: 'policy', privileges: ['policy.read', 'policy.write'] },
  { id: 'user', privileges: ['user.read', 'user.write'] },
  { id: 'access', privileges: ['administrator.read', 'administrator.write', 'role.read', 'role.write', 'api_token.read', 'api_token.write'] },
  { id: 'tenant', privileges: ['settings.read', 'settings.write', 'tenant.read', 'tenant.write'] },
  { id: 'proof', privileges: ['audit.read', 'job.read'] },
  { id: 'station', privileges: ['downloads', 'observe'] },
  { id: 'otp', privileges: ['otp.read', 'otp.support', 'otp.write', 'otp.verify'] },
];

/** The groups of the privileges that the server knows. */
export function groupsOf(known: readonly string[]): { id: string; privileges: string[] }[] {
  const placed = GROUPS.map((group) => ({ id: group.id, privileges: group.privileges.filter((one) => known.includes(one)) }));
  const rest = known.filter((one) => !GROUPS.some((group) => group.privileges.includes(one)));
  return [...placed, { id: 'other', privileges: rest }].filter((group) => group.privileges.length > 0);
}

/** The catalogue's keys have no dots behind the first. */
export const keyOf = (privilege: string): string => privilege.replaceAll('.', '_');

/** Whether somebody with `mine` may hand out a role with `wanted`: nobody grants what he does not hold. */
export const grantable = (wanted: readonly string[], mine: readonly string[]): boolean => wanted.every((one) => mine.includes(one));
