/** A file's way to the server, and what its name already tells. */
import { upload, type Upload } from '$lib/api/client';
import type { Download, System } from '$lib/api/people';

const ENDINGS: Record<string, System> = { msi: 'windows', exe: 'windows', msix: 'windows', pkg: 'macos', dmg: 'macos', deb: 'linux', rpm: 'linux', appimage: 'linux' };

/** The system that a file's ending belongs to. */
export const systemOf = (name: string): System | undefined => ENDINGS[name.split('.').at(-1)?.toLowerCase() ?? ''];

/** "claviger-workstation-1.4.0-x64.msi" → "1.4.0". */
export const versionOf = (name: string): string | undefined => /\d+(?:\.\d+)+(?:-(?:alpha|beta|rc)[.\d]*)?/.exec(name)?.[0].replace(/\.$/, '');

export interface About { system: System; kind: string; version: string; notes: string }

export function send(about: About, file: File, progress: (share: number) => void): Upload<Download> {
  return upload<Download>('/downloads', {}, file, progress, [], { ...about });
}
