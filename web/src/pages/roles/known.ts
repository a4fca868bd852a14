import type { Role } from '$lib/api/people';

export interface RoleDraft { name: string; privileges: string[] }

/** Every privilege that the server knows: the Owner holds them all. */
export const allPrivileges = (roles: readonly Role[]): string[] => [...new Set(roles.flatMap((role) => (role.built_in ? role.privileges : [])))];
